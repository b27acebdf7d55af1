"""What the bot and the real AI Horde (5.1.5) disagreed about, with the whole bot on the sandbox."""

import re
import time

import pytest

from tests.support.bots.process import BotProcess
from tests.support.builders import png
from tests.support.discord.client import Control, Message

pytestmark = pytest.mark.wire
KEY = "RichTrustedSandboxKey2"
KUDOS = re.compile(r"([\d,]+) kudos")


def plain(message: Message) -> str:
    return message.text.replace("\N{NO-BREAK SPACE}", " ")


async def test_estimate_much_too_long_picture_shown_soon_with_few_calls(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    await own_control.post("horde/knobs", wait_factor=20, job_seconds=[3, 4])
    ada = await own_control.person("ada")
    for number in range(3):
        answer = await ada.command("imagine", prompt=f"a large kettle {number}")
        await ada.result(answer)
        seen_at = time.time()
        request = (await own_control.horde_requests())[-1]
        assert seen_at - request["done_at"] <= 3.5
        looks = [c for c in await own_control.calls("horde") if request["id"] in c["path"]]
        assert len(looks) <= 10


async def test_charges_lost_by_the_horde_still_count_for_the_budget(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    form = await ada.command("server key set")
    await ada.fill(form.modal, KEY)
    spent: list[float] = []
    for behave in ("", " [sandbox:lost_charge]"):
        answer = await ada.command(
            "imagine", prompt=f"three jars{behave}", model="SDXL 1.0", extra="--n 3 --steps 20"
        )
        ended = await ada.result(answer)
        spent.append(float(KUDOS.findall(plain(ended))[0].replace(",", "")))
    assert abs(spent[0] - spent[1]) <= 3


async def test_maintenance_drops_what_waits_sent_again_when_it_is_over(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    await own_control.post("horde/knobs", workers={"image": 0}, caches=False)
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a patient turtle")
    await ada.sees(answer.message_id, lambda m: "No worker" in m.text, "that it waits")
    await own_control.post("horde/knobs", maintenance=True)
    await ada.sees(answer.message_id, lambda m: "maintenance" in m.text, "the reason", wait=40)
    await own_control.post("horde/knobs", maintenance=False, workers={"image": 2})
    ended = await ada.result(answer, wait=60)
    assert len(ended.pictures) == 1
    assert "failed" not in ended.text


async def test_horde_status_while_own_submits_are_refused_is_not_open(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    first = await ada.command("horde status")
    await ada.sees(first.message_id, lambda m: "The Horde is open" in m.text, "that it is open")
    await own_control.post("horde/knobs", maintenance=True)  # /status/modes is cached for 50 s
    waits = await ada.command("imagine", prompt="a closed gate")
    await ada.sees(waits.message_id, lambda m: "maintenance" in m.text, "why it waits", wait=40)
    then = await ada.command("horde status")
    await ada.sees(then.message_id, lambda m: "takes nothing new" in m.text, "that it is closed")


async def test_address_in_time_out_alchemy_goes_on(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await own_control.post("horde/timeout_ip", seconds=600)
    waits = await ada.command("imagine", prompt="a barred door")
    await ada.sees(waits.message_id, lambda m: "bot's address" in plain(m), "why it waits", wait=40)
    upload = await own_control.upload("fox.png", png())
    caption = await ada.command("alchemy", forms="caption", image=upload)
    assert "Caption" in (await ada.result(caption)).text
