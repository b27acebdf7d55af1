"""The messages of turns: ordinary messages of the bot, which keep their replies readable.

Replies to answers of interactions have no text for a bot without the message content intent.
"""

import logging
import time
from dataclasses import replace
from itertools import count

import discord
from discord.components import ActionRow, Component

from bot.aio.retry import until_stored
from bot.cards.card import Card
from bot.cards.chat.buttons import ChatVerb
from bot.cards.chat.message_card import message_card
from bot.cards.chat.shown_message import ShownMessage
from bot.cards.chat.turn_card import cost_line, failed_turn_card, failed_turn_text, open_turn_card
from bot.cards.context import CardContext
from bot.cards.custom_ids import CHAT_MESSAGE
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.domain.capabilities import RequestAbilities
from bot.domain.chat.conversations import MessageState, Side
from bot.domain.records import MessageRef, Record
from bot.domain.requests import TextRequest
from bot.domain.requests.chat_turn import ChatTurn
from bot.domain.results import Status
from bot.errors import Undeliverable, UserError
from bot.i18n import N_, _, in_language
from bot.ui.components.views import layout_of
from bot.ui.delivery.channels import SMALL_LIMIT, optional_call, with_retries
from bot.ui.delivery.character_messages import edit_message, post_as, speaker_of, whole_message
from bot.ui.delivery.shown_messages import files_in, shown_message

log = logging.getLogger(__name__)
SEARCHED = 50  # messages after the line that are searched for the first card
CANNOT_WRITE = N_(
    "The bot cannot write here. Give it the permissions **View Channel** and **Send Messages**, or "
    "open the thread again."
)


def turn_of(record: Record) -> ChatTurn | None:
    """The turn that the request is, whose answer is shown as a message of a conversation."""
    request = record.request
    turn = request.chat if isinstance(request, TextRequest) else None
    return turn if turn is not None and turn.is_message else None


