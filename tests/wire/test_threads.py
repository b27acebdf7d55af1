"""Threads that are archived, locked or deleted while something is made for them."""

import pytest

from tests.wire.conftest import World
from tests.wire.people import Answer, Control, Message, Person, eventually
from tests.wire.places import SPOTS, at, close, pictured, state_of

pytestmark = pytest.mark.wire


@pytest.fixture
async def slow(own: World, own_control: Control) -> Control:
    """A bot, and a Horde that takes its time."""
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    own.start_bot()
    return own_control


async def asked(control: Control, kind: str = "a thread") -> tuple[Person, Answer]:
    ada = await at(control, "ada", SPOTS[kind])
    return ada, await ada.command("imagine", prompt="a slow snail")


async def expire(control: Control, answer: Answer) -> None:
    await control.post("expire", interaction_id=answer.raw["interaction_id"])


async def written(control: Control, words: str) -> Message:
    """What the bot wrote to ada alone."""
    home = await control.person("ada", "dm")

    async def look() -> Message | None:
        found = await control.messages(home.channel_id, home.id)
        return next((m for m in found if words in m.text), None)

    return await eventually(look, f"a direct message: {words}", 30)


@pytest.mark.parametrize("kind", ["a thread", "a forum's post", "a news channel's thread"])
@pytest.mark.parametrize("token", ["lives", "is dead"])
async def test_a_result_opens_an_archived_thread(slow: Control, kind: str, token: str) -> None:
    ada, answer = await asked(slow, kind)
    await close(ada, archived=True)
    if token == "is dead":
        await expire(slow, answer)
    done = await ada.result(answer, wait=30)
    assert len(done.pictures) == 1
    assert not (await state_of(ada))["archived"]
    assert len(pictured(await slow.messages(ada.channel_id, ada.id), "a slow snail")) == 1


async def test_a_locked_thread_stays_as_it_is(slow: Control, own: World) -> None:
    ada, answer = await asked(slow)
    await close(ada, archived=True, locked=True)
    said = await written(slow, "#1 is ready")
    assert "locked" in said.text
    assert "/history" in said.text
    card = await slow.message(answer.message_id)
    assert not card.pictures
    state = await state_of(ada)
    assert state["archived"]
    assert state["locked"]
    assert "Traceback" not in own.log
    home = await slow.person("ada", "dm")
    past = await home.command("history")
    await home.sees(past.message_id, lambda m: "a slow snail" in m.text, "it is in the history")


async def test_a_locked_thread_of_a_server_without_the_bot(slow: Control) -> None:
    """The result itself comes by direct message: there was never another way but the token."""
    ada, _ = await asked(slow, "another server's thread")
    await close(ada, locked=True)
    assert len((await written(slow, "a slow snail")).pictures) == 1


async def test_no_command_is_carried_out_in_a_locked_thread(slow: Control, own: World) -> None:
    ada = await at(slow, "ada", SPOTS["a thread"])
    await close(ada, locked=True)
    answer = await ada.command("imagine", prompt="a fly in amber")
    assert answer.raw["failure"]

    async def cancelled() -> bool | None:
        return "was not taken" in own.log or None

    await eventually(cancelled, "the bot knows that it was not taken")
    assert await slow.horde_requests() == []


@pytest.mark.parametrize("what", ["the thread", "its channel"])
async def test_a_thread_is_deleted(slow: Control, what: str) -> None:
    ada, _ = await asked(slow)
    gone = ada.channel_id if what == "the thread" else (await state_of(ada))["parent_id"]

    async def sent() -> bool | None:
        return bool(await slow.horde_requests()) or None

    await eventually(sent, "the Horde has it")
    await slow.call("DELETE", f"channels/{gone}")
    assert "/history" in (await written(slow, "#1 is ready")).text


async def test_a_private_thread_promises_a_direct_message(slow: Control) -> None:
    """Nobody added the bot: once the token is dead, there is no way back into the thread."""
    ada, answer = await asked(slow, "a private thread without it")
    await expire(slow, answer)
    assert len((await written(slow, "a slow snail")).pictures) == 1
    assert not pictured(await slow.messages(ada.channel_id, ada.id), "a slow snail")
