"""What the bot and the real AI Horde (5.1.5) disagreed about, with the whole bot on the sandbox."""

import re
import time
from typing import Any

import aiohttp
import pytest

from tests.support.bots.process import BotWithSandbox
from tests.support.builders import png
from tests.support.credentials import RICH
from tests.support.discord.client import Control, Person
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
KUDOS = re.compile(r"([\d,]+) kudos")


async def test_estimate_much_too_long_picture_shown_soon_with_few_calls(
    own: BotWithSandbox, own_control: Control
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
    own: BotWithSandbox, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    form = await ada.command("server key set")
    await ada.fill(form.modal, RICH)
    await ada.told("now pays for members")
    spent: list[float] = []
    for behave in ("", " [sandbox:lost_charge]"):
        answer = await ada.command(
            "imagine", prompt=f"three jars{behave}", model="SDXL 1.0", extra="--n 3 --steps 20"
        )
        ended = await ada.result(answer)
        spent.append(float(KUDOS.findall(ended.plain_text)[0].replace(",", "")))
    assert abs(spent[0] - spent[1]) <= 3


async def test_maintenance_drops_what_waits_sent_again_when_it_is_over(
    own: BotWithSandbox, own_control: Control
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
    own: BotWithSandbox, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    first = await ada.command("horde status")
    await ada.sees(
        first.message_id, lambda m: "The Horde accepts requests" in m.text, "that it is open"
    )
    await own_control.post("horde/knobs", maintenance=True)  # /status/modes is cached for 50 s
    waits = await ada.command("imagine", prompt="a closed gate")
    await ada.sees(waits.message_id, lambda m: "maintenance" in m.text, "why it waits", wait=40)
    then = await ada.command("horde status")
    await ada.sees(
        then.message_id, lambda m: "accepts no new requests" in m.text, "that it is closed"
    )


async def test_address_in_time_out_alchemy_goes_on(
    own: BotWithSandbox, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await own_control.post("horde/timeout_ip", seconds=600)
    waits = await ada.command("imagine", prompt="a barred door")
    await ada.sees(
        waits.message_id, lambda m: "address of the bot" in m.plain_text, "why it waits", wait=40
    )
    upload = await own_control.upload("fox.png", png())
    caption = await ada.command("alchemy", forms="caption", image=upload)
    assert "Caption" in (await ada.result(caption)).text


async def api(own: BotWithSandbox, method: str, path: str, body: Any, key: str = RICH) -> Any:
    """A call to the local Horde by another client."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            method, f"{own.urls.horde}{path}", json=body, headers={"apikey": key}
        ) as answer,
    ):
        return await answer.json()


async def log_in(person: Person, key: str) -> None:
    form = await person.command("account login")
    await person.fill(form.modal, key)


async def test_style_that_its_maker_pays_for_is_free_for_its_requester(
    own: BotWithSandbox, own_control: Control
) -> None:
    purse = await api(own, "PUT", "/sharedkeys", {"kudos": 300, "name": "treat"})
    style = {
        "name": "paid glow",
        "info": "a style for testing",
        "prompt": "{p}{np}",
        "tags": ["glow"],
    }
    style |= {"models": ["Deliberate"], "params": {"steps": 20}, "sharedkey": purse["id"]}
    assert "id" in await api(own, "POST", "/styles/image", style)
    own.start_bot()
    ada = await own_control.person("ada")

    async def listed() -> bool:
        return bool(await ada.complete("imagine", "style", prompt="a lamp", style="paid glow"))

    await eventually(listed, "the style is known")
    answer = await ada.command("imagine", prompt="a lamp", style="paid glow")
    assert "paid by the author of the style" in (await ada.result(answer)).text
    left = await api(own, "GET", f"/sharedkeys/{purse['id']}", None)
    assert 0 < left["kudos"] < 300


async def test_persons_shared_key_shows_its_own_balance_and_is_passed_over_when_low(
    own: BotWithSandbox, own_control: Control
) -> None:
    purse = await api(own, "PUT", "/sharedkeys", {"kudos": 12, "name": "tiny"})
    own.start_bot()
    ada = await own_control.person("ada")
    await log_in(ada, purse["id"])
    assert "about 12 kudos" in (await ada.told("Logged in")).plain_text
    balance = await ada.command("kudos balance")
    await ada.sees(balance.message_id, lambda m: "12 kudos" in m.plain_text, "its own balance")
    texts: list[str] = []
    for number in range(2):
        extra = "--width 512 --height 512 --steps 12"
        model = "stable_diffusion"
        answer = await ada.command("imagine", prompt=f"cup {number}", model=model, extra=extra)
        texts.append((await ada.result(answer)).text)
    assert "paid by their own key" in texts[0]
    assert "costs more than your shared key has left" in texts[1]
    assert "free, no account" in texts[1]


async def test_account_that_is_being_deleted_cannot_log_in(
    own: BotWithSandbox, own_control: Control
) -> None:
    user = await own_control.post("horde/users", username="leaving", kudos=500, deleted=True)
    own.start_bot()
    ada = await own_control.person("ada")
    await log_in(ada, user["api_key"])
    await ada.told("about to be deleted")


async def test_more_results_than_the_account_may_have_waiting_is_explained(
    own: BotWithSandbox, own_control: Control
) -> None:
    user = await own_control.post("horde/users", username="narrow", kudos=5000, concurrency=2)
    own.start_bot()
    ada = await own_control.person("ada")
    await log_in(ada, user["api_key"])
    await ada.told("Logged in")
    await ada.command("imagine", prompt="four mugs", extra="--n 4")
    await ada.told("has 4 results, and this account can have 2 open results")


async def test_failures_of_the_horde_itself_are_not_the_requesters_fault(
    own: BotWithSandbox, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    found = await api(own, "GET", "/collections", None)
    collected = await ada.command("imagine", prompt="a hat", extra=f"--style {found[0]['id']}")
    assert "has no image style with this name or id" in (await ada.result(collected)).text
    await own_control.post("horde/knobs", raid_mode=True)
    upload = await own_control.upload("fox.png", png())
    caption = await ada.command("alchemy", forms="caption", image=upload)
    assert "trusted" in (await ada.result(caption, wait=60)).text
