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

    thread = await open_thread(ada.channel_id, ada, "by the way")     # a Person in the new thread
    thread = await open_thread(ada.channel_id, ada, "replies", message=answer)
    post = await open_thread(forum_id, ada, "a post", text="its first message")
    await lock_thread(thread)                          # also archive_thread; unlock=True undoes it
    await allow_bot(ada, deny=["MANAGE_WEBHOOKS"])     # its permissions in the channel of ada
    shown = await webhook_messages(ada.channel_id, ada, name="Mira")

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


async def open_thread(
    channel: str,
    member: Person,
    name: str,
    *,
    message: Message | None = None,
    private: bool = False,
    text: str = "",
    members: Sequence[str] = (),
) -> Person:
    """Start a thread or a post of a forum; returns the same member in it.

    `text`: the first message of a post. `members`: user ids, such as that of the bot.
    """
    body = {"channel_id": channel, "name": name, "user_id": member.id, "private": private}
    of = {"message_id": message.id} if message else {}
    first = {"content": text} if text else {}
    made = await member.control.post("threads", **body, members=list(members), **of, **first)
    return Person(member.control, member.id, made["id"])


async def lock_thread(thread: Person, *, unlock: bool = False) -> None:
    """Lock the thread that this member is in, as a moderator."""
    await thread.control.call("PATCH", f"channels/{thread.channel_id}", {"locked": not unlock})


async def archive_thread(thread: Person, *, reopen: bool = False) -> None:
    """Archive the thread that this member is in."""
    await thread.control.call("PATCH", f"channels/{thread.channel_id}", {"archived": not reopen})


async def allow_bot(member: Person, *, allow: Sequence[str] = (), deny: Sequence[str] = ()) -> None:
    """Set the permissions of the bot in the channel of this member, beside those of its role."""
    body = {"channel_id": member.channel_id, "allow": list(allow), "deny": list(deny)}
    await member.control.post("permissions", **body)


async def webhook_messages(
    channel: str, viewer: Person, name: str = "", after: Message | None = None
) -> list[Message]:
    """The messages that webhooks posted under this name, or under any."""
    return [
        one
        for one in await bot_messages(channel, viewer, after)
        if "webhook_id" in one.raw and "interaction_metadata" not in one.raw
        if name in ("", one.raw["author"]["username"])
    ]
