"""Conversations: begun, answered, continued and changed by their buttons."""

import pytest

from tests.support.discord.chat import next_bot_message, write
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message

pytestmark = pytest.mark.wire


async def begun(person: Person, **options: str) -> Message:
    """The greeting of a new conversation with the bot itself in the channel of that member."""
    await person.command("chat start", **options)
    return await next_bot_message(person.channel_id, person, words="What would you like")


async def ended(person: Person) -> None:
    await person.ask("chat end", "has ended")


async def answered(person: Person, said: Message) -> Message:
    """The finished answer to a message."""
    answer = await next_bot_message(person.channel_id, person, after=said)
    return await person.sees(answer.id, lambda m: "Regenerate" in m.buttons, "it is finished")


async def test_a_reply_to_the_greeting_is_answered(control: Control) -> None:
    ada = await control.person("ada")
    greeting = await begun(ada)
    assert "Reply" in greeting.buttons
    said = await write(ada.channel_id, ada, "What is a fox?", reply_to=greeting)
    answer = await answered(ada, said)
    assert answer.raw["message_reference"]["message_id"] == said.id
    older = await ada.sees(greeting.id, lambda m: not m.buttons, "its buttons are gone")
    assert older.text
    await ended(ada)
