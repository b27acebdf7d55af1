"""Kill -9 between any two steps of a turn: the line gets one answer, which is shown."""

import pytest

from tests.support.bots.crashes import bot_has_died, database_file, rows
from tests.support.bots.process import BotProcess
from tests.support.discord.chat import bot_messages, next_bot_message, write
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.discord.routes import EDIT_MESSAGE, POST_MESSAGE
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
HELLO = "What would you like"  # of the greeting
SUBMIT_TEXT, TEXT_STATUS = "POST /generate/text/async", "GET /generate/text/status/{id}"
ANSWERS = "SELECT * FROM chat_messages WHERE side = 'character' AND parent <> 0"
KILLED = (
    ("discord", POST_MESSAGE, "receiving"),
    ("discord", POST_MESSAGE, "answered"),
    ("horde", SUBMIT_TEXT, "receiving"),
    ("horde", SUBMIT_TEXT, "answered"),
    ("horde", TEXT_STATUS, "answered"),
    ("discord", EDIT_MESSAGE, "receiving"),
    ("discord", EDIT_MESSAGE, "answered"),
)


async def begun(person: Person) -> Message:
    """The greeting of a new conversation with the bot itself."""
    await person.command("chat start")
    return await next_bot_message(person.channel_id, person, None, HELLO)


async def finished(person: Person, after: Message) -> list[Message]:
    """The messages of the bot after that one, once the newest is a finished answer."""

    async def look() -> list[Message] | None:
        found = await bot_messages(person.channel_id, person, after)
        return found if found and "Regenerate" in found[-1].buttons else None

    return await eventually(look, "a finished answer")


@pytest.mark.parametrize(("server", "route", "when"), KILLED)
async def test_killed_at_a_call_a_line_gets_one_answer(
    own: BotProcess, own_control: Control, server: str, route: str, when: str
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    greeting = await begun(ada)
    assert own.process is not None
    rule = {"server": server, "route": route, "kind": "kill", "when": when}
    await own_control.post("faults", **rule, times=1, pid=own.process.pid)
    said = await write(ada.channel_id, ada, "What is a fox?", reply_to=greeting)
    await bot_has_died(own)
    own.start_bot()
    shown = await finished(ada, said)
    assert len(shown) == 1
    answers = rows(database_file(own), ANSWERS)
    assert [row["state"] for row in answers] == ["done"]
    again = await write(ada.channel_id, ada, "And a hare?", reply_to=shown[-1])
    await finished(ada, again)
    assert rows(database_file(own), "SELECT * FROM waiting_lines") == []


async def test_two_members_at_once_are_answered(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    greeting = await begun(ada)
    said = await write(ada.channel_id, ada, "What is a fox?", reply_to=greeting)
    await write(ben.channel_id, ben, "And what is a hare?", reply_to=greeting)
    shown = await finished(ada, said)
    assert "Regenerate" in shown[-1].buttons

    async def nothing_waits() -> bool | None:
        waiting = rows(database_file(own), "SELECT * FROM waiting_lines")
        pending = rows(database_file(own), "SELECT * FROM chat_messages WHERE state = 'pending'")
        return not (waiting or pending) or None

    await eventually(nothing_waits, "all lines are answered")
    lines = rows(database_file(own), "SELECT * FROM chat_messages WHERE side = 'member'")
    assert len(lines) == 2
