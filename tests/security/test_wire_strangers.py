"""Presses, submissions and calls that Discord would not allow."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

import cogs
from bot.client.bot import HordecordBot
from bot.http.discord_files import STRANGE
from bot.settings import DiscordSettings, Settings
from bot.ui.actions import context_menus, result_buttons
from bot.ui.characters import character_buttons
from bot.ui.chat import message_buttons, settings_panel
from bot.ui.chat.registration import SUBMITTED
from bot.ui.history import history_buttons
from tests.support.bots.forged_events import SELECT, AttackedBot, attacked_bot
from tests.support.discord.chat import next_bot_message, write
from tests.support.discord.client import Person
from tests.support.discord.declared_commands import calls_of
from tests.support.discord.messages import Answer, Message
from tests.support.hostile_texts import HOSTILE_TEXTS
from tests.support.json_types import Json

pytestmark = pytest.mark.wire

RULE_NAMES = (
    "channels_allowed",
    "roles_denied",
    "press",
    "press_roles",
    "nsfw",
    "model",
    "most_side",
    "chat_channels",
    "chat_roles",
)
REFUSALS = ("Only an operator", "**Manage Server**")
HUGE = "9" * 18
_ADDRESS = re.compile(r'"http://[^"]*/rules\.json[^"]*"|"http://[^"]*hordecord-server\.json[^"]*"')
# A number that is none: negative, of other digits, too long, not a number, with something behind.
NO_NUMBERS = ("-1", "٣", "9" * 19, "9" * 40, "0x10", "1e3", "1.0", " 1", "1\n", "", "NaN")


async def result_of(person: Person, prompt: str, **options: Any) -> Message:
    return await person.result(await person.command("imagine", prompt=prompt, **options))


def number_in(message: Message) -> int:
    """The number of the request that a card is about."""
    ids = [b["custom_id"] for b in message.buttons.values() if "custom_id" in b]
    return int(next(one for one in ids if one.startswith("hc:")).split(":")[2])


def every_custom_id(number: int | str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every action of a message of the bot on that request, and its values."""
    for verb in (*result_buttons.ACTIONS, "nosuchverb"):
        yield from ((f"hc:{verb}:{number}{picture}", ()) for picture in ("", ":0", ":1", ":99"))
        yield f"hc:{verb}:{number}", ("1",)
    for act in (*context_menus.ACTIONS, "nosuchact"):
        yield from ((f"hct:{act}:{number}{rest}", ("1",)) for rest in ("", ":0", f":{number}"))
    for verb in (*history_buttons.ACTIONS, "nosuchverb"):
        for code in ("0:--:", f"{number}:is:x", f"{HUGE}:a-:%_'"):
            yield f"hch:{verb}:{number}:{code}", (str(number),)
    yield from ((f"hcq:{act}", ()) for act in (f"cancel:{number}", f"show:{number}", "refresh"))
    for verb in (*message_buttons.ACTIONS, "nosuchverb"):
        yield f"hcc:{verb}:{number}", ()
    for verb in (*settings_panel.ACTIONS, "nosuchverb"):
        yield f"hcc:at:{verb}:{number}", ()
    yield from ((f"hcc:set:{name}:{number}", ("1",)) for name in (*settings_panel.SETTINGS, "x"))
    for which in ("image", "text", "style", "lora"):
        mark = f"{number:0>12}"[-12:]
        yield f"hcb:list:{which}:{str(number)[:4]}:x", ()
        yield f"hcb:look:{which}:0:x", (mark,)
        yield from ((f"hcb:{verb}:{which}:{mark}", ()) for verb in ("use", "default"))
    yield from ((f"hcw:{act}:{number}", ()) for act in ("make", "keep"))
    yield f"hcm:askfields:{number}", ()
    yield from ((f"hcr{rest}", ()) for rest in (f":{number}:1:9", f"a:{number}:1:9:0"))
    yield from character_ids(number)
    for kind in ("image", "text", "collection"):
        yield from ((f"hcy:{act}:{kind}:{number}", ()) for act in ("open", "ask", "delete"))


