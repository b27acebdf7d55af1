"""Conversations: begun, answered, and changed by the buttons of their messages."""

from collections.abc import AsyncGenerator

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.chat import bot_messages, delete_message, next_bot_message, write
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
HELLO = "What would you like"  # of the greeting


async def begun(person: Person, **options: str) -> Message:
    """The greeting of a new conversation with the bot itself in the channel of that member."""
    before = await bot_messages(person.channel_id, person)
    await person.command("chat start", **options)
    return await next_bot_message(person.channel_id, person, before[-1] if before else None, HELLO)


async def finished(person: Person, after: Message, words: str = "") -> Message:
    """The finished answer after a message. `words`: of the line that it quotes."""
    answer = await next_bot_message(person.channel_id, person, after, words)
    return await person.sees(answer.id, lambda m: "Regenerate" in m.buttons, "it is finished")


async def asked(person: Person, text: str, about: Message) -> Message:
    """The finished answer to a reply."""
    return await finished(person, await write(person.channel_id, person, text, reply_to=about))


def label(message: Message) -> str:
    """The number of the swipe that is shown, such as 1/2."""
    return next((name for name in message.buttons if "/" in name), "")


@pytest.fixture
async def ada(control: Control) -> AsyncGenerator[Person]:
    person = await control.person("ada")
    yield person
    await person.command("chat end")


async def test_a_reply_is_answered(ada: Person) -> None:
    greeting = await begun(ada)
    assert "Reply" in greeting.buttons
    assert "free, no account" in greeting.text
    said = await write(ada.channel_id, ada, "What is a fox?", reply_to=greeting)
    answer = await finished(ada, said)
    assert answer.raw["message_reference"]["message_id"] == said.id
    await ada.sees(greeting.id, lambda m: not m.buttons, "its buttons are gone")


async def test_a_turn_costs_at_most_four_calls_besides_its_growth(
    ada: Person, control: Control
) -> None:
    first = await asked(ada, "What is a pike?", await begun(ada))
    since = max(call["n"] for call in await control.calls("discord"))
    answer = await asked(ada, "And a perch?", first)
    await ada.sees(first.id, lambda m: not m.buttons, "the buttons before are gone")
    calls = await control.calls("discord", since)
    growth = [one for one in calls if one["path"].endswith(f"/messages/{answer.id}")]
    assert growth
    assert len(calls) - len(growth) + 1 <= 4, [one["route"] for one in calls]


async def test_a_mention_is_answered_and_other_messages_are_not(ada: Person) -> None:
    greeting = await begun(ada)
    await write(ada.channel_id, ada, "a line for the other members")
    said = await write(ada.channel_id, ada, "What is a hare?", mention=True)
    await finished(ada, said)
    assert len(await bot_messages(ada.channel_id, ada, greeting)) == 1


async def test_a_conversation_in_direct_messages(control: Control) -> None:
    cleo = await control.person("cleo", "dm")
    await begun(cleo)
    said = await write(cleo.channel_id, cleo, "What is an owl?")
    await finished(cleo, said)
    await cleo.ask("chat end", "has ended")


async def test_a_typed_reply_is_quoted(ada: Person) -> None:
    greeting = await begun(ada)
    modal = (await ada.press(greeting, "Reply")).modal
    await ada.submit(modal, greeting, text="What is a badger?")
    answer = await finished(ada, greeting, "What is a badger?")
    await ada.command("chat say", text="And a mole?")
    said = await finished(ada, answer, "And a mole?")
    assert not said.is_private


async def test_swipes(ada: Person) -> None:
    first = await asked(ada, "Tell me about otters", await begun(ada))
    assert not label(first)
    await ada.press(first, "Regenerate")
    second = await ada.sees(first.id, lambda m: label(m) == "2/2", "another answer")
    await ada.press(second, "◀")
    back = await ada.sees(first.id, lambda m: label(m) == "1/2", "the first answer")
    await ada.press(back, "▶")
    last = await ada.sees(first.id, lambda m: label(m) == "2/2", "the second answer")
    await ada.press(last, "▶")
    await ada.sees(first.id, lambda m: label(m) == "3/3", "a third answer")


async def test_an_edited_answer_is_a_new_swipe(ada: Person) -> None:
    answer = await asked(ada, "Tell me about newts", await begun(ada))
    modal = (await ada.press(answer, "Edit")).modal
    await ada.submit(modal, answer, text="Newts are small *dragons*.")
    edited = await ada.sees(answer.id, lambda m: label(m) == "2/2", "the edited text")
    assert "Newts are small *dragons*." in edited.text


async def test_an_answer_is_continued(ada: Person) -> None:
    answer = await asked(ada, "Tell me about toads", await begun(ada))
    text = answer.plain_text
    await ada.press(answer, "Continue")
    longer = await ada.sees(answer.id, lambda m: label(m) == "2/2", "the continued answer")
    assert len(longer.plain_text) > len(text)


