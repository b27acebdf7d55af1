"""A chat between members and the bot, as whole-bot tests drive it.

    ada = await control.person("ada", "dm")          # or a channel's name
    said = await write(ada.channel_id, ada, "hello")                # an ordinary message
    said = await write(ada.channel_id, ada, "hello", mention=True)  # begins with @bot
    said = await write(ada.channel_id, ada, "why?", reply_to=answer)  # pings unless ping=False
    answer = await next_bot_message(ada.channel_id, ada, after=said)
    answer = await next_bot_message(ada.channel_id, ada, after=said, words="done")
    answer = await edited_to(ada, answer, "the end of it")
    assert await bot_messages(ada.channel_id, ada, after=said) == [answer]
    await edit_message(ada, said, "hello again")
    await delete_message(ada, said)                    # as its author or as a moderator
    await delete_messages(ada, [said, answer])         # at once, as a moderation bot does

`channel` is an id: of a channel, a direct channel or a thread. A message of a webhook counts as one
of the bot. Switches: `await control.post("knobs", message_content=True)` gives the application the
message content intent; do it before the bot starts.
"""

from collections.abc import Iterable, Sequence

from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.waiting import WAIT_MAX, eventually


async def bot_id(control: Control) -> str:
    """The user id of the bot."""
    return (await control.get("world"))["bot"]["id"]


async def write(
    channel: str,
    member: Person,
    text: str,
    reply_to: Message | None = None,
    mention: bool = False,
    *,
    ping: bool = True,
    files: Iterable[tuple[str, bytes]] = (),
) -> Message:
    """Post a message of a member. `files`: name and data of each."""
    control = member.control
    content = f"<@{await bot_id(control)}> {text}" if mention else text
    uploads = [await control.upload(name, data) for name, data in files]
    body = {"user_id": member.id, "channel_id": channel, "content": content, "attachments": uploads}
    reply = {"reply_to": reply_to.id, "ping": ping} if reply_to else {}
    return Message(await control.post("messages", **body, **reply))


async def edit_message(member: Person, message: Message, text: str) -> Message:
    """Edit a message of this member."""
    body = {"user_id": member.id, "content": text}
    return Message(await member.control.call("PATCH", f"messages/{message.id}", body))


async def delete_message(member: Person, message: Message) -> None:
    """Delete a message as this member: the author or a moderator (ada)."""
    await member.control.call("DELETE", f"messages/{message.id}", None, user_id=member.id)


async def delete_messages(member: Person, messages: Sequence[Message]) -> None:
    """Delete messages of one channel of a server at once, as a moderation bot does."""
    ids = [message.id for message in messages]
    channel = messages[0].raw["channel_id"]
    await member.control.post("messages/bulk-delete", channel_id=channel, message_ids=ids)


async def bot_messages(channel: str, viewer: Person, after: Message | None = None) -> list[Message]:
    """The messages of the bot and its webhooks in a channel that this member sees, oldest first.

    `after`: only those that were posted later than this one.
    """
    seen = await viewer.control.messages(channel, viewer.id)
    last = int(after.id) if after else 0
    return [one for one in seen if one.raw["author"].get("bot") and int(one.id) > last]


async def next_bot_message(
    channel: str,
    viewer: Person,
    after: Message | None = None,
    words: str = "",
    wait: float = WAIT_MAX,
) -> Message:
    """The first message of the bot after this one that says these words, once it is there."""

    async def look() -> Message | None:
        found = await bot_messages(channel, viewer, after)
        return next((one for one in found if words in one.plain_text), None)

    return await eventually(look, f"a message of the bot: {words}", wait)


async def edited_to(
    viewer: Person, message: Message, words: str, wait: float = WAIT_MAX
) -> Message:
    """This message once it says these words."""
    return await viewer.sees(message.id, lambda one: words in one.plain_text, words, wait)
