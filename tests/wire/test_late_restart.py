"""The bot comes back after 25 minutes: tokens are dead, and the Horde may have forgotten."""

from collections.abc import Awaitable, Callable

import pytest

from tests.support.bots.crashes import (
    bot_has_died,
    database_file,
    grow_old,
    public_about,
    rows,
    shown_about,
)
from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control
from tests.support.discord.messages import Answer
from tests.support.discord.routes import INTERACTION_CALLBACK
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
BOT_AWAY = 25 * 60.0


async def result_ready(control: Control, words: str) -> Json:
    """Its picture lies there."""

    async def look() -> Json | None:
        request = await control.horde_request(words)
        return request if request["finished"] else None

    return await eventually(look, "the Horde is through")


async def sleep_in(own: BotProcess, control: Control, *answers: Answer) -> None:
    """The bot is down; 25 minutes later nothing that was promised for 15 is worth anything."""
    grow_old(database_file(own), BOT_AWAY)
    for answer in answers:
        await control.post("expire", interaction_id=answer.raw["interaction_id"])


async def receipt_stored(own: BotProcess) -> None:
    """The bot has written down by which id the Horde knows it; else it would be sent again."""

    async def look() -> bool | None:
        return bool(rows(database_file(own))[0]["remote_id"]) or None

    await eventually(look, "the receipt is written down")


async def killed_when(
    own: BotProcess,
    control: Control,
    answer: Answer,
    words: str,
    state: Callable[..., Awaitable[Json]],
) -> None:
    """Killed as soon as it has the receipt, before it can look; the Horde goes on."""
    await control.horde_request(words)
    await receipt_stored(own)
    own.kill_bot()
    await state(control, words)
    await sleep_in(own, control, answer)


async def test_what_is_ready_comes_into_its_message(own: BotProcess, own_control: Control) -> None:
    await own_control.post("horde/knobs", job_seconds=[3, 3])
    own.start_bot()
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a long nap")
    await killed_when(own, own_control, answer, "a long nap", result_ready)
    own.start_bot()
    done = await ada.result(answer)
    assert len(done.pictures) == 1
    assert len(await shown_about(own_control, ada, "a long nap")) == 1
    assert len(await own_control.horde_requests()) == 1


@pytest.mark.parametrize("install", ["guild", "user"])
async def test_what_is_private_comes_as_a_direct_message(
    own: BotProcess, own_control: Control, install: str
) -> None:
    await own_control.post("horde/knobs", job_seconds=[3, 3])
    own.start_bot()
    ada, home = await own_control.person("ada"), await own_control.person("ada", "dm")
    private = install == "guild"
    answer = await ada.command("imagine", install, prompt="a secret nap", private=private)
    before = await public_about(own_control, ada.channel_id, "a secret nap")
    await killed_when(own, own_control, answer, "a secret nap", result_ready)
    own.start_bot()
    assert len((await home.hears("a secret nap")).pictures) == 1
    assert await public_about(own_control, ada.channel_id, "a secret nap") == before
    assert not any(message.pictures for message in before)


async def forgotten_request(own: BotProcess, own_control: Control) -> Answer:
    """The answer of a request that no worker took and that the Horde forgot, the bot killed."""
    await own_control.post("horde/knobs", workers={"image": 0, "text": 1, "alchemy": 1})
    own.start_bot()
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a forgotten nap")
    request = await own_control.horde_request("a forgotten nap")
    await receipt_stored(own)
    own.kill_bot()
    await own_control.post("horde/expire", id=request["id"])
    return answer


async def test_what_the_horde_forgot_is_sent_again_once(
    own: BotProcess, own_control: Control
) -> None:
    answer = await forgotten_request(own, own_control)
    await own_control.post("horde/knobs", workers={"image": 4, "text": 1, "alchemy": 1})
    own.start_bot()
    done = await (await own_control.person("ada")).result(answer)
    assert len(done.pictures) == 1
    assert "sent again" in done.text


async def test_what_expired_meanwhile_is_not_sent_again(
    own: BotProcess, own_control: Control
) -> None:
    """The Horde keeps a request for 20 minutes: after 25 it has expired, and was not lost."""
    answer = await forgotten_request(own, own_control)
    await sleep_in(own, own_control, answer)
    await own_control.post("horde/knobs", workers={"image": 4, "text": 1, "alchemy": 1})
    own.start_bot()
    done = await (await own_control.person("ada")).result(answer)
    assert not done.pictures
    assert "Again" in done.buttons
    assert await own_control.horde_requests() == []  # the expired one is gone, none came after it


async def test_what_was_begun_and_forgotten_has_expired(
    own: BotProcess, own_control: Control
) -> None:
    await own_control.post("horde/knobs", job_seconds=[30, 30])
    own.start_bot()
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a broken nap")

    async def begun() -> bool | None:
        return rows(database_file(own))[0]["phase"] == "processing" or None

    await eventually(begun, "we know that a worker has it")
    own.kill_bot()
    request = await own_control.horde_request("a broken nap")
    await own_control.post("horde/expire", id=request["id"])
    await sleep_in(own, own_control, answer)
    own.start_bot()
    done = await ada.result(answer)
    assert not done.pictures
    assert "Again" in done.buttons
    assert await own_control.horde_requests() == []  # that one is forgotten, and no other was sent


async def test_what_was_never_answered_is_not_sent_and_that_is_said(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    assert own.process is not None
    await own_control.post(
        "faults",
        server="discord",
        route=INTERACTION_CALLBACK,
        kind="kill",
        times=1,
        pid=own.process.pid,
    )
    ada, home = await own_control.person("ada"), await own_control.person("ada", "dm")
    answer = await ada.command("imagine", prompt="a dream")
    await bot_has_died(own)
    await sleep_in(own, own_control, answer)
    own.start_bot()
    assert "stopped before it sent" in (await home.hears("#1")).text
    assert await own_control.horde_requests() == []
