"""The second message of a result with more than ten pictures: posted once, wherever it can be."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.records import MessagePart, Record
from bot.domain.results import Phase, Status
from bot.errors import Undeliverable
from sandbox import Sandbox
from tests.support.bots.bot_on_discord import BotOnDiscord, bot_on, fault
from tests.support.bots.deliveries import count, routes
from tests.support.builders import FOX_REQUEST, webp
from tests.support.discord.actions import delete_result
from tests.support.discord.client import Person
from tests.support.discord.messages import Message
from tests.support.discord.routes import FOLLOW_UP, POST_MESSAGE

TWELVE_FOXES = FOX_REQUEST.model_copy(update={"n": 12})
PRIVATE_TWELVE = TWELVE_FOXES.model_copy(update={"private": True})


async def finished_twelve(
    live: BotOnDiscord, person: Person, request: Any = TWELVE_FOXES
) -> tuple[Record, Status]:
    return await live.finish(await live.ask(person, request), *[webp()] * 12)


async def rests(live: BotOnDiscord, person: Person, place: Person | None = None) -> list[Message]:
    channel = (place or person).channel_id
    seen = await live.control.messages(channel, person.id)
    return [message for message in seen if "Images 11 and 12" in message.text]


def as_written(live: BotOnDiscord, record: Record) -> Record:
    return live.service.records[record.id]


async def test_it_is_posted_once_and_written_down(live: BotOnDiscord, ada: Person) -> None:
    record, status = await finished_twelve(live, ada)
    for _ in range(2):
        assert await live.show(record, status) is None
    (rest,) = await rests(live, ada)
    assert len(rest.pictures) == 2
    (ref,) = as_written(live, record).others
    assert (ref.part, str(ref.message_id)) == (MessagePart.REST, rest.id)


async def test_it_grows_as_pictures_arrive(live: BotOnDiscord, ada: Person) -> None:
    record, status = await finished_twelve(live, ada)
    half = status.model_copy(
        update={"phase": Phase.PROCESSING, "generations": status.generations[:11]}
    )
    await live.show(replace(record, phase=Phase.PROCESSING, status=half), half)
    found = await live.control.messages(ada.channel_id, ada.id)
    (first,) = [message for message in found if "Image 11 of #" in message.text]
    assert first.menus == []
    before = await count(live)
    await live.show(record, status)
    assert FOLLOW_UP not in await routes(live, before)
    (rest,) = await rests(live, ada)
    assert rest.id == first.id
    assert [option["value"] for option in rest.menus[0]["options"]] == ["11", "12"]


async def test_a_restart_finds_what_nobody_wrote_down(tmp_path: Path) -> None:
    async with Sandbox(horde=None) as box:
        async with bot_on(box, tmp_path) as before:
            ada = await before.control.person("ada")
            record, status = await finished_twelve(before, ada)
            await before.show(record, status)
            unwritten = replace(as_written(before, record), others=())
            before.service.records[record.id] = unwritten
        async with bot_on(box, tmp_path, service=before.service) as after:
            await after.show(unwritten, status)
            ada = await after.control.person("ada")
            assert len(await rests(after, ada)) == 1
            assert len(as_written(after, record).others) == 1


async def test_a_restart_that_may_not_look_loses_nothing(tmp_path: Path) -> None:
    async with Sandbox(horde=None) as box:
        async with bot_on(box, tmp_path) as before:
            ada = await before.control.person("ada")
            record, status = await finished_twelve(before, ada)
        async with bot_on(box, tmp_path, service=before.service) as after:
            deny = {"channel_id": ada.channel_id, "deny": ["READ_MESSAGE_HISTORY"]}
            await after.control.post("permissions", **deny)
            await after.show(record, status)
            assert len(await rests(after, await after.control.person("ada"))) == 1


@pytest.mark.parametrize("kind", ["drop", "drop_after", "truncate", "html"])
async def test_a_lost_answer_is_looked_for(live: BotOnDiscord, ada: Person, kind: str) -> None:
    record, status = await finished_twelve(live, ada)
    await fault(live.control, FOLLOW_UP, kind)
    await live.show(record, status)
    assert len(await rests(live, ada)) == 1


async def test_without_a_token_it_goes_into_the_channel(live: BotOnDiscord, ada: Person) -> None:
    record, status = await finished_twelve(live, ada)
    await live.control.post("expire", message_id=str(record.messages[-1].message_id))
    await live.show(record, status)
    (rest,) = await rests(live, ada)
    assert not rest.is_private
    assert as_written(live, record).others[0].token == ""


async def test_what_is_private_goes_nowhere_else(live: BotOnDiscord, ada: Person) -> None:
    record, status = await finished_twelve(live, ada, PRIVATE_TWELVE)
    await live.control.post("expire", message_id=str(record.messages[-1].message_id))
    moved = await live.show(record, status)
    assert moved is not None
    home = await live.control.person("ada", "dm")
    assert len(await rests(live, ada, home)) == 1
    assert await rests(live, ada) == []


async def test_no_follow_up_left(live: BotOnDiscord, ada: Person) -> None:
    record, status = await finished_twelve(live, ada, PRIVATE_TWELVE)
    spent = {"code": 40094, "message": "This interaction has reached its limit"}
    await fault(live.control, FOLLOW_UP, "status", status=400, body=spent)
    await live.show(record, status)
    home = await live.control.person("ada", "dm")
    assert len(await rests(live, ada, home)) == 1


async def test_nowhere_to_put_it_is_for_later_and_the_card_is_not_posted_again(
    live: BotOnDiscord, ada: Person
) -> None:
    record, status = await finished_twelve(live, ada, PRIVATE_TWELVE)
    await live.control.post("expire", message_id=str(record.messages[-1].message_id))
    closed = {"code": 50007, "message": "Cannot send messages to this user"}
    await fault(live.control, POST_MESSAGE, "status", status=403, body=closed, after=1)
    with pytest.raises(Undeliverable) as caught:
        await live.show(record, status)
    assert (caught.value.shut, caught.value.gone) == (True, False)
    moved = await live.show(record, status)
    assert moved is not None
    home = await live.control.person("ada", "dm")
    seen = await live.control.messages(home.channel_id, ada.id)
    assert sorted(len(message.pictures) for message in seen) == [2, 10]


async def test_a_moderator_deleted_it(live: BotOnDiscord, ada: Person) -> None:
    record, status = await finished_twelve(live, ada)
    half = status.model_copy(update={"phase": Phase.PROCESSING})
    await live.show(replace(record, phase=Phase.PROCESSING, status=half), half)
    (rest,) = await rests(live, ada)
    await live.control.call("DELETE", f"messages/{rest.id}")
    assert await live.show(record, status) is None
    assert [m for m in await rests(live, ada) if not m.raw["deleted"]] == []


async def test_delete_takes_both_and_publish_gives_both(live: BotOnDiscord, ada: Person) -> None:
    record, status = await finished_twelve(live, ada, PRIVATE_TWELVE)
    await live.show(record, status)
    card = await live.control.message(str(record.messages[-1].message_id))
    await ada.press(card, "Publish")
    own = await ada.sees(card.id, lambda m: "Publish" not in m.buttons, "it was published")
    ben = await live.control.person("ben")
    public = await live.control.messages(ben.channel_id, ben.id)
    assert sorted(len(message.pictures) for message in public) == [2, 10]
    parts = [ref.part for ref in as_written(live, record).others]
    assert parts == [MessagePart.REST, MessagePart.COPY, MessagePart.COPY]
    await delete_result(ada, own)
    await ada.sees(public[-1].id, lambda m: m.raw["deleted"], "the copies are gone")
    assert await live.control.messages(ben.channel_id, ben.id) == []
    assert await rests(live, ada) == []
