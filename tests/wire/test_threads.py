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
def unique_prompt() -> str:
    """A prompt that no other test has."""
    return f"slow snail {next(prompt_numbers)}."


async def asked_in(control: Control, words: str, kind: str = "a thread") -> tuple[Person, Answer]:
    ada = await person_in(control, "ada", PLACES[kind])
    return ada, await ada.command("imagine", prompt=words)


async def ready_notice(control: Control, answer: Answer) -> str:
    """What tells ada elsewhere that it is ready."""
    number = re.search(r"#(\d+)", (await control.message(answer.message_id)).text)
    assert number
    return f"#{number[1]} is ready"


async def expire_answer(control: Control, answer: Answer) -> None:
    await control.post("expire", interaction_id=answer.raw["interaction_id"])


async def dm_to_ada(control: Control, words: str) -> Message:
    """What the bot wrote to ada alone."""
    home = await control.person("ada", "dm")

    async def look() -> Message | None:
        found = await control.messages(home.channel_id, home.id)
        return next((m for m in found if words in m.text), None)

    return await eventually(look, f"a direct message: {words}")


@pytest.mark.parametrize("kind", ["a thread", "a forum's post", "a news channel's thread"])
@pytest.mark.parametrize("token", ["lives", "is dead"])
async def test_a_result_opens_an_archived_thread(
    slow: Control, unique_prompt: str, kind: str, token: str
) -> None:
    ada, answer = await asked_in(slow, unique_prompt, kind)
    await close(ada, archived=True)
    if token == "is dead":
        await expire_answer(slow, answer)
    done = await ada.result(answer)
    assert len(done.pictures) == 1
    assert not (await state_of(ada))["archived"]
    assert len(pictured(await slow.messages(ada.channel_id, ada.id), unique_prompt)) == 1


async def test_a_locked_thread_stays_as_it_is(
    slow: Control, shared: BotProcess, unique_prompt: str
) -> None:
    before = len(shared.log)
    ada, answer = await asked_in(slow, unique_prompt)
    about = await ready_notice(slow, answer)
    await close(ada, archived=True, locked=True)
    said = await dm_to_ada(slow, about)
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
    await home.sees(past.message_id, lambda m: unique_prompt in m.text, "it is in the history")


async def test_a_locked_thread_of_a_server_without_the_bot(
    slow: Control, unique_prompt: str
) -> None:
    """The result itself comes by direct message: there was never another way but the token."""
    ada, _ = await asked_in(slow, unique_prompt, "another server's thread")
    await close(ada, locked=True)
    assert len((await dm_to_ada(slow, unique_prompt)).pictures) == 1


async def test_no_command_is_carried_out_in_a_locked_thread(
    control: Control, shared: BotProcess, unique_prompt: str
) -> None:
    before = len(shared.log)
    ada = await person_in(control, "ada", PLACES["a thread"])
    await close(ada, locked=True)
    answer = await ada.command("imagine", prompt=unique_prompt)
    assert answer.raw["failure"]

    async def cancelled() -> bool | None:
        return "Discord refused the answer" in shared.log[before:] or None

    await eventually(cancelled, "the bot knows that it was not taken")
    assert not [r for r in await control.horde_requests() if unique_prompt in r["prompt"]]


@pytest.mark.parametrize("what", ["the thread", "its channel"])
async def test_a_thread_is_deleted(slow: Control, unique_prompt: str, what: str) -> None:
    ada, answer = await asked_in(slow, unique_prompt)
    about = await ready_notice(slow, answer)
    gone = ada.channel_id if what == "the thread" else (await state_of(ada))["parent_id"]

    async def sent() -> bool | None:
        return any(unique_prompt in r["prompt"] for r in await slow.horde_requests()) or None

    await eventually(sent, "the Horde has it")
    await slow.call("DELETE", f"channels/{gone}")
    assert "/history" in (await dm_to_ada(slow, about)).text


async def test_a_private_thread_promises_a_direct_message(
    slow: Control, unique_prompt: str
) -> None:
    """The bot is not in the thread: after the token has expired, there is no way back into it."""
    ada, answer = await asked_in(slow, unique_prompt, "a private thread without it")
    await expire_answer(slow, answer)
    assert len((await dm_to_ada(slow, unique_prompt)).pictures) == 1
    assert not pictured(await slow.messages(ada.channel_id, ada.id), unique_prompt)
