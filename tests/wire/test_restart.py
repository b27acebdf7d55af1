"""Kill -9 between any two steps: the same message gets its result, exactly once."""

import time

import pytest

from tests.wire.conftest import World
from tests.wire.people import Control, Json, Message, Person, eventually

pytestmark = pytest.mark.wire

CALLBACK = "POST /interactions/{id}/{token}/callback"
EDIT = "PATCH /webhooks/{app}/{token}/messages/{message}"
SUBMIT = "POST /generate/async"
CHECK = "GET /generate/check/{id}"
STATUS = "GET /generate/status/{id}"
PICTURE = "GET /r2/{object}"


async def results_about(control: Control, person: Person, words: str) -> list[Message]:
    seen = await control.messages(person.channel_id, person.id)
    return [m for m in seen if words in m.text and m.pictures]


async def died(own: World) -> None:
    async def ended() -> bool | None:
        assert own.bot is not None
        return own.bot.poll() is not None or None

    await eventually(ended, "the kill point was reached")


async def test_killed_while_it_waits(own: World, own_control: Control) -> None:
    own.start_bot()
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a long winter")
    await ada.sees(answer.message_id, lambda m: m.raw["edits"] > 0, "it waits there")
    own.kill_bot()
    own.start_bot()
    done = await ada.result(answer)
    assert len(done.pictures) == 1
    assert len(await results_about(own_control, ada, "long winter")) == 1
    assert len(await own_control.horde_requests()) == 1


@pytest.mark.parametrize(
    ("server", "route", "when", "after"),
    [
        ("horde", SUBMIT, "receiving", 0),
        ("horde", SUBMIT, "answered", 0),
        ("horde", CHECK, "answered", 0),
        ("horde", STATUS, "answered", 0),
        ("horde", PICTURE, "receiving", 0),
        ("horde", PICTURE, "answered", 0),
        ("discord", CALLBACK, "answered", 0),
        ("discord", EDIT, "receiving", 0),
        ("discord", EDIT, "answered", 0),
    ],
)
async def test_killed_at_a_step(
    own: World, own_control: Control, server: str, route: str, when: str, after: int
) -> None:
    own.start_bot()
    assert own.bot is not None
    rule: Json = {"server": server, "route": route, "kind": "kill", "when": when, "times": 1}
    await own_control.call("POST", "faults", rule | {"pid": own.bot.pid, "after": after})
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a clay pigeon")
    await died(own)
    own.start_bot()
    done = await ada.result(answer, wait=40)
    assert len(done.pictures) == 1
    assert len(await results_about(own_control, ada, "clay pigeon")) == 1
    assert len(await own_control.horde_requests()) <= 2
    if len(await own_control.horde_requests()) == 2:  # anonymous: in doubt, and that is said
        assert route == SUBMIT
        assert "second time" in done.text


async def test_killed_before_discord_heard_of_it(own: World, own_control: Control) -> None:
    own.start_bot()
    assert own.bot is not None
    rule: Json = {"server": "discord", "route": CALLBACK, "kind": "kill", "when": "receiving"}
    await own_control.call("POST", "faults", rule | {"pid": own.bot.pid, "times": 1})
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a silent bell")
    assert not answer.raw["acked"]  # Discord has told the person
    await died(own)
    own.start_bot()
    listed = await own_control.message((await ada.command("queue")).message_id)
    assert "silent bell" not in listed.text
    assert await own_control.horde_requests() == []


async def test_buttons_and_modals_from_before_a_restart(own: World, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="an old clock"))
    login = await ada.command("account login")
    assert own.stop_bot() == 0
    own.start_bot()
    users = await own_control.get("horde/users")
    rich = max(users, key=lambda u: u["kudos"])
    said = await ada.fill(login.modal, rich["api_key"])
    shown = await ada.sees(said.message_id, lambda m: rich["username"] in m.text, "logged in")
    assert shown.is_private
    assert rich["api_key"] not in shown.text
    again = await ada.result(await ada.press(done, "Again"))
    assert len(again.pictures) == 1
    assert rich["api_key"] not in own.log


async def test_sigterm_closes_cleanly_and_quickly(own: World, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await ada.command("imagine", prompt="a hasty farewell")
    before = time.monotonic()
    assert own.stop_bot() == 0
    assert time.monotonic() - before < 8

    async def left() -> bool | None:
        return not (await own_control.get("gateway"))["sessions"] or None

    await eventually(left, "the gateway session was closed")


async def test_no_secret_in_the_log(own: World, own_control: Control) -> None:
    own.start_bot(HORDECORD_LOG__LEVEL="DEBUG")
    ada = await own_control.person("ada")
    await ada.result(await ada.command("imagine", prompt="a whisper", private=True))
    assert own.stop_bot() == 0
    secrets = await own_control.get("secrets")
    ids = [request["id"] for request in await own_control.horde_requests()]
    for secret in (*secrets["tokens"], secrets["bot_token"], *ids):
        assert secret not in own.log
