"""Conversations of the bot in memory: a character, lines of members, the branch that is shown."""

from bot.domain.chat.characters import Character
from bot.domain.chat.conversations import ChatMessage, ChatSettings, Conversation
from bot.domain.records import MessageAccess, MessageRef, Origin, Record
from bot.rules.request_context import RequestContext
from tests.support.bots.in_memory_bot import InMemoryBot

MIRA = Character(
    name="Mira",
    description="{{char}} keeps the lighthouse.",
    greetings=("Welcome, {{user}}!", "The lamp is lit."),
)
CHANNEL = 10
ADA, BEN = 7, 8  # members


async def context_of(
    bot: InMemoryBot, user: int = ADA, *, guild: int | None = 5, manager: bool = False
) -> RequestContext:
    """The context of an interaction or a message of that member in the channel."""
    bot.interactions += 1
    reach = MessageAccess.GUILD if guild else MessageAccess.DM
    message = MessageRef(channel_id=CHANNEL, reach=reach)
    origin = Origin(bot.interactions, user, guild, message, places=(CHANNEL,), manager=manager)
    return await bot.context(origin)


async def conversation_with_mira(
    bot: InMemoryBot, settings: ChatSettings | None = None
) -> Conversation:
    """A new conversation of Ada."""
    character = await bot.chat.characters.create(ADA, MIRA)
    context = await context_of(bot)
    return await bot.chat.conversations.start(
        context, (character.id,), CHANNEL, settings or ChatSettings(), member="Ada"
    )


async def say(bot: InMemoryBot, text: str, user: int = ADA) -> Record | None:
    """A member writes a line; the card of its turn is shown at once."""
    context = await context_of(bot, user)
    conversation = await bot.chat.conversations.here(CHANNEL)
    line_id = context.origin.interaction_id
    name = {ADA: "Ada", BEN: "Ben"}[user]
    record = await bot.chat.turns.say(context, conversation, text, line_id, member=name)
    if record is not None:
        await bot.chat.open(record)
    return record


async def branch(bot: InMemoryBot) -> list[str]:
    """The texts that are shown, the oldest first."""
    return [message.text for message in await shown(bot)]


async def shown(bot: InMemoryBot) -> tuple[ChatMessage, ...]:
    """The messages that are shown, the oldest first."""
    return await bot.chat.conversations.branch(await bot.chat.conversations.here(CHANNEL))
