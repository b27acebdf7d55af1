"""Threads that are archived, locked or deleted while something is made for them."""

import itertools
import re
from collections.abc import AsyncGenerator

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.channels import PLACES, close, person_in, pictured, state_of
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer, Message
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


prompt_numbers = itertools.count(1)


@pytest.fixture
async def slow(control: Control) -> AsyncGenerator[Control]:
    """A Horde that takes its time."""
    await control.post("horde/knobs", job_seconds=[2, 2])
    yield control
    await control.post("horde/knobs", job_seconds=[0.4, 0.8])


@pytest.fixture
def words() -> str:
    """A prompt that no other test has."""
    return f"slow snail {next(prompt_numbers)}."


async def asked(control: Control, words: str, kind: str = "a thread") -> tuple[Person, Answer]:
    ada = await person_in(control, "ada", PLACES[kind])
    return ada, await ada.command("imagine", prompt=words)


async def ready(control: Control, answer: Answer) -> str:
    """What tells ada elsewhere that it is ready."""
    number = re.search(r"#(\d+)", (await control.message(answer.message_id)).text)
    assert number
    return f"#{number[1]} is ready"


async def expire(control: Control, answer: Answer) -> None:
    await control.post("expire", interaction_id=answer.raw["interaction_id"])


async def written(control: Control, words: str) -> Message:
    """What the bot wrote to ada alone."""
    home = await control.person("ada", "dm")

    async def look() -> Message | None:
        found = await control.messages(home.channel_id, home.id)
        return next((m for m in found if words in m.text), None)

    return await eventually(look, f"a direct message: {words}")


@pytest.mark.parametrize("kind", ["a thread", "a forum's post", "a news channel's thread"])
@pytest.mark.parametrize("token", ["lives", "is dead"])
async def test_a_result_opens_an_archived_thread(
    slow: Control, words: str, kind: str, token: str
) -> None:
    ada, answer = await asked(slow, words, kind)
    await close(ada, archived=True)
    if token == "is dead":
        await expire(slow, answer)
    done = await ada.result(answer)
    assert len(done.pictures) == 1
    assert not (await state_of(ada))["archived"]
    assert len(pictured(await slow.messages(ada.channel_id, ada.id), words)) == 1


async def test_a_locked_thread_stays_as_it_is(
    slow: Control, shared: BotProcess, words: str
) -> None:
    before = len(shared.log)
    ada, answer = await asked(slow, words)
    about = await ready(slow, answer)
    await close(ada, archived=True, locked=True)
    said = await written(slow, about)
    assert "locked" in said.text
    assert "/history" in said.text
    card = await slow.message(answer.message_id)
    assert not card.pictures
    state = await state_of(ada)
    assert state["archived"]
    assert state["locked"]
    assert "Traceback" not in shared.log[before:]
    home = await slow.person("ada", "dm")
    past = await home.command("history")
    await home.sees(past.message_id, lambda m: words in m.text, "it is in the history")


async def test_a_locked_thread_of_a_server_without_the_bot(slow: Control, words: str) -> None:
    """The result itself comes by direct message: there was never another way but the token."""
    ada, _ = await asked(slow, words, "another server's thread")
    await close(ada, locked=True)
    assert len((await written(slow, words)).pictures) == 1


async def test_no_command_is_carried_out_in_a_locked_thread(
    control: Control, shared: BotProcess, words: str
) -> None:
    before = len(shared.log)
    ada = await person_in(control, "ada", PLACES["a thread"])
    await close(ada, locked=True)
    answer = await ada.command("imagine", prompt=words)
    assert answer.raw["failure"]

    async def cancelled() -> bool | None:
        return "was not taken" in shared.log[before:] or None

    await eventually(cancelled, "the bot knows that it was not taken")
    assert not [r for r in await control.horde_requests() if words in r["prompt"]]


@pytest.mark.parametrize("what", ["the thread", "its channel"])
async def test_a_thread_is_deleted(slow: Control, words: str, what: str) -> None:
    ada, answer = await asked(slow, words)
    about = await ready(slow, answer)
    gone = ada.channel_id if what == "the thread" else (await state_of(ada))["parent_id"]

    async def sent() -> bool | None:
        return any(words in r["prompt"] for r in await slow.horde_requests()) or None

    await eventually(sent, "the Horde has it")
    await slow.call("DELETE", f"channels/{gone}")
    assert "/history" in (await written(slow, about)).text


async def test_a_private_thread_promises_a_direct_message(slow: Control, words: str) -> None:
    """The bot is not in the thread: after the token has expired, there is no way back into it."""
    ada, answer = await asked(slow, words, "a private thread without it")
    await expire(slow, answer)
    assert len((await written(slow, words)).pictures) == 1
    assert not pictured(await slow.messages(ada.channel_id, ada.id), words)
