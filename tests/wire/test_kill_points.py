"""Kill -9 between any two steps of a request's life: each ends in one outcome that is seen."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from tests.support.bots.crashes import bot_has_died, freeze, shown_about
from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer
from tests.support.discord.routes import EDIT_ANSWER, INTERACTION_CALLBACK
from tests.support.horde.routes import CHECK_IMAGE, IMAGE_STATUS, RESULT_FILE, SUBMIT_IMAGE
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire

LOOKED_UP_ACCOUNT: Json = {"username": "somebody who can be looked up", "kudos": 5000}
KILL_PROMPT = "a clay pigeon"


@dataclass
class Scene:
    """A bot that is about to die."""

    own: BotProcess
    control: Control
    ada: Person

    async def ask(self) -> Answer:
        return await self.ada.command("imagine", prompt=KILL_PROMPT)

    async def kill_at(self, server: str, route: str, when: str) -> None:
        """The bot dies at the next such call."""
        assert self.own.process is not None
        rule = {"server": server, "route": route, "kind": "kill", "when": when}
        await self.control.post("faults", **rule, times=1, pid=self.own.process.pid)

    async def called(self, route: str) -> None:
        """Wait until that call has come in."""

        async def look() -> bool | None:
            return any(c["route"] == route for c in await self.control.calls("horde")) or None

        await eventually(look, f"a call of {route}")


Death = Callable[[Scene], Awaitable[Answer]]


def at(server: str, route: str, when: str) -> Death:
    """Killed by a call: when it comes in, undone, or when it was done and not answered."""

    async def die(scene: Scene) -> Answer:
        await scene.kill_at(server, route, when)
        answer = await scene.ask()
        await bot_has_died(scene.own)
        return answer

    return die


async def before_the_row(scene: Scene) -> Answer:
    """The interaction lies in the socket of a process that does not read it any more."""
    freeze(scene.own)
    answer = await scene.ask()
    scene.own.kill_bot()
    return answer


async def waiting_with_us(scene: Scene) -> Answer:
    """Answered, and in our own queue."""
    await scene.control.post("horde/knobs", outage=True)
    answer = await scene.ask()
    await asyncio.sleep(1.0)
    scene.own.kill_bot()
    await scene.control.post("horde/knobs", outage=False)
    return answer


async def waiting_there(scene: Scene) -> Answer:
    """The Horde works on it."""
    answer = await scene.ask()
    await scene.called(CHECK_IMAGE)
    scene.own.kill_bot()
    return answer


def at_the_outcome(when: str) -> Death:
    """Its picture is on the way to us or kept, and the next edit is the one that shows it."""

    async def die(scene: Scene) -> Answer:
        await scene.control.post(
            "faults", server="horde", route=RESULT_FILE, kind="delay", seconds=1
        )
        answer = await scene.ask()
        await scene.called(RESULT_FILE)
        await scene.kill_at("discord", EDIT_ANSWER, when)
        await bot_has_died(scene.own)
        return answer

    return die


UNHEARD: dict[str, Death] = {  # Discord has shown that the application did not respond
    "before the row": before_the_row,
    "after the row, before the ack": at("discord", INTERACTION_CALLBACK, "receiving"),
}
HEARD: dict[str, Death] = {
    "after the ack, which we do not know of": at("discord", INTERACTION_CALLBACK, "answered"),
    "after the ack, in our queue": waiting_with_us,
    "on receiving the POST": at("horde", SUBMIT_IMAGE, "receiving"),
    "after answering the POST": at("horde", SUBMIT_IMAGE, "answered"),
    "at the first look": at("horde", CHECK_IMAGE, "receiving"),
    "while waiting": waiting_there,
    "done, before we know": at("horde", IMAGE_STATUS, "receiving"),
    "done, and on its way to us": at("horde", IMAGE_STATUS, "answered"),
    "before the download": at("horde", RESULT_FILE, "receiving"),
    "between download and spool": at("horde", RESULT_FILE, "answered"),
    "between spool and post": at_the_outcome("receiving"),
    "between post and close": at_the_outcome("answered"),
}
DOUBTFUL = {"on receiving the POST", "after answering the POST"}


@pytest.fixture
async def scene(own: BotProcess, own_control: Control) -> Scene:
    return Scene(own, own_control, await own_control.person("ada"))


@pytest.mark.parametrize("point", UNHEARD)
async def test_what_discord_never_heard_of_ends_unsent(scene: Scene, point: str) -> None:
    scene.own.start_bot()
    answer = await UNHEARD[point](scene)
    assert not answer.raw["acked"]
    scene.own.start_bot()
    assert (await scene.control.message((await scene.ada.command("help")).message_id)).text
    listed = await scene.control.message((await scene.ada.command("queue")).message_id)
    assert "clay pigeon" not in listed.text
    assert await scene.control.horde_requests() == []
    assert await shown_about(scene.control, scene.ada, KILL_PROMPT) == []


@pytest.mark.parametrize("point", HEARD)
async def test_what_was_answered_ends_in_one_outcome(scene: Scene, point: str) -> None:
    scene.own.start_bot()
    answer = await HEARD[point](scene)
    scene.own.start_bot()
    done = await scene.ada.result(answer)
    assert len(done.pictures) == 1
    assert "Again" in done.buttons
    assert [m.id for m in await shown_about(scene.control, scene.ada, KILL_PROMPT)] == [done.id]
    made = await scene.control.horde_requests()
    if point not in DOUBTFUL:
        assert len(made) == 1
    else:  # anonymous: whether it arrived is unknown
        assert "sent again" in done.text
        assert len(made) == (1 if "receiving" in point else 2)


async def test_with_a_key_of_its_own_it_is_found_again(scene: Scene) -> None:
    account = await scene.control.post("horde/users", **LOOKED_UP_ACCOUNT)
    await scene.control.post("horde/knobs", job_seconds=[5, 5])
    key = {"HORDECORD_BACKENDS__HORDE__API_KEY": account["api_key"]}
    scene.own.start_bot(**key)
    answer = await HEARD["after answering the POST"](scene)
    scene.own.start_bot(**key)
    done = await scene.ada.result(answer)
    assert len(done.pictures) == 1
    assert "sent again" not in done.text
    assert len(await scene.control.horde_requests()) == 1


async def test_twelve_at_once_and_killed_three_times(scene: Scene) -> None:
    """Wherever each of them stands just then."""
    scene.own.start_bot(HORDECORD_LIMITS__OPEN_PER_PERSON="0")
    answers = [await scene.ada.command("imagine", prompt=f"pigeon {n}.") for n in range(12)]
    for pause in (1.0, 2.0, 1.5):
        await asyncio.sleep(pause)
        scene.own.kill_bot()
        scene.own.start_bot(HORDECORD_LIMITS__OPEN_PER_PERSON="0")
    for number, answer in enumerate(answers):
        done = await scene.ada.result(answer)
        assert len(done.pictures) == 1
        assert len(await shown_about(scene.control, scene.ada, f"pigeon {number}.")) == 1
    made = await scene.control.horde_requests()
    seen = [await scene.control.message(answer.message_id) for answer in answers]
    assert len(made) <= 12 + sum("sent again" in message.text for message in seen)
