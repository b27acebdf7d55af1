"""Discord is down, disconnects, loses the session: no result is lost, and private ones stay
private.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.support.bots.crashes import (
    database_file,
    grow_old,
    public_about,
    rows,
    shown_about,
    spooled,
)
from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer, Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
NO_DM: Json = {"code": 50007, "message": "Cannot send messages to this user"}
WRITES = ("PATCH /webhooks*", "PATCH /channels*", "POST /channels*", "POST /webhooks*")


async def happens(look: Callable[[], bool], what: str) -> None:
    async def once() -> bool | None:
        return look() or None

    await eventually(once, what)


async def is_back(control: Control, person: Person) -> Answer:
    """A command is answered in time again."""

    async def answered() -> Answer | None:
        answer = await person.command("help")
        return answer if answer.raw["acked"] else None

    return await eventually(answered, "it answers commands")


# The gateway


async def test_the_gateway_is_down_at_the_first_connect(
    own: BotProcess, own_control: Control
) -> None:
    """The library gives up there; we do not."""
    await own_control.post("gateway", action="down")
    starting = asyncio.create_task(asyncio.to_thread(own.start_bot))
    await asyncio.sleep(4)
    assert own.process is not None
    assert own.process.poll() is None
    assert not starting.done()
    await own_control.post("gateway", action="up")
    await starting
    ada = await own_control.person("ada")
    assert len((await ada.result(await ada.command("imagine", prompt="patience"))).pictures) == 1


@pytest.mark.parametrize(
    ("trouble", "kept"),
    [
        ({"action": "reconnect"}, True),
        ({"action": "drop"}, True),
        ({"action": "invalidate", "resumable": True}, True),
        ({"action": "invalidate", "resumable": False}, False),
    ],
    ids=["op 7", "dropped", "op 9, resumable", "op 9"],
)
async def test_the_connection_is_mended(
    own: BotProcess, own_control: Control, trouble: Json, kept: bool
) -> None:
    """By RESUME while the session lives, which repeats missed events; else by a new session."""
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    own.start_bot()
    ada = await own_control.person("ada")
    open_ = await ada.command("imagine", prompt="a mended bridge")
    (before,) = (await own_control.get("gateway"))["sessions"]
    await own_control.post("gateway", **trouble)
    assert len((await ada.result(open_)).pictures) == 1
    await is_back(own_control, ada)
    (after,) = (await own_control.get("gateway"))["sessions"]
    assert (after["session_id"] == before["session_id"]) is kept
    assert len(await own_control.horde_requests()) == 1


# Places that are gone


async def ended_without_place(control: Control, own: BotProcess, ada: Person, words: str) -> None:
    """It is over, in the history and told of; what comes next is served as ever."""
    home = await control.person("ada", "dm")

    async def told() -> bool | None:
        seen = await control.messages(home.channel_id, home.id)
        return any("#1" in m.text or words in m.text for m in seen) or None

    await eventually(told, "a word in the DM")
    await happens(lambda: rows(database_file(own))[0]["closed_at"] is not None, "it is closed")
    listed = await home.command("history")
    await home.sees(listed.message_id, lambda m: words in m.text, "it is in the history")
    assert not any("mention" in m.text for m in await control.messages(ada.channel_id, ada.id))
    assert len((await home.result(await home.command("imagine", prompt="the next"))).pictures) == 1


Loss = Callable[[Control, Json, str], Awaitable[None]]


async def channel_deleted(control: Control, _guild: Json, channel_id: str) -> None:
    await control.call("DELETE", f"channels/{channel_id}")


async def thrown_out(control: Control, guild: Json, _channel_id: str) -> None:
    await control.call("DELETE", f"guilds/{guild['id']}")


async def not_allowed(control: Control, _guild: Json, channel_id: str) -> None:
    await control.post("permissions", channel_id=channel_id, deny=["VIEW_CHANNEL", "SEND_MESSAGES"])


@pytest.mark.parametrize("lose", [channel_deleted, thrown_out, not_allowed])
async def test_its_place_is_lost_and_the_token_is_dead(
    own: BotProcess, own_control: Control, lose: Loss
) -> None:
    await own_control.post("horde/knobs", job_seconds=[3, 3])
    own.start_bot()
    ada = await own_control.person("ada")
    guild = await own_control.post("guilds", name="Soon gone", channels=["hall"])
    ada.channel_id = guild["channels"][0]["id"]
    answer = await ada.command("imagine", prompt="a lost home")
    await own_control.post("expire", interaction_id=answer.raw["interaction_id"])
    await lose(own_control, guild, ada.channel_id)
    await ended_without_place(own_control, own, ada, "a lost home")
    assert len(await own_control.horde_requests()) == 2


async def test_without_permission_the_token_still_shows_it(
    own: BotProcess, own_control: Control
) -> None:
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    own.start_bot()
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a silent guest")
    await not_allowed(own_control, {}, ada.channel_id)
    assert len((await ada.result(answer)).pictures) == 1


# Finished, without a way to its requester


async def test_thirty_five_minutes_away_with_a_finished_picture(
    own: BotProcess, own_control: Control
) -> None:
    """The token is dead by then, the Horde's link too, and the bot was restarted: it was kept."""
    own.start_bot()
    ada = await own_control.person("ada")
    for route in WRITES:
        await own_control.post("faults", server="discord", route=route, kind="status", status=503)
    answer = await ada.command("imagine", prompt="a patient picture")
    await happens(lambda: len(spooled(own)) == 1, "its bytes are here")
    await happens(
        lambda: rows(database_file(own))[0]["outcome_at"] is not None, "the outcome is known"
    )
    own.kill_bot()
    grow_old(database_file(own), 35 * 60)
    await own_control.post("expire", interaction_id=answer.raw["interaction_id"])
    (request,) = await own_control.horde_requests()
    await own_control.post("horde/expire", id=request["id"])
    await own_control.call("DELETE", "faults")
    await own_control.post("faults", server="horde", route="GET /r2/{object}", kind="status")
    own.start_bot()
    assert len((await ada.result(answer)).pictures) == 1
    assert len(await shown_about(own_control, ada, "a patient picture")) == 1


