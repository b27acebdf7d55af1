"""Every kind of place where a command can be used, made in the sandbox when it is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.json_types import Json

VOICE, NEWS, STAGE, FORUM, DM, GROUP = 2, 5, 13, 15, 1, 3


@dataclass(frozen=True)
class Place:
    """A kind of place. `parent`: the type of the channel in which it is a thread or a post.

    `ours`: the bot is in the place, so that there is a way to it without a token.
    """

    kind: int = 0
    parent: int | None = None
    private: bool = False
    with_bot: bool = True
    elsewhere: bool = False
    own: bool = False  # a person's direct messages with the bot

    @property
    def ours(self) -> bool:
        return self.with_bot and not self.elsewhere and self.kind not in (DM, GROUP)


PLACES = {
    "a text channel": Place(),
    "a thread": Place(parent=0),
    "a private thread with the bot": Place(parent=0, private=True),
    "a private thread without it": Place(parent=0, private=True, with_bot=False),
    "a forum's post": Place(parent=FORUM),
    "a news channel": Place(NEWS),
    "a news channel's thread": Place(parent=NEWS),
    "a voice channel's text": Place(VOICE),
    "a stage's text": Place(STAGE),
    "direct messages with the bot": Place(own=True),
    "a group": Place(GROUP),
    "somebody else's direct messages": Place(DM),
    "another server": Place(elsewhere=True),
    "another server's thread": Place(parent=0, elsewhere=True),
    "another server's forum": Place(parent=FORUM, elsewhere=True),
}


async def server_id(control: Control, *, elsewhere: bool = False) -> str:
    """The Workshop's id, or that of a server without the bot."""
    if elsewhere:
        return (await control.post("guilds", name="Elsewhere", channels=[], bot=False))["id"]
    return (await control.get("world"))["guilds"][0]["id"]


async def new_channel(control: Control, guild_id: str, kind: int = 0, *, nsfw: bool = False) -> str:
    """A new channel's id."""
    made = await control.post("channels", guild_id=guild_id, name="nook", type=kind, nsfw=nsfw)
    return made["id"]


async def new_thread(
    control: Control,
    parent: str,
    owner: Person,
    *,
    private: bool = False,
    members: Sequence[str] = (),
) -> Person:
    """The same person in a new thread."""
    body = {"channel_id": parent, "name": "by the way", "user_id": owner.id}
    made = await control.post("threads", **body, private=private, members=list(members))
    return Person(control, owner.id, made["id"])


async def person_in(control: Control, name: str, spot: Place) -> Person:
    """A person in such a place."""
    person = await control.person(name, "dm" if spot.own else "general")
    if spot.own:
        return person
    if spot.kind in (DM, GROUP):
        other = await control.person("cleo" if name != "cleo" else "ben")
        people = [person.id, other.id]
        made = await control.post("channels", type=spot.kind, user_ids=people)
        return Person(control, person.id, made["id"])
    guild = await server_id(control, elsewhere=spot.elsewhere)
    place = await new_channel(control, guild, spot.kind if spot.parent is None else spot.parent)
    if spot.parent is None:
        return Person(control, person.id, place)
    bot = (await control.get("world"))["bot"]["id"]
    members = [bot] if spot.private and spot.with_bot else []
    return await new_thread(control, place, person, private=spot.private, members=members)


async def close(person: Person, **how: bool) -> None:
    """Archive or lock the thread that this person is in."""
    await person.control.call("PATCH", f"channels/{person.channel_id}", how)


async def state_of(person: Person) -> Json:
    """The thread that this person is in."""
    guilds = (await person.control.get("world"))["guilds"]
    threads = [one for guild in guilds for one in guild["threads"]]
    return next(one for one in threads if one["id"] == person.channel_id)


def pictured(messages: list[Message], words: str) -> list[Message]:
    """Those with pictures, about that prompt."""
    return [one for one in messages if words in one.text and one.pictures]
