"""/operator: only for the owners; a drain that lets open requests continue."""

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control

pytestmark = pytest.mark.wire


async def test_hidden_and_only_for_the_applications_owner(control: Control) -> None:
    commands = {one["name"]: one for one in (await control.get("commands"))}
    assert commands["operator"]["default_member_permissions"] == "0"
    ada, ben = await control.person("ada"), await control.person("ben")  # it is ada's application
    shown = await ada.ask("operator stats")
    for words in ("Queue: AI Horde", "Open requests", "Memory", "connected", "Hordecord 0"):
        assert words in shown.text
    for name in ("operator stats", "operator drain"):
        assert "Only an operator" in (await ben.ask(name)).text
    done = await ben.result(await ben.command("imagine", prompt="still open"))
    assert done.pictures


async def test_owner_ids_win(own: BotProcess, own_control: Control) -> None:
    ada, ben = await own_control.person("ada"), await own_control.person("ben", "dm")
    own.start_bot(HORDECORD_DISCORD__OWNER_IDS=ben.id)
    assert "Only an operator" in (await ada.ask("operator stats")).text
    assert "Queue: AI Horde" in (await ben.ask("operator stats")).text


async def test_a_drain_refuses_what_is_new_and_lets_the_rest_go_on(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    before = await ben.result(await ben.command("imagine", prompt="an early bird"))
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    open_ = await ben.command("imagine", prompt="on its way")
    assert "Open requests: 1" in (await ada.ask("operator drain", state="on")).text
    refused = await own_control.message((await ben.command("imagine", prompt="late")).message_id)
    assert refused.is_private
    assert "about to restart" in refused.text
    await ben.press(before, "Again")
    assert (await ben.told("about to restart")).is_private
    assert "takes no new requests" in (await ada.ask("operator stats")).text
    assert (await ben.result(open_)).pictures
    assert "No request is open" in (await ada.ask("operator drain", state="on")).text
    assert [r["prompt"] for r in await own_control.horde_requests()] == [
        "an early bird",
        "on its way",
    ]
    assert "No request is open" in (await ada.ask("operator drain")).text
    assert "takes new requests again" in (await ada.ask("operator drain", state="off")).text
    assert "takes new requests." in (await ada.ask("operator drain")).text  # it only shows
    assert (await ben.result(await ben.command("imagine", prompt="late"))).pictures


async def test_a_restart_ends_a_drain(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await ada.ask("operator drain", state="on")
    assert own.stop_bot() == 0
    own.start_bot()
    assert (await ada.result(await ada.command("imagine", prompt="again"))).pictures