async def test_an_answer_is_deleted(ada: Person) -> None:
    greeting = await begun(ada)
    answer = await asked(ada, "Tell me about bats", greeting)
    await ada.press(answer, "Delete")
    await ada.sees(answer.id, lambda m: m.raw["deleted"], "it is deleted")
    said = await write(ada.channel_id, ada, "And about mice?", mention=True)
    await finished(ada, said)


async def test_a_deleted_message_of_the_bot_does_not_end_the_conversation(ada: Person) -> None:
    answer = await asked(ada, "Tell me about seals", await begun(ada))
    await delete_message(ada, answer)
    said = await write(ada.channel_id, ada, "And about walruses?", mention=True)
    await finished(ada, said)


async def test_the_actions_of_an_older_answer(ada: Person) -> None:
    greeting = await begun(ada)
    first = await asked(ada, "Tell me about crows", greeting)
    second = await asked(ada, "And about ravens?", first)
    answer = await ada.act("message_command", name="Generation info", target_id=first.id)
    menu = await ada.control.message(answer.message_id)
    await ada.press(menu, "Go on from here")
    await ada.sees(first.id, lambda m: "Regenerate" in m.buttons, "it is the newest one")
    assert not (await ada.control.message(second.id)).raw["deleted"]


async def test_a_conversation_in_a_new_thread(control: Control, ada: Person) -> None:
    answer = await ada.command("chat start", where="thread")
    told = await ada.sees(answer.message_id, lambda m: "has started" in m.text, "where it is")
    thread = told.text.rpartition("<#")[2].partition(">")[0]
    inside = Person(control, ada.id, thread)
    greeting = await next_bot_message(thread, inside, words=HELLO)
    await asked(inside, "What is a stoat?", greeting)
    await inside.ask("chat end", "has ended")


async def test_a_long_wait_is_stopped(ada: Person, control: Control) -> None:
    greeting = await begun(ada)
    await control.post("horde/knobs", job_seconds=[20, 20])
    try:
        said = await write(ada.channel_id, ada, "Tell me a long story", reply_to=greeting)
        open_answer = await next_bot_message(ada.channel_id, ada, after=said)
        await ada.press(open_answer, "Stop")
        await ada.sees(open_answer.id, lambda m: "Cancelled" in m.text, "it is stopped")
    finally:
        await control.post("horde/knobs", job_seconds=[0.4, 0.8])


async def test_lines_that_wait_get_one_answer(ada: Person, shared: BotProcess) -> None:
    greeting = await begun(ada)
    said = await write(ada.channel_id, ada, "First question", reply_to=greeting)
    await write(ada.channel_id, ada, "Second question", mention=True)
    last = await write(ada.channel_id, ada, "Third question", mention=True)

    async def two() -> bool | None:
        found = await bot_messages(ada.channel_id, ada, said)
        done = [m for m in found if m.text and "position" not in m.text]
        return len(done) == 2 or None

    await eventually(two, "two answers")
    assert int((await bot_messages(ada.channel_id, ada, last))[-1].id) > int(last.id)
    assert "Traceback" not in shared.log


async def test_a_failed_turn_is_tried_again(ada: Person, control: Control) -> None:
    greeting = await begun(ada)
    await control.post("horde/behaviour", behave="faulted", match="stubborn donkey", times=1)
    said = await write(ada.channel_id, ada, "Tell me of a stubborn donkey", reply_to=greeting)
    answer = await next_bot_message(ada.channel_id, ada, said)
    failed = await ada.sees(answer.id, lambda m: "Again" in m.buttons, "it failed")
    await ada.press(failed, "Again")
    done = await ada.sees(answer.id, lambda m: "Regenerate" in m.buttons, "the answer")
    assert not label(done)


async def test_a_failed_swipe_shows_the_answer_before(ada: Person, control: Control) -> None:
    answer = await asked(ada, "Tell me of a shy donkey", await begun(ada))
    await control.post("horde/behaviour", behave="faulted", match="shy donkey", times=1)
    await ada.press(answer, "Regenerate")
    shown = await ada.sees(answer.id, lambda m: "stopped trying" in m.text.lower(), "the reason")
    assert answer.plain_text.strip()[:40] in shown.plain_text
    assert "Regenerate" in shown.buttons


async def test_an_answer_is_illustrated(ada: Person) -> None:
    answer = await asked(ada, "Describe a red lighthouse", await begun(ada))
    await ada.press(answer, "Illustrate")

    async def picture() -> Message | None:
        found = await bot_messages(ada.channel_id, ada, answer)
        return next((one for one in found if one.pictures), None)

    shown = await eventually(picture, "a picture")
    assert "Again" in shown.buttons
