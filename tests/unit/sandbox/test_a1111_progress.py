"""The local web UI: progress, interrupt, skip, one job at a time, faults."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.support.optional_servers import LocalServer, local_server
from tests.support.waiting import eventually

API = "/sdapi/v1"
SMALL = {"width": 64, "height": 64, "steps": 20, "seed": 1}


@pytest.fixture
async def webui() -> AsyncIterator[LocalServer]:
    async with local_server("a1111", (0.4, 0.4), settings={}) as server:
        yield server


def start(webui: LocalServer, **body: Any) -> asyncio.Task[tuple[int, Any]]:
    return asyncio.create_task(webui.post(f"{API}/txt2img", **{**SMALL, **body}))


async def progress(webui: LocalServer, **query: str) -> dict[str, Any]:
    return (await webui.get(f"{API}/progress", **query))[1]


async def running(webui: LocalServer, above: float = 0.01) -> dict[str, Any]:
    """The progress as soon as it is above a value."""

    async def look() -> dict[str, Any] | None:
        seen = await progress(webui)
        return seen if seen["progress"] > above else None

    return await eventually(look, f"a progress above {above}", pause=0.01)


async def test_progress_rises_with_previews_and_ends(webui: LocalServer) -> None:
    idle = await progress(webui)
    assert (idle["progress"], idle["eta_relative"], idle["current_image"]) == (0, 0, None)
    job = start(webui, width=256, height=256)
    early = await running(webui)
    assert early["state"]["job_count"] == 1
    assert early["state"]["sampling_steps"] == 20
    assert early["current_image"] is None  # a preview is made each ten steps
    late = await running(webui, above=early["progress"] + 0.5)
    assert late["eta_relative"] < early["eta_relative"]
    assert late["state"]["sampling_step"] > early["state"]["sampling_step"]
    assert base64.b64decode(late["current_image"]).startswith(b"\x89PNG")
    assert (await progress(webui, skip_current_image="true"))["current_image"] is None
    assert (await job)[0] == 200
    assert (await progress(webui))["progress"] == 0


async def test_preview_bytes_grow_with_the_steps(webui: LocalServer) -> None:
    await webui.knobs(job_seconds=[2, 2])
    await webui.post(f"{API}/options", show_progress_every_n_steps=1)
    job = start(webui, width=512, height=512)
    early = (await running(webui, above=0.1))["current_image"]
    late = (await running(webui, above=0.8))["current_image"]
    assert len(late) > len(early)
    await webui.post(f"{API}/interrupt")
    await job


async def test_interrupt_answers_the_half_made_image(webui: LocalServer) -> None:
    whole = (await start(webui))[1]["images"]
    job = start(webui, n_iter=3)
    await running(webui)
    assert await webui.post(f"{API}/interrupt") == (200, {})
    status, answer = await job
    assert (status, len(answer["images"])) == (200, 1)
    assert answer["images"] != whole
    assert json.loads(answer["info"])["all_seeds"] == [1, 2, 3]
    assert [each["state"] for each in (await webui.jobs())["jobs"]] == [
        "done",
        "interrupted",
    ]


async def test_skip_ends_one_iteration(webui: LocalServer) -> None:
    job = start(webui, n_iter=2)
    await running(webui)
    assert await webui.post(f"{API}/skip") == (200, None)
    assert (await running(webui, above=0.5))["state"]["job_no"] == 1
    assert len((await job)[1]["images"]) == 2


async def test_second_job_waits_and_keeps_running_after_interrupt(
    webui: LocalServer,
) -> None:
    first, second = start(webui, prompt="first"), start(webui, prompt="second")
    await running(webui)
    jobs = (await webui.jobs())["jobs"]
    assert [each["state"] for each in jobs] == ["running", "waiting"]
    await webui.post(f"{API}/interrupt")
    assert (await first)[0] == 200
    assert not second.done()
    assert (await second)[0] == 200
    shown = await webui.jobs()
    assert [each["state"] for each in shown["jobs"]] == ["interrupted", "done"]
    assert shown["jobs"][1]["payload"] == {**SMALL, "prompt": "second"}
    assert shown["submits"] == {"txt2img": 2}


async def test_stalled_job_ends_when_it_is_interrupted(webui: LocalServer) -> None:
    await webui.misbehave("stall", times=1)
    job = start(webui)
    await asyncio.sleep(0.5)
    assert not job.done()
    await webui.post(f"{API}/interrupt")
    assert (await job)[0] == 200


async def test_checkpoint_is_loaded_after_the_running_job(webui: LocalServer) -> None:
    job = start(webui)
    await running(webui)
    change = asyncio.create_task(
        webui.post(f"{API}/options", sd_model_checkpoint="juggernautXL_v9")
    )
    await job
    assert await change == (200, None)


@pytest.mark.parametrize(("kind", "accepted"), [("drop", 0), ("drop_after", 1)])
async def test_fault_drops_the_call_before_or_after_the_work(
    webui: LocalServer, kind: str, accepted: int
) -> None:
    webui.fault(kind, route="POST /txt2img")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await start(webui)
    assert (await webui.jobs())["submits"].get("txt2img", 0) == accepted


async def test_job_goes_on_when_its_client_is_gone(webui: LocalServer) -> None:
    webui.fault("drop_after", seconds=0.1, route="POST /txt2img")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await start(webui)
    assert (await webui.jobs())["jobs"][0]["state"] == "running"
    assert (await start(webui))[0] == 200  # it waited for the first one
    assert (await webui.jobs())["jobs"][0]["state"] == "done"


async def test_fault_answers_a_status_for_one_call(webui: LocalServer) -> None:
    webui.fault("status", status=503, route="GET /progress")
    assert (await webui.get(f"{API}/progress"))[0] == 503
    assert (await webui.get(f"{API}/progress"))[0] == 200
