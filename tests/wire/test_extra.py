"""`extra` on the wire: its effect, messages about mistakes, completion, and pasting it back."""

import re
from typing import Any

import pytest

from tests.support.discord.client import Control
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
FLAGS = (
    "\N{EM DASH}steps 12 --cfg 4,5 --sampler euler --no-karras --size 512x768 --clip-skip 2 "
    '--lora "a: b":0.8@any --ti 7808@negprompt --post GFPGAN --tiling --trusted --count 2'
)


async def payloads(control: Control, prompt: str, at_least: int = 1) -> list[Json]:
    """What the Horde got for a prompt, the oldest first."""

    async def look() -> list[Json] | None:
        found = [r["payload"] for r in await control.horde_requests() if prompt in r["prompt"]]
        return found if len(found) >= at_least else None

    return await eventually(look, f"{at_least} requests for {prompt}")


async def test_flags_reach_the_horde_and_details_paste_back(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.result(
        await ada.command("imagine", prompt="a lynx", model="Deliberate", seed="7", extra=FLAGS)
    )
    (first,) = await payloads(control, "a lynx")
    params = first["params"]
    assert (params["steps"], params["cfg_scale"], params["sampler_name"]) == (12, 4.5, "k_euler")
    assert (params["width"], params["height"], params["n"]) == (512, 768, 2)
    assert params["loras"] == [{"name": "a: b", "model": 0.8, "clip": 1.0, "inject_trigger": "any"}]
    assert params["post_processing"] == ["GFPGAN"]
    assert first["trusted_workers"] is True
    shown = await control.message((await ada.press(done, "Details")).message_id)
    line = next(block for block in shown.text.split("```") if "/imagine" in block).strip()
    pieces = re.split(r" (prompt|negative|model|seed|count|extra|private):", line)
    options = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    assert options["extra"].startswith("--only ")
    pasted: dict[str, Any] = {name: int(v) if name == "count" else v for name, v in options.items()}
    await ada.result(await ada.command("imagine", install="guild", **pasted))
    first, second = await payloads(control, "a lynx", 2)
    assert first == second


async def test_a_mistake_is_said_privately_and_costs_nothing(control: Control) -> None:
    ada = await control.person("ada")
    for extra, said in (
        ("--steps 20 --stpes 30", "Did you mean `--steps`?"),
        ("--post 4x_AnimeSharp,4xLSDIRplus", "one upscaler"),
        ("--control canny", "`control` needs a source image"),
    ):
        answer = await ada.command("imagine", prompt="never sent", extra=extra)
        message = await control.message(answer.message_id)
        assert message.is_private
        assert said in message.text
    assert not [r for r in await control.horde_requests() if "never sent" in r["prompt"]]


async def test_flags_complete_while_somebody_types(control: Control) -> None:
    ada = await control.person("ada")

    async def shown(typed: str) -> list[str]:
        found = await ada.complete("imagine", "extra", prompt="x", extra=typed)
        assert all(choice["name"] == choice["value"] for choice in found)
        return [choice["value"] for choice in found]

    assert "--steps" in await shown("")
    assert (await shown("--steps 30 --sam"))[0] == "--steps 30 --sampler"
    assert (await shown("--sampler eul"))[0] == "--sampler k_euler"
    assert (await shown("--model albedo"))[0] == '--model "AlbedoBase XL (SDXL)"'


async def test_image_is_shown_as_png_on_request(control: Control) -> None:
    ada = await control.person("ada")
    answer = await ada.command("imagine", prompt="a PNG owl", extra="--format png")
    done = await ada.result(answer)
    assert (await control.fetch(done.pictures[0])).startswith(b"\x89PNG")
