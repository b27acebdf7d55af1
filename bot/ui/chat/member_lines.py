"""What members write to the bot: in direct messages, with a mention, as a reply, in its threads."""

import logging
import re
import time
from dataclasses import replace

import discord
from cachetools import TTLCache

from bot.cards.card import Button, ButtonStyle, quiet_card
from bot.cards.chat.buttons import ConversationVerb
from bot.cards.custom_ids import CONVERSATION
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE, sentence
from bot.client.message_context import is_from_person, origin_of_message, place_of
from bot.domain.chat.conversations import Conversation
from bot.domain.requests import PROMPT_MAX
from bot.errors import NotAllowed, UserError
from bot.i18n import _, set_language
from bot.rules.chat_checks import check_start
from bot.rules.guild_checks import check_channel
from bot.rules.request_context import RequestContext
from bot.ui.chat.beginning import begin_by_mention
from bot.ui.components.views import layout_of

log = logging.getLogger(__name__)
QUIET_FOR = 60.0  # seconds without another hint in the same channel, or the same error
KEPT = 1_000  # channels and errors that are remembered for it
_MENTION = re.compile(r"<@!?([0-9]{1,20})>")
_EMOJI = re.compile(r"<a?(:[A-Za-z0-9_]{2,32}:)[0-9]{1,20}>")


class MemberLines:
    """Passes the messages of members on to the conversation of their channel."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot
        self._quiet: TTLCache[tuple[int, str], bool] = TTLCache(KEPT, QUIET_FOR, time.monotonic)

    async def hear(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot; ignore every other one."""
        if not is_from_person(message):
            return
        addressed = self._is_addressed(message)
        if not addressed and not self._may_be_heard(message):
            return
        guild_id = message.guild.id if message.guild else None
        if self._bot.services.bans.refusal(message.author.id, guild_id):
            return
        conversation = await self._bot.services.chat.conversations.open_in(message.channel.id)
        heard = conversation is not None and conversation.settings.every_message
        if (addressed or heard) and self._bot.repeats.is_new(message.id):
            await self._answer(message, conversation)

    def _is_addressed(self, message: discord.Message) -> bool:
        """Whether it is a direct message, mentions the bot, or replies to a message of it."""
        if isinstance(message.channel, discord.DMChannel):
            return True
        own = self._bot.user.id if self._bot.user else 0
        if any(int(found) == own for found in _MENTION.findall(message.content)):
            return True
        answered = message.reference.resolved if message.reference else None
        if not isinstance(answered, discord.Message):
            return False
        # Answers to commands are no messages of a conversation.
        return answered.author.id == own and answered.interaction_metadata is None

    def _may_be_heard(self, message: discord.Message) -> bool:
        """Whether each message of the channel may count: a thread, with the intent for texts."""
        reads = self._bot.settings.discord.message_content
        threads = discord.Thread | discord.PartialMessageable  # the second one is not known yet
        return reads and isinstance(message.channel, threads)

    async def _answer(self, message: discord.Message, conversation: Conversation | None) -> None:
        place = await place_of(self._bot, message)
        if place is None:
            return
        context = await self._bot.services.guilds.context(origin_of_message(message, place))
        set_language(context.language)
        try:
            if conversation is None:
                conversation = await begin_by_mention(
                    self._bot, context, message.author.display_name
                )
            if conversation is None:
                await self._hint(message, context)
            else:
                await self._say(message, conversation, context)
        except Exception as error:  # noqa: BLE001 - every error is told to the member
            await self._tell(message, sentence(error))

    async def _say(
        self, message: discord.Message, conversation: Conversation, context: RequestContext
    ) -> None:
        text = self._text_of(message)
        if not text:
            raise UserError(_("Only texts can be sent to a character. Write what you want to say."))
        name = message.author.display_name
        record = await self._bot.services.chat.turns.say(
            context, conversation, text, message.id, member=name
        )
        if record is not None:
            await self._bot.cards.open_turn(record)
            await self._type(message)

    async def _type(self, message: discord.Message) -> None:
        """Show that an answer is being written, for ten seconds."""
        try:
            await self._bot.http.send_typing(message.channel.id)
        except TROUBLE as error:
            log.info("no typing indicator: %s", error or type(error).__name__)

    def _text_of(self, message: discord.Message) -> str:
        """What the member wrote: without the mention of the bot, with the names of others."""
        own = self._bot.user.id if self._bot.user else 0
        names = {user.id: user.display_name for user in message.mentions}

        def name_of(found: re.Match[str]) -> str:
            number = int(found[1])
            return "" if number == own else names.get(number, "")

        text = _EMOJI.sub(r"\1", _MENTION.sub(name_of, message.content))
        return text.strip()[:PROMPT_MAX]

    async def _hint(self, message: discord.Message, context: RequestContext) -> None:
        """Say how to use the bot; only where it may be used."""
        try:
            check_channel(context.origin.places, context.rules)
        except NotAllowed:
            return
        text = _(
            "Type `/chat start` for a conversation, `/imagine` for an image, or `/help` for all "
            "commands."
        )
        card = quiet_card(text)
        if _may_start(context):
            button = CONVERSATION(ConversationVerb.BEGIN, 0)
            start = Button(button, _("Start a conversation"), ButtonStyle.PRIMARY, "💬")
            card = replace(card, rows=((start,),))
        if self._is_quiet(message, ""):
            return
        await self._post(message, view=layout_of(card))

    async def _tell(self, message: discord.Message, text: str) -> None:
        """Tell the member why there is no answer: as a reply, else in a direct message."""
        if self._is_quiet(message, f"{message.author.id} {text}"):
            return
        if not await self._post(message, content=text):
            await self._write(message, text)

    def _is_quiet(self, message: discord.Message, text: str) -> bool:
        key = (message.channel.id, text)
        if key in self._quiet:
            return True
        self._quiet[key] = True
        return False

    async def _post(self, message: discord.Message, **content: object) -> bool:
        reference = message.to_reference(fail_if_not_exists=False)
        try:
            await message.channel.send(reference=reference, mention_author=False, **content)  # pyright: ignore[reportArgumentType, reportCallIssue]
        except TROUBLE as error:
            log.info("a message stays without an answer: %s", error or type(error).__name__)
            return False
        return True

    async def _write(self, message: discord.Message, text: str) -> None:
        try:
            await message.author.send(text)
        except TROUBLE as error:
            log.info("a member cannot be written to: %s", error or type(error).__name__)


def _may_start(context: RequestContext) -> bool:
    try:
        check_start(context)
    except UserError:
        return False
    return True
