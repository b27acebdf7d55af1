"""/server over the wire: every rule, who may set it, what outlives a kill, who hears of it."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer, Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire

SELECT_TYPES = {3, 5, 6, 7, 8}


async def private_answer(control: Control, answer: Answer) -> Message:
    """The private message that came of it."""
    message = await control.message(answer.message_id)
    assert message.is_private, message.text
    return message


async def refuse_fox(control: Control, person: Person, because: str, /, **options: Any) -> None:
    """The picture is not made, and its person alone hears why."""
    options = {"prompt": "a plain fox"} | options
    text = (await person.ask("imagine", **options)).text
    assert because in text, text


async def plain_fox(person: Person, **options: Any) -> Message:
    """The picture is made."""
    return await person.result(
        await person.command("imagine", **{"prompt": "a plain fox"} | options)
    )


async def pick(person: Person, message: Message, rule: str, *values: str) -> Answer:
    """Choose in the menu of that rule."""
    menus = [part for part in message.parts if part["type"] in SELECT_TYPES]
    found = next(part for part in menus if f":{rule}:" in part["custom_id"])
    details = {"message_id": message.id, "custom_id": found["custom_id"], "values": list(values)}
    return await person.act("component", **details)


async def guild_of(control: Control) -> Json:
    world = await control.get("world")
    return next(guild for guild in world["guilds"] if guild["name"] == "The Workshop")


async def new_text_channel(control: Control, name: str, **more: Any) -> str:
    guild = await guild_of(control)
    return (await control.post("channels", guild_id=guild["id"], name=name, **more))["id"]


@asynccontextmanager
async def ruled(control: Control) -> AsyncGenerator[Person]:
    """ada, who manages the server; at the end its rules are as they were."""
    ada = await control.person("ada")
    before = await file_of(control, await ada.command("server export"))
    try:
        yield ada
    finally:
        upload = await control.upload("rules.json", before, "application/json")
        question = await control.message(
            (await ada.command("server import", file=upload)).message_id
        )
        if "Import the file" in question.buttons:
            answer = await ada.press(question, "Import the file")
            assert answer.raw["type"] == 7, (await control.message(answer.message_id)).text


async def file_of(control: Control, answer: Answer) -> bytes:
    """The file of a message."""
    message = await control.message(answer.message_id)
    part = next(part for part in message.parts if part["type"] == 13)
    return await control.fetch(part["file"]["url"])


async def test_only_who_manages_the_server_may(control: Control) -> None:
    ben = await control.person("ben")
    async with ruled(control) as ada:
        with pytest.raises(AssertionError, match="lacks the permission"):
            await ben.command("server show")  # Discord does not even offer it
        panel = await control.message((await ada.command("server buttons")).message_id)
        assert "Who can use result buttons" in panel.text
        with pytest.raises(AssertionError):  # nor can another user see ada's panel
            await pick(ben, panel, "press", "anyone")
        with pytest.raises(AssertionError, match="not offered"):
            await (await control.person("ada", "dm")).command("server show")
        assert "Only the requester" not in (await ada.ask("server show")).text


async def test_words_names_and_limits(control: Control) -> None:
    ben = await control.person("ben")
    async with ruled(control) as ada:
        changed = (await ada.ask("server words", forbid="casino", how="word")).text
        assert "added `casino`" in changed
        await refuse_fox(control, ben, "casino", prompt="the CASINO at night")
        await refuse_fox(control, ben, "casino", prompt="a street", negative="casino")
        text = await control.message((await ben.command("write", prompt="casino")).message_id)
        assert "does not allow" in text.text
        await plain_fox(ben, prompt="casinos of old")  # another word
        bad = (await ada.ask("server words", forbid="(a", how="regex")).text
        assert "cannot be used" in bad
        await ada.ask("server words", forbid="f[o0]rbidden", how="regex")
        await refuse_fox(control, ben, "FORBIDDEN", prompt="a FORBIDDEN place")
        shown = await ada.complete("server words", "allow", allow="cas")
        assert [choice["value"] for choice in shown] == ["casino"]
        await ada.ask("server words", allow="casino")
        await plain_fox(ben, prompt="a casino again")

        usual = (await control.horde_payload("a casino again"))["models"][0]
        await ada.ask("server models", block=usual)
        await refuse_fox(control, ben, "does not allow the model", model=usual)
        await plain_fox(ben, prompt="another model")
        assert (await control.horde_payload("another model"))["models"] != [usual]

        await ada.ask("server limits", steps=12, side=512, count=2)
        await refuse_fox(control, ben, "12 steps", extra="--steps 13")
        await refuse_fox(control, ben, "2 results", count=3)
        await refuse_fox(control, ben, "512 pixels", extra="--size 576x512")
        await plain_fox(ben, prompt="brought down")
        params = (await control.horde_payload("brought down"))["params"]
        assert params["steps"] <= 12
        assert max(params["width"], params["height"]) <= 512
        answer = await ben.command("estimate", prompt="x", extra="--steps 13")
        await ben.told("12 steps; you chose 13")
        assert answer.raw["type"] == 5


async def test_channels_categories_threads_and_roles(control: Control) -> None:
    ben = await control.person("ben")
    guild = await guild_of(control)
    category = await new_text_channel(control, "the cellar", type=4)
    inside = await new_text_channel(control, "vault", parent_id=category)
    thread = await control.post("threads", channel_id=inside, name="deep down", user_id=ben.id)
    below, deep = Person(control, ben.id, inside), Person(control, ben.id, thread["id"])
    role = (await control.post("roles", guild_id=guild["id"], name="Muted", user_ids=[ben.id]))[
        "id"
    ]
    async with ruled(control) as ada:
        panel = await control.message((await ada.command("server channels")).message_id)
        await pick(ada, panel, "channels_denied", category)
        for person in (below, deep):
            await refuse_fox(control, person, "does not allow the bot")
        await plain_fox(ben)
        await pick(ada, panel, "channels_allowed", inside)  # nearer than its category
        await plain_fox(below)
        await plain_fox(deep)
        await refuse_fox(control, ben, "does not allow the bot")  # named nowhere, while others are
        await control.call("DELETE", f"channels/{inside}")

        async def noticed() -> Message | None:
            answer = await ada.command("server channels")
            shown = await control.message(answer.message_id)
            return shown if "1 deleted channel or role" in shown.text else None

        panel = await eventually(noticed, "that a channel is gone")
        chosen = next(p for p in panel.parts if "channels_allowed" in p.get("custom_id", ""))
        assert not chosen.get("default_values")
        await refuse_fox(control, ben, "this channel")  # deleted ones still count
        await pick(ada, panel, "channels_denied")
        await pick(ada, panel, "channels_allowed")
        await plain_fox(ben)
        panel = await control.message((await ada.command("server roles")).message_id)
        await pick(ada, panel, "roles_denied", role)
        await refuse_fox(control, ben, "One of your roles")
        await pick(ada, panel, "roles_denied")
        await pick(ada, panel, "roles_allowed", guild["id"])  # @everyone
        await plain_fox(ben)
        await pick(ada, panel, "roles_allowed", role)
        await plain_fox(ben)
        await refuse_fox(control, await control.person("cleo"), "certain roles")
        await plain_fox(ada)  # who manages the server always may
        shown = (await control.message((await ada.command("server show")).message_id)).text
        assert f"<@&{role}>" in shown


async def test_nsfw_spoilers_and_buttons(control: Control) -> None:
    ben = await control.person("ben")
    dark = await control.person("ben", "after-dark")
    cleo = await control.person("cleo")
    async with ruled(control) as ada:
        await plain_fox(dark, prompt="night one")
        assert (await control.horde_payload("night one"))["nsfw"] is True
        await ada.ask("server nsfw", where="nowhere", spoiler=True)
        hidden = await plain_fox(dark, prompt="night two")
        assert (await control.horde_payload("night two"))["nsfw"] is False
        items = [item for part in hidden.parts if part["type"] == 12 for item in part["items"]]
        assert all(item["spoiler"] for item in items)
        varied = await dark.press(hidden, "Vary")  # from an age-restricted channel
        await dark.result(varied)
        await ada.ask("server nsfw", where="age-restricted channels", spoiler=False)

        card = await plain_fox(ben, prompt="whose buttons")
        assert (
            "Only the member who made"
            in (await private_answer(control, await cleo.press(card, "Again"))).text
        )
        panel = await control.message((await ada.command("server buttons")).message_id)
        await pick(ada, panel, "press", "anyone")
        again = await cleo.result(await cleo.press(card, "Again"))
        assert "whose buttons" in again.text
        gone = await private_answer(control, await cleo.press(card, "Delete"))
        assert "Only the member who made" in gone.text


async def test_direct_messages_are_censored_unless_one_says_otherwise(control: Control) -> None:
    dm = await control.person("cleo", "dm")
    await plain_fox(dm, prompt="a first message")
    assert (await control.horde_payload("a first message"))["nsfw"] is False
    assert (
        "uncensored results in direct messages" in (await dm.ask("defaults set", dm_nsfw=True)).text
    )
    await plain_fox(dm, prompt="a second message")
    assert (await control.horde_payload("a second message"))["nsfw"] is True
    assert (
        "uncensored results in direct messages"
        not in (await dm.ask("defaults set", dm_nsfw=False)).text
    )


async def test_setup_is_walked_through_over_a_kill(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    control = own_control
    ada = await control.person("ada")
    pictures = (await control.person("ada", "pictures")).channel_id
    panel = await control.message((await ada.command("server setup")).message_id)
    assert panel.is_private
    assert "1 of 5" in panel.text
    assert "key" in (await ada.press(panel, "key")).modal["title"].lower()

    async def now(label: str, words: str) -> Message:
        await ada.press(await control.message(panel.id), label)
        return await ada.sees(panel.id, lambda m: words in m.text, words)

    step = await now("Next", "2 of 5")
    await pick(ada, step, "channels_allowed", ada.channel_id, pictures)
    own.kill_bot()
    own.start_bot()
    step = await now("Next", "3 of 5")
    await pick(ada, step, "nsfw", "off")
    step = await now("spoiler", "3 of 5")
    await ada.sees(panel.id, lambda m: any("without" in b for b in m.buttons), "spoilers are on")
    step = await now("Next", "4 of 5")
    await pick(ada, step, "most_steps", "20")
    step = await now("Next", "5 of 5")
    models = next(part for part in step.menus if ":model:" in part["custom_id"])["options"]
    await pick(ada, step, "model", models[-1]["value"])
    step = await now("Next", "Setup is complete")
    for words in (f"<#{pictures}>", "nowhere", "20"):
        assert words in step.text, step.text
    answer = await ada.press(step, "Make an image")
    done = await ada.result(answer)
    assert done.is_private
    assert done.pictures
    assert (await control.horde_payload("lighthouse"))["models"] == [models[-1]["value"]]
    assert "Shape" not in (await ada.ask("server show")).text


async def test_a_server_chooses_among_the_backends(own: BotProcess, own_control: Control) -> None:
    assert own.urls.horde
    own.start_bot(HORDECORD_BACKENDS__SECOND__URL=own.urls.horde)
    control = own_control
    ada = await control.person("ada")

    async def backend_of(prompt: str) -> str:
        card = await plain_fox(ada, prompt=prompt)
        details = await private_answer(control, await ada.press(card, "Details"))
        return details.text.split("backend: ")[1].split()[0]

    assert await backend_of("the first one") == "horde"
    assert (
        "Available backends: `horde` and `second`"
        in (await ada.ask("server backend", name="x")).text
    )
    typed = {"name": "server backend", "focused": "name", "options": {"name": "sec"}}
    offered = (await ada.act("autocomplete", **typed)).raw["choices"]
    assert [choice["value"] for choice in offered] == ["second"]
    assert "→ `second`" in (await ada.ask("server backend", name="second")).text
    assert "`second`" in (await ada.ask("server backend")).text  # it only shows
    assert await backend_of("the second one") == "second"
    own.kill_bot()
    own.start_bot()  # the operator removed that backend
    assert await backend_of("the first again") == "horde"


async def test_bare_commands_show_and_change_nothing(control: Control) -> None:
    async with ruled(control) as ada:
        log = await new_text_channel(control, "audit")
        await ada.ask("server log", channel=log)
        before = (await ada.ask("server show")).text
        for name in ("log", "backend", "limits", "nsfw", "words", "models", "styles", "loras"):
            assert "→" not in (await ada.ask(f"server {name}")).text
        assert f"<#{log}>" in (await ada.ask("server log")).text
        assert (await ada.ask("server show")).text == before
        assert "→ not set" in (await ada.ask("server log", off=True)).text


async def test_changes_are_told_and_a_file_takes_them_elsewhere(control: Control) -> None:
    async with ruled(control) as ada:
        log = await new_text_channel(control, "audit")

        async def heard(words: str) -> Message:
            async def look() -> Message | None:
                seen = await control.messages(log, ada.id)
                return next((m for m in seen if words in m.text), None)

            return await eventually(look, f"the log says {words}")

        await ada.ask("server log", channel=log)
        assert f"<@{ada.id}>" in (await heard("Log channel")).text
        await ada.ask("server limits", count=3)
        assert "not set → 3" in (await heard("Maximum results per request")).text
        await ada.ask("server loras", block="12345")
        await heard("12345")
        await control.post("permissions", channel_id=log, deny=["SEND_MESSAGES"])
        assert "could not be logged" in (await ada.ask("server limits", count=4)).text
        await control.post("permissions", channel_id=log, deny=[])

        await ada.ask("defaults set", extra="--steps 19", where="this server")
        await heard("--steps 19")
        before = json.loads(await file_of(control, await ada.command("server export")))
        assert before["settings"]["most_count"] == 4
        assert before["defaults"] == {"steps": 19}
        await ada.ask("defaults clear", where="this server")
        await heard("No defaults")
        assert "**Maximum results per request**: 4" in (await ada.ask("server limits")).text
        await ada.ask("server limits", count=0)
        foreign = before["settings"] | {"roles_denied": [4], "backend": "elsewhere"}
        data = json.dumps(before | {"settings": foreign}).encode()
        upload = await control.upload("rules.json", data, "application/json")
        question = await control.message(
            (await ada.command("server import", file=upload)).message_id
        )
        for words in ("not set → 4", "--steps 19", "2 entries of the file are ignored"):
            assert words in question.text, question.text
        assert before["settings"]["most_count"] == 4
        assert "Maximum results" not in (await ada.ask("server show")).text  # not yet
        await ada.press(question, "Import the file")
        await ada.sees(question.id, lambda m: "Rules changed" in m.text, "it is taken over")
        after = json.loads(await file_of(control, await ada.command("server export")))
        assert after == before
        await ada.ask("defaults clear", where="this server")


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (b"{" + b" " * 10_000_000, "larger than 256 KB"),
        (b"[" * 100_000, "not valid JSON"),
        (b"\x89PNG\r\n", "not valid JSON"),
        (b"{}", "no field"),
        (b'{"hordecord": 2}', "another version"),
        (b'{"hordecord": 1, "settings": {"most_steps": -1}}', "most_steps"),
        (b'{"hordecord": 1, "settings": {"words": [{"text": "(", "how": "regex"}]}}', "words"),
        (b'{"hordecord": 1, "defaults": {"shape": ["wide"]}}', "already has the rules"),
    ],
    ids=["10 MB", "nested", "picture", "empty", "newer", "negative", "pattern", "list"],
)
async def test_files_that_are_none(control: Control, data: bytes, because: str) -> None:
    ada = await control.person("ada")
    upload = await control.upload("rules.json", data, "application/json")
    told = (await ada.ask("server import", file=upload)).text
    assert because in told.replace("\\", "")  # its signs are no formatting