async def test_a_private_result_waits_for_its_person_when_there_is_no_dm(
    own: BotProcess, own_control: Control
) -> None:
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    own.start_bot()
    ada = await own_control.person("ada")
    route = "POST /channels/{channel}/messages"
    await own_control.post(
        "faults", server="discord", route=route, kind="status", status=403, body=NO_DM
    )
    answer = await ada.command("imagine", prompt="a shy picture", private=True)
    await own_control.post("expire", interaction_id=answer.raw["interaction_id"])
    await happens(lambda: rows(database_file(own))[0]["phase"] == "held", "it is held")
    assert await public_about(own_control, ada.channel_id, "shy") == []
    own.kill_bot()
    own.start_bot()
    await ada.command("help")

    async def offered() -> Message | None:
        found = await shown_about(own_control, ada, "a shy picture")
        return found[0] if found else None

    assert (await eventually(offered, "it is offered")).is_private
    await happens(lambda: rows(database_file(own))[0]["phase"] == "done", "it is over")
    await ada.command("help")
    assert len(await shown_about(own_control, ada, "a shy picture")) == 1
    assert await public_about(own_control, ada.channel_id, "shy") == []


async def test_a_picture_too_large_for_its_place(own: BotProcess, own_control: Control) -> None:
    await own_control.post("knobs", upload_limit=12_000)
    own.start_bot()
    ada = await own_control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="a heavy vase"))
    (picture,) = done.pictures
    assert len(await own_control.fetch(picture)) <= 12_000
    kept = database_file(own).parent / "spool" / spooled(own)[0]
    assert kept.stat().st_size > 12_000