def character_ids(number: int | str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The buttons of characters, personas and lorebooks with that number."""
    for verb in (*character_buttons.ACTIONS, *character_buttons.FORMS, "nosuchverb"):
        yield f"hcd:{verb}:{number}", (str(number),)
    for verb in ("erase", "keep", "nosuchverb"):
        yield from ((f"{head}:{verb}:{number}", ()) for head in ("hcp", "hcl"))


def every_modal(number: int | str) -> Iterator[str]:
    """Every modal that could be submitted, about that request where one is about a request."""
    yield from (f"hcm:{name}:{number}:1" for name in ("edit", "use", "remix", "animate"))
    yield from (f"hcm:{name}" for name in ("login", "serverkey", "gift", "broadcast"))
    yield from (f"hcm:{name}:{number}" for name in ("giftto", "fields"))
    for which in (*character_buttons.FORMS, "create", "nosuchform"):
        yield f"hcm:character:{which}:{number}"
    yield f"hcm:persona:{number}"
    yield from (f"hcm:chat:{name}:{number}" for name in (*SUBMITTED, "nosuchmodal"))
    yield from (f"hcy:form:{kind}:{number}" for kind in ("image", "text", "collection"))
    yield from (f"hcb:ask:{which}:{'0' * 12}" for which in ("image", "text", "style", "lora"))


# Actions that concern the presser only.
OF_ONES_OWN = (("hcf:forget", ()), ("hcf:keep", ()), ("hcq:all", ()), ("hcy:keep", ()))
# Everything in the panels of /server, and what Discord would send with it.
PANEL_IDS = (
    *((f"hcs:go:{step}", ()) for step in range(1, 7)),
    *((f"hcs:pick:{rule}:{step}", ("1",)) for rule in RULE_NAMES for step in (0, 2)),
    *((f"hcs:{act}", ()) for act in ("key", "key:remove", "key:keep", "test", "import")),
    ("hcs:flip:spoiler:3", ()),
    *(
        (f"hcs:chat:{rule}", ())
        for rule in ("chat", "chat_publish", "chat_webhooks", "chat_character")
    ),
)


# What those who run the bot see.
OPERATOR_IDS = (
    *((f"hco:{act}:{10**17}:0", ()) for act in ("ask", "leave")),
    *((f"hco:{act}:0", (str(10**17),)) for act in ("page", "look")),
    *((f"hco:{act}", ()) for act in ("send", "stop")),
)


async def press_everything(at: AttackedBot, person: Person, number: int | str) -> str:
    """Press all of them; gives the forms that were opened, as text."""
    opened: list[Json] = []
    for custom_id, values in every_custom_id(number):
        if len(custom_id) <= 100:
            kind = SELECT if values else 2
            answer = await at.forge(person, custom_id, *values, kind=kind)
            assert answer.raw["failure"] is None, custom_id
            opened += [answer.raw["modal"]] if answer.raw.get("modal") else []
    return json.dumps(opened)


async def test_a_forged_button_opens_nothing_of_anybody_else(tmp_path: Path) -> None:
    async with attacked_bot(tmp_path) as at:
        ada, ben = await at.control.person("ada"), await at.control.person("ben")
        dm = await at.control.person("ada", "dm")
        other = await at.control.post("guilds", name="Elsewhere", channels=["general"])
        away = Person(at.control, ada.id, other["channels"][0]["id"])
        public = await result_of(ada, "apricot", count=2)
        secret = [
            await result_of(dm, "zanzibar", count=2),
            await result_of(ada, "quixotic", private=True, count=2),
            await result_of(away, "perihelion", count=2),
        ]
        before = len(await at.control.horde_requests())
        since = len(at.traffic.sent)
        forms = [await press_everything(at, ben, number_in(one)) for one in (public, *secret)]
        seen = json.dumps([at.traffic.bodies(since), forms])
        assert "apricot" in seen  # a public result of this channel may be seen in this channel
        for word, message in zip(("zanzibar", "quixotic", "perihelion"), secret, strict=True):
            assert word not in seen
            assert f"hordecord-{number_in(message)}-" not in seen
        assert len(await at.control.horde_requests()) == before
        for message in (public, *secret):
            assert not (await at.control.get(f"messages/{message.id}"))["deleted"]
        at.assert_no_unexpected_error()


async def test_forged_button_and_form_reach_no_character_of_another_member(tmp_path: Path) -> None:
    async with attacked_bot(tmp_path) as at:
        ada, ben = await at.control.person("ada"), await at.control.person("ben")
        for command in ("character create", "persona create"):
            form = await ada.command(command)
            await ada.fill(form.modal, "Zanzibar", "Keeps a secret.")
            await ada.told("is created")
        since = len(at.traffic.sent)
        opened: list[Json] = []
        for custom_id, values in character_ids(1):
            answer = await at.forge(ben, custom_id, *values, kind=SELECT if values else 2)
            assert answer.raw["failure"] is None, custom_id
            opened += [answer.raw["modal"]] if answer.raw.get("modal") else []
        for which in character_buttons.FORMS:
            await at.forge_form(ben, f"hcm:character:{which}:1", name="Stolen", system="Stolen")
        await at.forge_form(ben, "hcm:persona:1", name="Stolen", description="Stolen")
        seen = json.dumps([at.traffic.bodies(since), opened])
        assert "Zanzibar" not in seen
        assert "secret" not in seen
        assert (
            "Keeps a secret" in (await ada.ask("character show", character="Zanzibar")).plain_text
        )
        assert "Zanzibar" in (await ada.ask("persona list")).plain_text
        at.assert_no_unexpected_error()


async def let_everyone_press(at: AttackedBot, manager: Person) -> None:
    """The server's rules open the buttons of results to everyone in it."""
    rules = json.dumps({"hordecord": 1, "settings": {"press": "anyone"}}).encode()
    file = await at.control.upload("open.json", rules, "application/json")
    question = await answer_seen(at, manager, await manager.command("server import", file=file))
    await manager.press(question, "Import the file")


async def test_forged_number_opens_nothing_outside_the_channel_that_shows_the_result(
    tmp_path: Path,
) -> None:
    """Also where the rules let everyone press, and from another server that lets everyone, too."""
    async with attacked_bot(tmp_path) as at:
        ada, ben = await at.control.person("ada"), await at.control.person("ben")
        there = await at.control.post("guilds", name="Elsewhere", channels=["one", "two"])
        room, other_room = (channel["id"] for channel in there["channels"])
        hers = Person(at.control, ada.id, room)
        await let_everyone_press(at, ada)
        await let_everyone_press(at, hers)
        shown = await result_of(hers, "perihelion", count=2)
        number = number_in(shown)
        before = len(await at.control.horde_requests())
        places = {
            "another channel": Person(at.control, ben.id, other_room),
            "another server": ben,
            "a direct message": await at.control.person("ben", "dm"),
        }
        for place, person in places.items():
            since = len(at.traffic.sent)
            forms = await press_everything(at, person, number)
            for custom_id in every_modal(number):
                await at.forge_form(person, custom_id, prompt="a thief", extra="", strength="0.5")
            seen = json.dumps([at.traffic.bodies(since), forms])
            assert "perihelion" not in seen, place
            assert f"hordecord-{number}-" not in seen, place
            assert len(await at.control.horde_requests()) == before, place
            assert not (await at.control.get(f"messages/{shown.id}"))["deleted"], place
        since = len(at.traffic.sent)
        await at.forge(Person(at.control, ben.id, room), f"hc:edit:{number}:1")  # a draft with gaps
        opened = await at.forge(Person(at.control, ben.id, room), f"hc:use:{number}:2")
        at.assert_no_unexpected_error()
        assert "perihelion" in json.dumps(
            [opened.modal, *at.traffic.bodies(since)]
        )  # it is shown here
        at.assert_no_unexpected_error()


async def test_forged_press_changes_no_conversation_of_another_place(tmp_path: Path) -> None:
    async with attacked_bot(tmp_path) as at:
        ada, ben = await at.control.person("ada", "dm"), await at.control.person("ben")
        await ada.command("chat start")
        greeting = await next_bot_message(ada.channel_id, ada, words="Hello!")
        said = await write(ada.channel_id, ada, "zanzibar")
        answer = await next_bot_message(ada.channel_id, ada, said)
        await ada.sees(answer.id, lambda m: "Regenerate" in m.buttons, "it is finished")
        before, since = len(await at.control.horde_requests()), len(at.traffic.sent)
        opened = [await press_everything(at, ben, number) for number in range(1, 5)]
        for number in range(1, 5):
            for name in SUBMITTED:
                await at.forge_form(ben, f"hcm:chat:{name}:{number}", text="a thief", depth="1")
        assert "zanzibar" not in json.dumps([at.traffic.bodies(since), opened])
        assert len(await at.control.horde_requests()) == before
        for message in (greeting, answer):
            kept = await at.control.message(message.id)
            assert not kept.raw["deleted"]
            assert "a thief" not in kept.text
        at.assert_no_unexpected_error()


async def test_numbers_that_are_none(tmp_path: Path) -> None:
    async with attacked_bot(tmp_path) as at:
        ben = await at.control.person("ben")
        own = await result_of(ben, "one of ben's own")
        for number in (0, HUGE):
            await press_everything(at, ben, number)
        for value in (*NO_NUMBERS, "x" * 100):
            for custom_id in ("hch:pick:0:0:--:", "hc:pick:1", "hct:remix:0", "hcb:look:image:0:"):
                answer = await at.forge(ben, custom_id, value or "-", kind=SELECT)
                assert answer.raw["failure"] is None, (custom_id, value)
        await at.control.post("knobs", ack_timeout=0.05)  # unknown ids are not answered
        for number in NO_NUMBERS[:-1]:
            for start in ("hc:details:", "hcq:show:", "hct:report:1:", "hch:save:"):
                await at.forge(ben, f"{start}{number}")
        await at.control.post("knobs", ack_timeout=3.0)
        assert (await ben.result(await ben.press(own, "Again"))).pictures
        at.assert_no_unexpected_error()


async def test_a_forged_form_takes_nothing_of_anybody_else(tmp_path: Path) -> None:
    async with attacked_bot(tmp_path) as at:
        ada, ben = await at.control.person("ada"), await at.control.person("ben")
        adas = await result_of(await at.control.person("ada", "dm"), "zanzibar")
        bens = await result_of(ben, "a plain base")
        since = len(at.traffic.sent)
        typed = {"prompt": "a thief", "extra": "", "strength": "0.5", "negative": "", "seed": ""}
        source = json.dumps({"url": "", "file": f"{number_in(adas)}-source"})
        more = {"source": source, "parent": "no number", "private": "x", "title": "x", "key": "k"}
        for number in (number_in(adas), 0, HUGE):
            for custom_id in every_modal(number):
                answer = await at.forge_form(ben, custom_id, **typed | more)
                assert answer.raw["failure"] is None, custom_id
        assert "zanzibar" not in json.dumps(at.traffic.bodies(since))
        assert not [r for r in await at.control.horde_requests() if r["prompt"] == "a thief"]

        # A form of one's own takes what it asked for, and nothing besides.
        menu = {"name": "Remix", "target_id": bens.id}
        modal = (await ben.act("message_command", **menu)).modal
        shown = {"custom_id": modal["custom_id"]} | typed | more
        rows = [
            {"type": 18, "component": {"type": 4, "custom_id": name, "value": text}}
            for name, text in shown.items()
        ]

        def change(event: Json) -> list[Json]:
            event["data"]["components"] = rows
            return [event]

        at.traffic.once(change)
        done = await ben.result(await ben.fill(modal, "a thief", "0.5"))
        assert len(done.pictures) == 1
        assert not done.is_private
        await ada.command("queue")
        at.assert_no_unexpected_error()


async def test_panels_are_for_who_manages_the_server_or_runs_the_bot(tmp_path: Path) -> None:
    async with attacked_bot(tmp_path) as at:
        ben = await at.control.person("ben")
        for custom_id, values in (*PANEL_IDS, *OPERATOR_IDS):
            kind = SELECT if values else 2
            answer = await at.forge(ben, custom_id, *values, kind=kind)
            refused = await answer_seen(at, ben, answer)
            assert refused.is_private, custom_id
            words = REFUSALS[(custom_id, values) in PANEL_IDS]
            assert words in refused.text, (custom_id, refused.text)
        at.assert_no_unexpected_error()


async def test_a_settings_file_that_is_none(tmp_path: Path) -> None:
    """Also one that is too large, too deep, of another server, or would name its channels."""
    async with attacked_bot(tmp_path) as at:
        ada = await at.control.person("ada")
        other = await at.control.post("guilds", name="Elsewhere", channels=["secrets"])
        before = (await answer_seen(at, ada, await ada.command("server show"))).text
        far = int(other["channels"][0]["id"])
        ours = {"hordecord": 1}  # else each would be refused for that alone
        pattern = {"text": "(a+)+(?=x)\\1", "how": "regex"}
        files = {
            "large": b'{"settings": {}, "x": "' + b"x" * 10_000_000 + b'"}',
            "bomb": b'{"hordecord": 1, "defaults": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            "deep": b'{"hordecord": 1, "defaults": ' + b'{"a": ' * 20_000 + b"1" + b"}" * 20_001,
            "numbers": b'{"hordecord": 1, "settings": {"most_steps": 1e999, "log_channel": -1}}',
            "pattern": json.dumps(ours | {"settings": {"words": [pattern]}}).encode(),
            "many": json.dumps(ours | {"settings": {"words": [{"text": "x"}] * 5_000}}).encode(),
            "texts": json.dumps(
                ours | {"defaults": dict.fromkeys(HOSTILE_TEXTS, HOSTILE_TEXTS)}
            ).encode(),
            "surrogates": b'{"hordecord": 1, "settings": {"models_blocked": ["\\ud800"]}}',
            "halves": b'{"hordecord": 1, "defaults": {"models": ["\\ud800"]}}',
            "binary": bytes(range(256)) * 100,
            "empty": b"",
            "foreign": json.dumps(ours | {"settings": {"log_channel": far}}).encode(),
        }
        for name, data in files.items():
            file = await at.control.upload(f"{name}.json", data, "application/json")
            message = await answer_seen(at, ada, await ada.command("server import", file=file))
            assert message.is_private, name
            assert not any("Import the file" in label for label in message.buttons), message.text
        assert (await answer_seen(at, ada, await ada.command("server show"))).text == before
        assert await at.control.messages(str(far), ada.id) == []
        at.assert_no_unexpected_error()


async def test_settings_file_elsewhere_is_never_fetched(tmp_path: Path) -> None:
    """Neither the upload that an event names, nor the file of the message that was pressed."""
    asked: list[str] = []

    async def serve(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response({"hordecord": 1, "settings": {"most_steps": 11}})

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    async with TestServer(app) as elsewhere, attacked_bot(tmp_path) as at:
        ada = await at.control.person("ada")
        address = str(elsewhere.make_url("/rules.json"))
        rules = b'{"hordecord": 1, "settings": {"most_steps": 12}}'
        file = await at.control.upload("rules.json", rules, "application/json")

        def leads_elsewhere(event: Json) -> list[Json]:
            return [json.loads(_ADDRESS.sub(json.dumps(address), json.dumps(event)))]

        at.traffic.once(leads_elsewhere)
        refused = await answer_seen(at, ada, await ada.command("server import", file=file))
        assert STRANGE in refused.text
        asked_for = await answer_seen(at, ada, await ada.command("server import", file=file))
        at.traffic.once(leads_elsewhere)
        pressed = await ada.press(asked_for, "Import the file")
        assert STRANGE in (await answer_seen(at, ada, pressed)).text
        assert asked == []
        assert "11" not in (await answer_seen(at, ada, await ada.command("server limits"))).text
        at.assert_no_unexpected_error()


async def test_every_button_of_the_bot_is_tried_here() -> None:
    """A new kind of button belongs into these lists: what may a stranger do with it?"""
    bot = HordecordBot(Settings(discord=DiscordSettings(token=SecretStr("not-needed-here"))))
    for name in cogs.names():
        await bot.load_extension(name)
    tried = [one for one, _ in (*every_custom_id(7), *PANEL_IDS, *OPERATOR_IDS, *OF_ONES_OWN)]
    patterns: dict[Any, type] = bot._connection._view_store._dynamic_items
    assert len(patterns) > 8
    for pattern, item in patterns.items():
        assert any(pattern.fullmatch(one) for one in tried), item
    assert len(bot.modal_handlers) > 6
    for modal_id in bot.modal_handlers:
        assert any(modal_id.parse(one) is not None for one in every_modal(7)), modal_id.head


async def answer_seen(at: AttackedBot, person: Person, answer: Answer) -> Message:
    return await person.sees(answer.message_id, lambda m: m.text.strip() != "", "an answer")


async def test_a_hidden_command_called_without_the_permission(tmp_path: Path) -> None:
    """Discord hides them and checks; who gets round that is refused in code."""
    async with attacked_bot(tmp_path) as at:
        ben = await at.control.person("ben")
        commands = await at.control.get("commands")
        hidden = [one for one in commands if one.get("default_member_permissions") is not None]
        assert {"operator"} <= {one["name"] for one in hidden}
        for command in hidden:
            for name, data in (*calls_of(command), *calls_of(command, optional=True)):
                answer = await at.forge_command(ben, data)
                assert answer.raw["type"] in {4, 5}, (name, answer.raw)
                refused = await answer_seen(at, ben, answer)
                assert refused.is_private, name
                assert any(words in refused.text for words in REFUSALS), (name, refused.text)
        for name, options in (
            ("defaults set", {"model": "Deliberate", "where": "this server"}),
            ("defaults clear", {"where": "this channel"}),
            ("preset share", {"name": "x", "to": "this server"}),
            ("preset delete", {"name": "x", "whose": "this server's"}),
        ):
            refused = await answer_seen(at, ben, await ben.command(name, **options))
            assert REFUSALS[1] in refused.text, name
        at.assert_no_unexpected_error()


async def test_what_is_delivered_twice_happens_once(tmp_path: Path) -> None:
    async with attacked_bot(tmp_path) as at:
        ada = await at.control.person("ada")
        kept: list[Json] = []

        def twice(event: Json) -> list[Json]:
            kept.append(event)
            return [event, event]

        at.traffic.once(twice)
        done = await result_of(ada, "once only")
        at.traffic.once(twice)
        await ada.result(await ada.press(done, "Again"))
        form = (await ada.press(done, "Edit")).modal
        at.traffic.once(twice)
        await ada.result(await ada.submit(form, done, prompt="once typed"))
        for event in kept:
            at.traffic.again(event)
        await result_of(ada, "afterwards")
        prompts = [r["prompt"] for r in await at.control.horde_requests()]
        assert prompts == ["once only", "once only", "once typed", "afterwards"]

        # After a restart nothing is remembered of what came, but the requests themselves are.
        await at.stop()
        await at.start()
        at.traffic.again(kept[0])
        await result_of(ada, "much later")
        prompts = [r["prompt"] for r in await at.control.horde_requests()]
        assert prompts.count("once only") == 2
        at.assert_no_unexpected_error()
