"""The beginning of a conversation: by command, by the button of a hint, by a mention."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.cards.card import quiet_card
from bot.cards.formatting import listed
from bot.cards.markdown import line, safe_line
from bot.client.bot import HordecordBot
from bot.domain.chat.characters import StoredCharacter
from bot.domain.chat.conversations import ChatSettings, Conversation, Opening
from bot.errors import UserError
from bot.i18n import _, in_language
from bot.rules.chat_checks import check_start, is_character_of_mentions, may_begin_by_mention
from bot.rules.request_context import RequestContext
from bot.ui.chat.places import THREAD_NAME_MAX, check_reachable, opened_place
from bot.ui.chat.shown import payer_line, post, post_newest
from bot.ui.components.persistent_item import Press

NAME_MAX = 60  # units of a character's name in a sentence


@dataclass(frozen=True, slots=True)
class Wish:
    """What a member chose for a new conversation. `member`: their name there."""

    characters: Sequence[StoredCharacter]
    member: str
    settings: ChatSettings = field(default_factory=ChatSettings)
    place: Opening = Opening.CHANNEL


async def start(press: Press, wish: Wish) -> None:
    """Begin a conversation, and tell the member where. Raises UserError."""
    bot, context = press.client, await press.client.context(press)
    check_start(context)
    await press.response.defer(ephemeral=True)  # Discord is called before the answer
    names = [one.character.called for one in wish.characters]
    title = line(_("Conversation with {names}").format(names=listed(names)), THREAD_NAME_MAX)
    there = await opened_place(press, context, wish.place, title)
    await begin_conversation(bot, there, wish)
    channel = f"<#{there.origin.message.channel_id}>"
    said = _("The conversation has started in {channel}.").format(channel=channel)
    await press.followup.send(said, ephemeral=True)


async def begin_conversation(
    bot: HordecordBot, context: RequestContext, wish: Wish
) -> Conversation:
    """Store a new conversation in that place and post its first message. Raises UserError."""
    cast = [each.id for each in wish.characters]
    channel_id, chat = context.origin.message.channel_id, bot.services.chat
    conversation = await chat.conversations.start(
        context, cast, channel_id, wish.settings, member=wish.member
    )
    try:
        await post_first(bot, context, conversation, wish.characters)
    except UserError:
        await chat.conversations.end(context, conversation)
        raise
    return conversation


async def post_first(
    bot: HordecordBot,
    context: RequestContext,
    conversation: Conversation,
    characters: Sequence[StoredCharacter],
) -> None:
    """Post the greeting; without one, a message that members can reply to. Raises UserError."""
    if conversation.leaf:
        await post_newest(bot, context, conversation)
        return
    payer = await payer_line(bot.services.payment, context)
    with in_language(context.shared_language):
        names = (safe_line(each.character.called, NAME_MAX) for each in characters)
        shown = listed(f"**{name}**" for name in names)
        text = _("A conversation with {names}. Reply to this message to begin.").format(names=shown)
        card = quiet_card(text, f"-# {payer}")
    await post(bot, context, card, characters[0].id)


async def begin_here(press: Press, _number: int) -> None:
    """Begin a conversation with the bot itself in the place of the pressed hint."""
    context = await press.client.context(press)
    check_start(context)
    check_reachable(context)
    await press.response.defer()
    assistant = press.client.services.chat.characters.assistant
    await begin_conversation(press.client, context, Wish((assistant,), press.user.display_name))


async def begin_by_mention(
    bot: HordecordBot, context: RequestContext, member: str
) -> Conversation | None:
    """A new conversation in a place whose server lets a mention begin one; None elsewhere.

    `member`: the name of the member there.
    """
    if context.guild_id is None or not may_begin_by_mention(context.rules):
        return None
    try:
        check_start(context)
    except UserError:
        return None
    characters = bot.services.chat.characters
    usable = await characters.usable(0, context.guild_id)
    ids = [each.id for each in usable if is_character_of_mentions(each.name, context.rules)]
    cast = await characters.cast(ids[:1])
    return await begin_conversation(bot, context, Wish(cast, member)) if cast else None
