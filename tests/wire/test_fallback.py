"""The Horde is down, and an own GPU makes its requests: once, and the card tells it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from tests.support.bots.process import BotProcess, backend_settings
from tests.support.discord.client import Answer, Control, Person, controlling
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
MADE_BY = "Made by Stable Diffusion WebUI, because AI Horde is not available."
KEY = "grid_ada_0123456789abcdef"
BUTTON = "Use AI Power Grid for about $0.0"
LONGER_THAN_THE_PAUSE = 24.0  # seconds; requests move after 20


@dataclass
class House:
    """A bot whose Horde has an own GPU as its fallback."""

    bot: BotProcess
    control: Control
    ada: Person

    def start(self) -> None:
        gpu = {"type": "a1111", "url": self.bot.urls.optional["a1111"]}
        fallback = {"HORDECORD_BACKENDS__HORDE__FALLBACK": "a1111"}
        self.bot.start_bot(**backend_settings("a1111", **gpu), **fallback)

    async def horde(self, *, down: bool) -> None:
        await self.control.post("horde/knobs", outage=down)

    async def gpu_jobs(self) -> list[Json]:
        return (await self.control.get("a1111/jobs"))["jobs"]

    async def sees_outage(self, answer: Answer) -> None:
        await self.ada.sees(
            answer.message_id, lambda m: "is not available" in m.text, "an outage on the card"
        )


@pytest.fixture
async def house(with_servers: Callable[..., BotProcess]) -> AsyncIterator[House]:
    bot = with_servers("a1111")
    async with controlling(bot.control) as control:
        yield House(bot, control, await control.person("ada"))


async def test_the_fallback_makes_it_and_new_requests_use_the_horde_again(house: House) -> None:
    house.start()
    await house.horde(down=True)
    answers = [await house.ada.command("imagine", prompt=f"a fox {n}") for n in range(2)]
    await house.sees_outage(answers[0])
    for answer in answers:
        done = await house.ada.result(answer)
        assert len(done.pictures) == 1, done.text
        assert MADE_BY in done.plain_text
    late = await house.ada.result(await house.ada.command("imagine", prompt="a late fox"))
    assert MADE_BY in late.plain_text
    assert len(await house.gpu_jobs()) == 3
    await house.horde(down=False)
    await asyncio.sleep(6.0)
    own = await house.ada.result(await house.ada.command("imagine", prompt="a fox of the Horde"))
    assert "Made by" not in own.text
    assert len(await house.gpu_jobs()) == 3
    assert len(await house.control.horde_requests()) == 1


async def test_both_are_down_and_the_horde_returns_first(house: House) -> None:
    house.start()
    await house.control.post("faults", server="a1111", kind="status", status=503, times=10_000)
    await house.horde(down=True)
    answer = await house.ada.command("imagine", prompt="a fox that waits")
    await asyncio.sleep(LONGER_THAN_THE_PAUSE)
    await house.horde(down=False)
    done = await house.ada.result(answer)
    assert len(done.pictures) == 1 or "Again" in done.buttons
    made = len(await house.gpu_jobs()) + len(await house.control.horde_requests())
    assert made <= 1


@pytest.mark.parametrize("after", [19.5, 21.0, 23.0])
async def test_a_kill_around_the_move_leaves_one_outcome(house: House, after: float) -> None:
    house.start()
    await house.control.post("a1111/knobs", job_seconds=[3.0, 3.0])
    await house.control.post("faults", server="horde", kind="status", status=503, times=10_000)
    answer = await house.ada.command("imagine", prompt="a fox in the dark")
    await house.sees_outage(answer)
    await asyncio.sleep(after - 1.0)
    house.bot.kill_bot()
    house.start()
    done = await house.ada.result(answer)
    assert len(done.pictures) == 1, done.text
    assert MADE_BY in done.plain_text
    assert await house.control.horde_requests() == []

    async def settled() -> bool | None:
        states = [job["state"] for job in await house.gpu_jobs()]
        return states.count("done") in {1, 2} or None

    await eventually(settled, "the GPU has made it")


async def test_a_price_needs_the_requester_to_press_the_button(
    with_servers: Callable[..., BotProcess],
) -> None:
    bot = with_servers("aipg")
    grid = backend_settings("aipg", type="aipg", url=bot.urls.optional["aipg"])
    bot.start_bot(**grid, HORDECORD_BACKENDS__HORDE__FALLBACK="aipg")
    async with controlling(bot.control) as control:
        ada, ben = await control.person("ada"), await control.person("ben")
        await control.post("faults", server="horde", kind="status", status=503, times=10_000)
        answer = await ada.command("imagine", prompt="a heron")
        card = await ada.sees(
            answer.message_id,
            lambda m: any(BUTTON in label for label in m.buttons),
            "the button with the price",
        )
        await ben.press(card, "Use AI Power Grid")
        await ben.told("Only the member who made this request")
        await ada.press(card, "Use AI Power Grid")
        await ada.told("needs your own API key")
        await control.call("DELETE", "faults")
        done = await ada.result(answer)
        assert len(done.pictures) == 1, done.text
        assert "Made by" not in done.text
        assert (await control.get("aipg/jobs"))["jobs"] == []


async def test_the_pressed_button_moves_the_request_and_charges_the_own_key_once(
    with_servers: Callable[..., BotProcess],
) -> None:
    bot = with_servers("aipg")
    grid = backend_settings("aipg", type="aipg", url=bot.urls.optional["aipg"])
    bot.start_bot(**grid, HORDECORD_BACKENDS__HORDE__FALLBACK="aipg")
    async with controlling(bot.control) as control:
        ada, ben = await control.person("ada"), await control.person("ben")
        form = await ada.command("account login", backend="aipg")
        told = await ada.fill(form.modal, KEY)
        await ada.sees(told.message_id, lambda m: "Logged in as" in m.plain_text, "logged in")
        await control.post("faults", server="horde", kind="status", status=503, times=10_000)
        answer = await ada.command("imagine", prompt="a heron", extra="--steps 40")
        card = await ada.sees(
            answer.message_id,
            lambda m: any(BUTTON in label for label in m.buttons),
            "the button with the price",
        )
        [custom_id] = [b["custom_id"] for name, b in card.buttons.items() if BUTTON in name]
        await ben.act("component", message_id=card.id, custom_id=custom_id)
        await ben.told("Only the member who made this request")
        assert (await control.get("aipg/jobs"))["jobs"] == []
        await ada.press(card, BUTTON)
        done = await ada.result(answer)
        assert len(done.pictures) == 1, done.text
        assert "Made by AI Power Grid, because AI Horde is not available." in done.plain_text
        assert "steps is 6, the nearest to your 40" in done.plain_text, done.plain_text
        found = await control.get("aipg/jobs")
        assert found["jobs"][0]["payload"]["steps"] == 6
        assert (found["submits"], len(found["jobs"])) == ({"image": 1}, 1)
        assert found["charged_micro"] == found["jobs"][0]["charged_micro"] > 0
        assert found["jobs"][0]["owner"] == "ada"
        assert await control.horde_requests() == []
        assert KEY not in bot.log