class TurnMessages:
    """Posts the first cards of turns, and builds the later ones."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    async def open(self, record: Record) -> None:
        """Show a new turn, and release its request. Nothing is sent before Discord has the card.

        Raises UserError where the bot cannot write; the request is cancelled then, unsent.
        """
        submission = self._bot.services.submission
        if message_id := record.messages[-1].message_id:
            await self._shows(record, message_id)
        else:
            try:
                message_id = (await self.post(record)).message_id
            except (Undeliverable, *TROUBLE) as error:
                log.info("#%d: its first card was refused: %s", record.id, error)
                await until_stored(lambda: submission.unacked(record))
                raise UserError(_(CANNOT_WRITE)) from None
        await until_stored(lambda: submission.acked(record, message_id))
        await self._strip(record)

    async def open_with(self, record: Record, card: Card) -> None:
        """Show a new request that answers no interaction with that card. Raises UserError."""
        submission = self._bot.services.submission
        place = self._bot.get_partial_messageable(record.messages[-1].channel_id)

        async def send() -> discord.Message:
            await self._bot.online.wait()
            return await place.send(view=layout_of(card), nonce=f"{record.id}-open")

        try:
            sent = await with_retries(send)
        except (Undeliverable, *TROUBLE) as error:
            log.info("#%d: its first card was refused: %s", record.id, error)
            await until_stored(lambda: submission.unacked(record))
            raise UserError(_(CANNOT_WRITE)) from None
        await until_stored(lambda: submission.acked(record, sent.id))

    async def first_card(self, record: Record) -> MessageRef | None:
        """The first card of a turn of an earlier run; it is posted now if Discord has none.

        None where the bot cannot write any more. Raises Undeliverable while Discord cannot tell.
        """
        try:
            return await self._find(record) or await self.post(record)
        except discord.HTTPException as error:
            log.info("#%d: its first card cannot be posted: %s", record.id, error)
            return None

    async def post(self, record: Record) -> MessageRef:
        """Post the first card. Discord makes one message of two attempts."""
        ref, turn = record.messages[-1], turn_of(record)
        assert turn is not None
        abilities = await self._bot.services.guilds.abilities(record, ended=False)
        status = record.status or Status(phase=record.phase)
        card = await self.card(record, status, turn, abilities)
        named = await self.card(record, status, turn, abilities, named=True)
        reference = await self._answered(record, turn)
        speaker = await speaker_of(self._bot, record.guild_id, turn.character)

        tries = count()

        async def send() -> int:
            await self._bot.online.wait()
            posted = None
            if speaker is not None and record.guild_id is not None:
                if next(tries) and (found := await self._find(record)):
                    return found.message_id  # messages of webhooks have no nonce
                where = (record.guild_id, ref.channel_id)
                posted = await post_as(self._bot, *where, speaker, named)
            return posted or await self._post(record, card, reference)

        sent = await with_retries(send)
        await self._shows(record, sent)
        return replace(ref, message_id=sent)

    async def _post(
        self, record: Record, card: Card, reference: discord.MessageReference | None
    ) -> int:
        place = self._bot.get_partial_messageable(record.channel_id)
        nonce = f"{record.id}-open"
        if reference is None:
            return (await place.send(view=layout_of(card), nonce=nonce)).id
        sent = await place.send(
            view=layout_of(card), nonce=nonce, reference=reference, mention_author=False
        )
        return sent.id

    async def _shows(self, record: Record, message_id: int) -> None:
        """That message on Discord shows the answer of the turn from now on."""
        turn, messages = turn_of(record), self._bot.services.chat.messages
        assert turn is not None
        await until_stored(lambda: messages.put_on_discord(turn.answer, message_id))

    async def moved(self, record: Record, ref: MessageRef) -> None:
        """The answer had to be posted again."""
        await self._shows(record, ref.message_id)

    async def _strip(self, record: Record) -> None:
        """Remove the buttons of the answer before, from which the conversation went on."""
        turn, messages = turn_of(record), self._bot.services.chat.messages
        if turn is None or turn.action != "answer":
            return
        line = await messages.view(turn.parent)
        older = await messages.view(line.message.parent) if line is not None else None
        if older is None or not older.message.discord_id or older.newest:
            return
        able, shown_by = await self._bot.services.guilds.abilities(record), older.message.discord_id
        named = self._bot.services.webhook_tokens.has_posted(shown_by)
        with in_language(record.language):
            shown = shown_message(older, spoiler=_hides(record), able=able.here, named=named)
            card = message_card(shown)

        async def edit() -> None:
            await edit_message(self._bot, record.channel_id, shown_by, card, files_in(card))

        await optional_call(record, edit)

    async def card(
        self,
        record: Record,
        status: Status,
        turn: ChatTurn,
        able: RequestAbilities,
        *,
        named: bool = False,
    ) -> Card:
        """The card of a turn in that state. `named`: a webhook posts it."""
        shown = await self._shown(record, turn.answer, able)
        if named and shown is not None:
            shown = replace(shown, named=True)
        before = await self._shown_before(record, turn, able)
        with in_language(record.language):
            scene = CardContext(record, status, time.time(), able=able)
            if scene.phase.is_open:
                return open_turn_card(scene, turn, shown)
            if shown is not None and shown.message.state is MessageState.DONE:
                return message_card(shown, note=cost_line(scene))
            if before is not None:
                return message_card(replace(before, named=named), note=failed_turn_text(scene))
            return failed_turn_card(scene, turn, shown)

    async def _shown_before(
        self, record: Record, turn: ChatTurn, able: RequestAbilities
    ) -> ShownMessage | None:
        """The answer that is shown again when another one failed."""
        if turn.action == "answer":
            return None
        before = await self._shown(record, turn.before, able)
        is_answer = before is not None and before.message.side is Side.CHARACTER
        return before if is_answer else None

    async def _shown(
        self, record: Record, message_id: int, able: RequestAbilities
    ) -> ShownMessage | None:
        view = await self._bot.services.chat.messages.view(message_id)
        if view is None:
            return None
        named = self._bot.services.webhook_tokens.has_posted(view.message.discord_id)
        return shown_message(view, spoiler=_hides(record), able=able.here, named=named)

    async def _answered(self, record: Record, turn: ChatTurn) -> discord.MessageReference | None:
        """The message of the member that the turn answers."""
        view = await self._bot.services.chat.messages.view(turn.parent)
        if view is None or not view.message.discord_id:
            return None
        return discord.MessageReference(
            message_id=view.message.discord_id,
            channel_id=record.messages[-1].channel_id,
            fail_if_not_exists=False,
        )

    async def _find(self, record: Record) -> MessageRef | None:
        """The first card, if it was posted before the bot stopped."""
        ref, turn = record.messages[-1], turn_of(record)
        assert turn is not None
        stop = CHAT_MESSAGE(ChatVerb.STOP, turn.answer)

        async def search() -> int:
            await self._bot.online.wait()
            channel = self._bot.get_partial_messageable(ref.channel_id)
            after = discord.Object(record.interaction_id)
            async for message in channel.history(after=after, limit=SEARCHED):
                whole = await whole_message(self._bot, message)
                if whole is not None and has_button(whole, stop):
                    return message.id
            return 0

        found = await with_retries(search, SMALL_LIMIT)
        return replace(ref, message_id=found) if found else None


def _hides(record: Record) -> bool:
    """Whether adult words hide the texts of the conversation there."""
    return isinstance(record.request, TextRequest) and record.request.spoiler


def has_button(message: discord.Message, custom_id: str) -> bool:
    """Whether the message has a button of that id."""
    return any(_has(component, custom_id) for component in message.components)


def _has(component: Component, custom_id: str) -> bool:
    if isinstance(component, ActionRow):
        return any(_has(child, custom_id) for child in component.children)
    return isinstance(component, discord.Button) and component.custom_id == custom_id
