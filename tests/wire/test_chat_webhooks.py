"""Characters with names of their own: by webhooks, and without them where Discord refuses."""

from collections.abc import AsyncGenerator

import pytest

from tests.support.character_cards import V2, packed, png, text_chunk
from tests.support.discord.chat import (
    allow_bot,
    bot_messages,
    next_bot_message,
    webhook_messages,
    write,
)
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
NAME, HELLO = "Discord Mira", "The harbour is quiet."


@pytest.fixture
async def ada(control: Control) -> AsyncGenerator[Person]:
    """A manager of the server, in a new channel, where characters have names of their own."""
    person = await control.person("ada")
    world = await control.get("world")
    guild = next(one for one in world["guilds"] if one["name"] == "The Workshop")
    channel = await control.post("channels", guild_id=guild["id"], name="tales")
    person = Person(control, person.id, channel["id"])
    await switched(person, "Use names and avatars")
    data = packed({**V2, "data": {**V2["data"], "name": NAME, "first_mes": HELLO}})
    upload = await control.upload("mira.png", png(text_chunk(data)))
    await person.ask("character import", "is imported", file=upload)
    yield person
    await person.command("chat end")
    question = await person.ask("character delete", character=NAME)
    await person.press(question, "Delete permanently")
    await switched(person, "Do not use names and avatars")
    await control.call("DELETE", f"channels/{channel['id']}")


async def switched(person: Person, label: str) -> None:
    """Press a button of the panel of /server chat."""
    panel = await person.control.message((await person.command("server chat")).message_id)
    await person.press(panel, label)


async def begun(person: Person, **options: str) -> Message:
    before = await bot_messages(person.channel_id, person)
    await person.command("chat start", character=NAME, **options)
    return await next_bot_message(person.channel_id, person, before[-1] if before else None, HELLO)


async def asked(person: Person, text: str, after: Message) -> Message:
    """The finished answer to a mention."""
    said = await write(person.channel_id, person, text, mention=True)
    answer = await next_bot_message(person.channel_id, person, after=said)
    assert int(answer.id) > int(after.id)
    return await person.sees(answer.id, lambda m: "Regenerate" in m.buttons, "it is finished")


def is_of_webhook(message: Message) -> bool:
    return "webhook_id" in message.raw


async def test_a_conversation_by_webhook(ada: Person) -> None:
    greeting = await begun(ada)
    assert is_of_webhook(greeting)
    assert greeting.raw["author"]["username"] == "Dis·cord Mira"
    answer = await asked(ada, "What is a fox?", greeting)
    assert is_of_webhook(answer)
    assert greeting.raw["author"]["avatar"]
    assert answer.raw["author"]["avatar"] == greeting.raw["author"]["avatar"]
    assert "Mira" not in answer.plain_text.partition("\n")[0]
    assert answer.raw["webhook_id"] == greeting.raw["webhook_id"]
    await ada.sees(greeting.id, lambda m: not m.buttons, "its buttons are gone")
    await ada.press(answer, "Regenerate")
    await ada.sees(answer.id, lambda m: any("2/2" in name for name in m.buttons), "a swipe")
    await ada.press(await ada.control.message(answer.id), "Delete")
    left = await ada.sees(
        answer.id, lambda m: bool(m.buttons) and not any("2/2" in name for name in m.buttons), "one"
    )
    await ada.press(left, "Delete")
    await ada.sees(answer.id, lambda m: m.raw["deleted"], "it is deleted")
    assert [one.id for one in await webhook_messages(ada.channel_id, ada)] == [greeting.id]


async def test_a_deleted_webhook_loses_no_turn(ada: Person) -> None:
    greeting = await begun(ada)
    await ada.control.call("DELETE", f"webhooks/{greeting.raw['webhook_id']}")
    answer = await asked(ada, "What is a hare?", greeting)
    assert is_of_webhook(answer)
    assert answer.raw["webhook_id"] != greeting.raw["webhook_id"]


async def test_a_webhook_deleted_during_a_turn_loses_no_answer(
    control: Control, ada: Person
) -> None:
    greeting = await begun(ada)
    await control.post("horde/knobs", job_seconds=[3, 3.5])
    said = await write(ada.channel_id, ada, "What is a mole?", mention=True)
    await next_bot_message(ada.channel_id, ada, after=said)
    await control.call("DELETE", f"webhooks/{greeting.raw['webhook_id']}")
    await control.post("horde/knobs", job_seconds=[0.4, 0.8])

    async def finished() -> Message | None:
        found = await bot_messages(ada.channel_id, ada, said)
        return next((one for one in found if "Regenerate" in one.buttons), None)

    answer = await eventually(finished, "the answer")
    assert not is_of_webhook(answer)
    await ada.sees(answer.id, lambda m: NAME in m.plain_text, "the name of the character")
    next_answer = await asked(ada, "And a vole?", answer)
    assert is_of_webhook(next_answer)


async def test_without_the_permission_the_bot_itself_answers(ada: Person) -> None:
    await allow_bot(ada, deny=["MANAGE_WEBHOOKS"])
    greeting = await begun(ada)
    assert not is_of_webhook(greeting)
    assert not is_of_webhook(await asked(ada, "What is an owl?", greeting))


async def test_a_thread_uses_the_webhook_of_its_channel(control: Control, ada: Person) -> None:
    answer = await ada.command("chat start", character=NAME, where="thread")
    told = await ada.sees(answer.message_id, lambda m: "has started" in m.text, "where it is")
    thread = told.text.rpartition("<#")[2].partition(">")[0]
    inside = Person(control, ada.id, thread)
    greeting = await next_bot_message(thread, inside, words=HELLO)
    assert is_of_webhook(greeting)
    assert is_of_webhook(await asked(inside, "What is a stoat?", greeting))
    await inside.command("chat end")


async def test_a_channel_full_of_webhooks_is_told_once(control: Control, ada: Person) -> None:
    await control.post(
        "faults",
        server="discord",
        route="POST /channels/{channel}/webhooks",
        kind="status",
        status=400,
        body={"message": "Maximum number of webhooks reached (15)", "code": 30007},
    )
    greeting = await begun(ada)
    answer = await asked(ada, "What is a newt?", greeting)
    assert not any(is_of_webhook(one) for one in (greeting, answer))
    every = await bot_messages(ada.channel_id, ada)
    assert sum("maximum number of webhooks" in one.plain_text for one in every) == 1
