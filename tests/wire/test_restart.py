"""Stop and start: earlier buttons work, a clean end, no secret left."""

import time

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def test_buttons_and_modals_from_before_a_restart(
    own: BotProcess, own_control: Control
) -> None:
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


async def test_sigterm_closes_cleanly_and_quickly(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await ada.command("imagine", prompt="a hasty farewell")
    before = time.monotonic()
    assert own.stop_bot() == 0
    assert time.monotonic() - before < 8

    async def left() -> bool | None:
        return not (await own_control.get("gateway"))["sessions"] or None

    await eventually(left, "the gateway session was closed")


async def test_no_secret_in_the_log(own: BotProcess, own_control: Control) -> None:
    own.start_bot(HORDECORD_LOG__LEVEL="DEBUG")
    ada = await own_control.person("ada")
    await ada.result(await ada.command("imagine", prompt="a whisper", private=True))
    assert own.stop_bot() == 0
    secrets = await own_control.get("secrets")
    ids = [request["id"] for request in await own_control.horde_requests()]
    for secret in (*secrets["tokens"], secrets["bot_token"], *ids):
        assert secret not in own.log
