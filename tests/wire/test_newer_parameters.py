"""Samplers, schedulers and control types of the newer Horde, and what the older one says."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.horde.newer.versions import NEWER
from tests.support.bots.process import BotProcess, BotWithSandbox
from tests.support.builders import encoded
from tests.support.discord.client import Control, controlling
from tests.support.json_types import Json
from tests.support.pictures import halves
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Generator[BotProcess]:
    with closing(BotWithSandbox(tmp_path_factory.mktemp("newer"), horde_version=NEWER)) as bot:
        bot.start_bot()
        yield bot


@pytest.fixture
async def newer_control(newer: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(newer.control) as found:
        await eventually(lambda: kept(newer.folder), "the bot knows the samplers")
        yield found


async def kept(folder: Path) -> bool:
    return await asyncio.to_thread((folder / "data/catalog/samplers-horde.json").exists)


async def params_of(control: Control, prompt: str) -> Json:
    found = [r["payload"] for r in await control.horde_requests() if prompt in r["prompt"]]
    assert len(found) == 1
    return found[0]["params"]


async def test_newer_horde_gets_sampler_scheduler_and_settings(newer_control: Control) -> None:
    ada = await newer_control.person("ada")
    offered = await ada.complete("advanced", "sampler", prompt="x", sampler="")
    assert [choice["value"] for choice in offered][:2] == ["DDIM", "dpmpp_2m_sde"]
    assert len(offered) == 25
    answer = await ada.command(
        "advanced",
        prompt="a grey heron",
        model="Deliberate",
        sampler="dpmpp_2m_sde",
        scheduler="sgm uniform",
        extra="--eta 0.5 --solver-type heun",
    )
    await ada.result(answer)
    params = await params_of(newer_control, "a grey heron")
    assert (params["sampler_name"], params["scheduler"]) == ("dpmpp_2m_sde", "sgm_uniform")
    assert (params["sampler_eta"], params["sampler_solver_type"]) == (0.5, "heun")
    assert "sampler_s_noise" not in params
    assert "flow_shift" not in params


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("--sampler dpmpp_3m_sde --no-karras", "does not work with the scheduler normal"),
        ("--sampler deis --sampler-order 5", "from 2 to 4 with the sampler deis"),
        ("--sampler uni_pc --eta 1", "`sampler_eta` has no effect with the sampler uni_pc"),
        ("--model Deliberate --flow-shift 3", "works with Flux and Qwen models only"),
        ("--control-strength 0.5", "`control_strength` needs `control`"),
    ],
)
async def test_newer_horde_is_not_asked_for_refused_pairs_and_ranges(
    newer_control: Control, extra: str, said: str
) -> None:
    ada = await newer_control.person("ada")
    answer = await ada.command("imagine", prompt="refused before", extra=extra)
    message = await newer_control.message(answer.message_id)
    assert message.is_private
    assert said in message.text
    assert not [r for r in await newer_control.horde_requests() if "refused before" in r["prompt"]]


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("--sampler uni_pc", "does not know the sampler uni_pc yet"),
        ("--scheduler beta", "does not know the scheduler beta yet"),
        ("--eta 1", "does not know `sampler_eta` yet"),
        ("--flow-shift 3", "does not know `flow_shift` yet"),
    ],
)
async def test_older_horde_is_not_asked_for_what_it_does_not_know(
    control: Control, extra: str, said: str
) -> None:
    ada = await control.person("ada")
    answer = await ada.command("imagine", prompt="not known here", extra=extra)
    message = await control.message(answer.message_id)
    assert message.is_private
    assert said in message.text
    assert not [r for r in await control.horde_requests() if "not known here" in r["prompt"]]


async def test_older_horde_offers_only_what_it_knows(control: Control) -> None:
    ada = await control.person("ada")
    offered = await ada.complete("advanced", "sampler", prompt="x", sampler="")
    assert len(offered) == 14
    offered = await ada.complete("advanced", "scheduler", prompt="x", scheduler="")
    assert {choice["value"] for choice in offered} == {"normal", "karras"}
    typed = await ada.complete("imagine", "extra", prompt="x", extra="--flow")
    assert not any(choice["value"].startswith("--flow-shift") for choice in typed)
    await ada.result(
        await ada.command("advanced", prompt="a plain duck", model="Deliberate", scheduler="normal")
    )
    assert (await params_of(control, "a plain duck"))["karras"] is False


async def test_any_model_names_models(control: Control) -> None:
    ada = await control.person("ada")
    await ada.result(await ada.command("imagine", prompt="a barn owl", model="any"))
    found = [r["payload"] for r in await control.horde_requests() if "a barn owl" in r["prompt"]]
    assert 1 <= len(found[0]["models"]) <= 5


async def test_newer_horde_gets_a_new_control_type_and_its_strength(newer_control: Control) -> None:
    ada = await newer_control.person("ada")
    image = await newer_control.upload("a.png", encoded(halves(512, 512), "PNG"), "image/png")
    answer = await ada.command(
        "remix",
        image=image,
        prompt="a clay fox",
        control="lineart anime",
        extra="--control-strength 0.8",
    )
    await ada.result(answer)
    params = await params_of(newer_control, "a clay fox")
    assert (params["control_type"], params["control_strength"]) == ("lineart_anime", 0.8)


async def test_older_horde_is_not_asked_for_a_new_control_type(control: Control) -> None:
    ada = await control.person("ada")
    image = await control.upload("a.png", encoded(halves(512, 512), "PNG"), "image/png")
    offered = await ada.complete("remix", "control", prompt="x", control="")
    assert len(offered) == 9
    answer = await ada.command("remix", image=image, prompt="a tin fox", control="lineart anime")
    message = await control.message(answer.message_id)
    assert message.is_private
    assert "does not know the control type lineart_anime yet" in message.text
    assert not [r for r in await control.horde_requests() if "a tin fox" in r["prompt"]]
