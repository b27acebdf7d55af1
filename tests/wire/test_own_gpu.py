"""The whole bot with an own GPU: one outcome in each case, with what people see meanwhile."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.bots.process import BotProcess
from tests.support.builders import png
from tests.support.discord.client import Control, Person, controlling
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
SLOW = 9.0  # seconds of a job that is looked at while it runs


@dataclass
class Gpu:
    """A bot whose server uses the own GPU."""

    bot: BotProcess
    control: Control
    ada: Person

    async def start(self, **fields: str) -> None:
        self.bot.start_bot_with("a1111", **fields)
        said = await self.ada.ask("server backend", name="a1111")
        assert "→ `a1111`" in said.text

    async def takes(self, seconds: float) -> None:
        await self.control.post("a1111/knobs", job_seconds=[seconds, seconds])

    async def jobs(self, kind: str = "") -> list[Json]:
        found = (await self.control.get("a1111/jobs"))["jobs"]
        return [job for job in found if kind in job["kind"]]

    async def running(self) -> None:
        async def look() -> bool | None:
            return any(job["state"] == "running" for job in await self.jobs()) or None

        await eventually(look, "a job runs")

    async def image(self, prompt: str = "a fox", /, **options: Any) -> Message:
        return await self.ada.result(await self.ada.command("imagine", prompt=prompt, **options))


@pytest.fixture
async def gpu(with_servers: Callable[..., BotProcess]) -> AsyncIterator[Gpu]:
    bot = with_servers("a1111")
    async with controlling(bot.control) as control:
        yield Gpu(bot, control, await control.person("ada"))


async def test_an_image_with_its_bar_and_preview(gpu: Gpu) -> None:
    await gpu.start()
    await gpu.takes(SLOW)
    answer = await gpu.ada.command("imagine", prompt="a slow fox")
    shown = await gpu.ada.sees(answer.message_id, lambda m: bool(m.pictures), "a preview")
    assert "▰" in shown.text
    assert "Cancel" in shown.buttons
    assert "preview" in shown.pictures[0]
    done = await gpu.ada.result(answer)
    assert len(done.pictures) == 1
    assert "preview" not in done.pictures[0]
    assert await gpu.control.horde_requests() == []


async def test_requests_wait_in_the_queue_of_the_bot(gpu: Gpu) -> None:
    await gpu.start()
    await gpu.takes(2.0)
    answers = [await gpu.ada.command("imagine", prompt=f"fox {n}") for n in range(3)]
    await gpu.running()
    assert len(await gpu.jobs()) == 1
    for answer in answers:
        assert len((await gpu.ada.result(answer)).pictures) == 1
    assert [job["state"] for job in await gpu.jobs()] == ["done"] * 3


async def test_a_source_and_an_area_are_repainted(gpu: Gpu) -> None:
    await gpu.start()
    image = await gpu.control.upload("boat.png", png(256, 192))
    plain = await gpu.ada.command("remix", image=image, prompt="a boat")
    assert len((await gpu.ada.result(plain)).pictures) == 1
    areas = await gpu.ada.command("remix", image=image, prompt="a sun", area="top")
    assert len((await gpu.ada.result(areas)).pictures) == 1
    first, second = (job["payload"] for job in await gpu.jobs("img2img"))
    assert "mask" not in first
    assert second["mask"]


async def test_upscale_and_caption(gpu: Gpu) -> None:
    await gpu.start()
    done = await gpu.image()
    larger = await gpu.ada.result(await gpu.ada.press(done, "Upscale"))
    assert larger.pictures, larger.text
    image = await gpu.control.upload("boat.png", png(96, 64))
    told = await gpu.ada.result(await gpu.ada.command("alchemy", image=image, form="caption"))
    assert "Caption" in told.text
    kinds = [job["kind"] for job in await gpu.jobs()]
    assert kinds == ["txt2img", "extra-single-image", "interrogate"]


async def test_suggestions_are_what_the_web_ui_has(gpu: Gpu) -> None:
    await gpu.start()

    async def loaded() -> list[str] | None:
        found = await gpu.ada.complete("advanced", "lora", lora="details")
        return [choice["value"] for choice in found] or None

    assert await eventually(loaded, "the LoRAs are loaded") == ["more_details"]
    samplers = await gpu.ada.complete("advanced", "sampler", sampler="")
    assert "heunpp2" not in [choice["value"] for choice in samplers]
    assert "k_dpmpp_2m" in [choice["value"] for choice in samplers]
    extra = await gpu.ada.complete("imagine", "extra", extra="--lora tin")
    assert "--lora tin_robots" in [choice["value"] for choice in extra]
    prompt = "a robot <lora:tin_robots:0.8> <hypernet:x:1>"
    done = await gpu.image(prompt, extra="--scheduler sgm_uniform")
    assert done.pictures
    [job] = await gpu.jobs()
    assert job["payload"]["prompt"] == "a robot < hypernet:x:1> <lora:tin_robots:0.8>"
    assert job["payload"]["scheduler"] == "SGM Uniform"


async def test_cancel_keeps_the_unfinished_image(gpu: Gpu) -> None:
    await gpu.start()
    await gpu.takes(60.0)
    answer = await gpu.ada.command("imagine", prompt="a fox that is not finished")
    await gpu.running()
    card = await gpu.ada.sees(answer.message_id, lambda m: "creating" in m.text, "it runs")
    await gpu.ada.press(card, "Cancel")
    done = await gpu.ada.result(answer)
    assert "Cancelled before the image was finished" in done.text
    assert "1 of 1" not in done.text
    assert len(done.pictures) == 1
    assert [job["state"] for job in await gpu.jobs()] == ["interrupted"]


async def test_after_a_kill_a_request_is_sent_again_once(gpu: Gpu) -> None:
    await gpu.start()
    await gpu.takes(4.0)
    answer = await gpu.ada.command("imagine", prompt="a clay pigeon")
    await gpu.running()
    gpu.bot.kill_bot()
    gpu.bot.start_bot_with("a1111")
    done = await gpu.ada.result(answer)
    assert len(done.pictures) == 1
    assert len(await gpu.jobs()) == 2


async def test_a_request_waits_for_a_server_that_is_down(gpu: Gpu) -> None:
    await gpu.start()
    await gpu.control.post("faults", server="a1111", kind="drop")
    answer = await gpu.ada.command("imagine", prompt="a patient fox")
    await gpu.ada.sees(answer.message_id, lambda m: "not available" in m.text, "the outage")
    await gpu.control.call("DELETE", "faults")
    assert len((await gpu.ada.result(answer)).pictures) == 1


async def test_an_error_of_the_server_ends_with_its_reason(gpu: Gpu) -> None:
    await gpu.start()
    await gpu.takes(2.0)
    await gpu.control.post("a1111/behaviour", behave="nans", match="", times=2)
    done = await gpu.image("a fox of black pixels")
    assert "NansException" in done.text
    assert len(await gpu.jobs()) == 2  # sent again once
    await gpu.control.post("a1111/behaviour", behave="out_of_memory", match="", times=1)
    assert "too little memory" in (await gpu.image("a fox that is too large")).text
