"""The Horde is slow, broken, closed, restarted or gone: all requests keep their position."""

import asyncio

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer
from tests.support.horde.routes import CHECK_IMAGE, IMAGE_STATUS, RESULT_FILE, SUBMIT_IMAGE

pytestmark = pytest.mark.wire


async def all_delivered(person: Person, answers: list[Answer], wait: float = 60.0) -> None:
    for answer in answers:
        done = await person.result(answer, wait=wait)
        assert len(done.pictures) == 1, done.text


BROKEN = [
    *(
        (route, kind)
        for route in (SUBMIT_IMAGE, CHECK_IMAGE, IMAGE_STATUS)
        for kind in ("truncate", "garbage")
    ),
    *((route, "html") for route in (SUBMIT_IMAGE, CHECK_IMAGE, IMAGE_STATUS, RESULT_FILE)),
    *((route, "drop") for route in (SUBMIT_IMAGE, CHECK_IMAGE, IMAGE_STATUS, RESULT_FILE)),
    *((route, "delay") for route in (SUBMIT_IMAGE, CHECK_IMAGE, IMAGE_STATUS, RESULT_FILE)),
]


@pytest.mark.parametrize(("route", "kind"), BROKEN)
async def test_any_call_breaks_in_any_way(control: Control, route: str, kind: str) -> None:
    """One of them; that is no outage, and only a second attempt is visible."""
    await control.post("faults", server="horde", route=route, kind=kind, seconds=3, times=1)
    ada = await control.person("ada")
    answer = await ada.command("imagine", prompt=f"a chipped cup, {kind} at {route}")
    assert len((await ada.result(answer)).pictures) == 1


@pytest.mark.parametrize(("behave", "words"), [("huge", "usable image"), ("expire", "Again")])
async def test_what_cannot_be_had_is_explained(control: Control, behave: str, words: str) -> None:
    ada = await control.person("ada")
    ended = await ada.result(
        await ada.command("imagine", prompt=f"a sunken chest [sandbox:{behave}]"), wait=40
    )
    assert not ended.pictures
    assert any(word in ended.text for word in words.split("|")), ended.text
    assert "Again" in ended.buttons


async def test_a_link_that_has_expired_is_asked_for_anew(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    await own_control.post("horde/knobs", url_seconds=1)
    await own_control.post(
        "faults", server="horde", route=RESULT_FILE, kind="status", status=503, times=2
    )
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="an old link")
    assert len((await ada.result(answer)).pictures) == 1
    asked = [c["route"] for c in await own_control.calls("horde")]
    assert asked.count(IMAGE_STATUS) >= 2


async def test_an_address_in_time_out(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await own_control.post("horde/timeout_ip", seconds=8)
    answers = [await ada.command("imagine", prompt=f"a barred door {n}") for n in range(3)]
    await asyncio.sleep(3)
    for answer in answers:
        assert "Cancel" in (await own_control.message(answer.message_id)).buttons
    await all_delivered(ada, answers)
    assert len(await own_control.horde_requests()) == 3


async def test_the_horde_restarts(own: BotProcess, own_control: Control) -> None:
    await own_control.post("horde/knobs", job_seconds=[3, 3])
    own.start_bot()
    ada = await own_control.person("ada")
    answers = [await ada.command("imagine", prompt=f"a sleeping horse {n}") for n in range(5)]
    for _ in range(3):
        await own_control.post("horde/restart")
        await asyncio.sleep(0.7)
    await all_delivered(ada, answers)


async def test_an_outage_with_some_sent_and_some_not(own: BotProcess, own_control: Control) -> None:
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    own.start_bot(HORDECORD_LIMITS__OPEN_PER_PERSON="0")
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    sent = [await ada.command("imagine", prompt=f"sent {n}") for n in range(4)]
    await asyncio.sleep(2.5)
    await own_control.post("horde/knobs", outage=True)
    unsent = [await ben.command("imagine", prompt=f"unsent {n}") for n in range(4)]
    said = await ben.sees(
        unsent[0].message_id,
        lambda m: "AI Horde is not available" in m.text,
        "an outage on the card",
    )
    assert "Cancel" in said.buttons
    await own_control.post("horde/knobs", outage=False)
    await all_delivered(ada, sent)
    await all_delivered(ben, unsent)
    assert own.log.count("is up again") == 1
    for answer in (*sent, *unsent):
        assert "Again" in (await own_control.message(answer.message_id)).buttons
