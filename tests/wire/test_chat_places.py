"""Conversations in threads and forums, in closed places, and as files."""

from collections.abc import AsyncGenerator

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.channels import PLACES, close, person_in
from tests.support.discord.chat import next_bot_message, write
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message

pytestmark = pytest.mark.wire
HELLO = "What would you like"  # of the greeting


async def begun(person: Person) -> Message:
    await person.command("chat start")
    return await next_bot_message(person.channel_id, person, words=HELLO)


async def finished(person: Person, after: Message) -> Message:
    answer = await next_bot_message(person.channel_id, person, after)
    return await person.sees(answer.id, lambda m: "Regenerate" in m.buttons, "it is finished")


@pytest.fixture
async def slow(control: Control) -> AsyncGenerator[Control]:
    """A Horde that takes its time."""
    await control.post("horde/knobs", job_seconds=[2, 2])
    yield control
    await control.post("horde/knobs", job_seconds=[0.4, 0.8])


@pytest.mark.parametrize("kind", ["a thread", "a forum's post", "a voice channel's text"])
async def test_a_conversation_in_each_kind_of_place(control: Control, kind: str) -> None:
    ada = await person_in(control, "ada", PLACES[kind])
    greeting = await begun(ada)
    await finished(ada, await write(ada.channel_id, ada, "What is a heron?", reply_to=greeting))


async def test_an_answer_opens_an_archived_thread(slow: Control) -> None:
    ada = await person_in(slow, "ada", PLACES["a thread"])
    greeting = await begun(ada)
    said = await write(ada.channel_id, ada, "What is a crane?", reply_to=greeting)
    await next_bot_message(ada.channel_id, ada, said)
    await close(ada, archived=True)
    await finished(ada, said)


async def test_an_answer_for_a_locked_thread_is_not_lost(slow: Control, shared: BotProcess) -> None:
    ada = await person_in(slow, "ada", PLACES["a thread"])
    greeting = await begun(ada)
    said = await write(ada.channel_id, ada, "What is a bittern?", reply_to=greeting)
    await next_bot_message(ada.channel_id, ada, said)
    await close(ada, archived=True, locked=True)
    home = await slow.person("ada", "dm")
    told = await next_bot_message(home.channel_id, home, words="locked thread")
    assert "/history" in told.text
    await close(ada, archived=False, locked=False)
    said = await write(ada.channel_id, ada, "And a stork?", mention=True)
    await finished(ada, said)
    assert "Traceback" not in shared.log


async def test_settings_and_memory(control: Control) -> None:
    ada = await person_in(control, "ada", PLACES["a thread"])
    greeting = await begun(ada)
    panel = await ada.ask("chat settings", "free, no account")
    await ada.choose(panel, "80", "Length")
    await ada.sees(panel.id, lambda m: "80 tokens" in str(m.raw["components"]), "the length")
    modal = (await ada.press(panel, "Author's note")).modal
    await ada.submit(modal, panel, text="It always rains.", depth="2")
    await ada.sees(panel.id, lambda m: "It always rains." in m.text, "the note")
    modal = (await ada.press(panel, "More values")).modal
    await ada.submit(modal, panel, stops="THE END")
    await ada.sees(panel.id, lambda m: "THE END" in m.text, "the stop string")
    await ada.press(panel, "Drop an unfinished")
    memory = await ada.ask("chat memory", "no summary yet")
    modal = (await ada.press(memory, "Edit the summary")).modal
    await ada.submit(modal, memory, text="They met in the rain.")
    await ada.sees(memory.id, lambda m: "They met in the rain." in m.text, "the summary")
    said = await write(ada.channel_id, ada, "What is a rook?", reply_to=greeting)
    await finished(ada, said)
    ben = Person(control, (await control.person("ben")).id, ada.channel_id)
    await ben.ask("chat settings", "Only the member who started this conversation")


async def test_an_exported_conversation_is_imported(control: Control) -> None:
    ada = await person_in(control, "ada", PLACES["a thread"])
    greeting = await begun(ada)
    said = await write(ada.channel_id, ada, "What is a wren?", reply_to=greeting)
    answer = await finished(ada, said)
    exported = await ada.ask("chat export", "SillyTavern")
    files = [part["file"]["url"] for part in exported.parts if part["type"] == 13]
    url = next(one for one in files if ".jsonl" in one)
    data = await control.fetch(url)
    assert b"What is a wren?" in data
    there = await person_in(control, "ada", PLACES["a thread"])
    file = await control.upload("chat.jsonl", data, "application/octet-stream")
    await there.command("chat import", file=file)
    last = await next_bot_message(there.channel_id, there, words=answer.plain_text.strip()[:40])
    await finished(there, await write(there.channel_id, there, "Go on", reply_to=last))


async def test_reset_begins_again(control: Control) -> None:
    ada = await person_in(control, "ada", PLACES["a thread"])
    greeting = await begun(ada)
    answer = await finished(ada, await write(ada.channel_id, ada, "A?", reply_to=greeting))
    await ada.ask("chat reset", "begins again")
    await next_bot_message(ada.channel_id, ada, answer, HELLO)
    await ada.sees(answer.id, lambda m: not m.buttons, "the old one has no buttons")


async def test_one_place_has_one_conversation(control: Control) -> None:
    ada = await person_in(control, "ada", PLACES["a thread"])
    await begun(ada)
    await ada.ask("chat start", "already")
    await ada.ask("chat end", "has ended")
    await ada.ask("chat say", "There is no conversation", text="hello")
