"""The local Algovera: jobs by id, keys and credits, assets, behaviours."""

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from sandbox.algovera.state import EXAMPLE_KEY, FIXED_SEED
from tests.support.optional_servers import LocalServer, local_server
from tests.support.waiting import eventually

BODY = {"prompt": "a harbour", "width": 128, "height": 64, "seed": 3, "api_key": EXAMPLE_KEY}


@pytest.fixture
async def algovera() -> AsyncIterator[LocalServer]:
    async with local_server("algovera", settings={}) as server:
        yield server


async def submit(algovera: LocalServer, **body: Any) -> str:
    status, answer = await algovera.post("/api/txt2img", **{**BODY, **body})
    assert status == 201
    return answer["job_uuid"]


async def status_of(algovera: LocalServer, job: str, key: str = EXAMPLE_KEY) -> Any:
    return await algovera.get("/api/status", job_uuid=job, api_key=key)


async def wait_for(algovera: LocalServer, job: str, status: str) -> None:
    async def look() -> bool | None:
        return (await status_of(algovera, job))[1]["job_status"] == status or None

    await eventually(look, f"the status {status}", pause=0.005)


async def asset(algovera: LocalServer, job: str) -> tuple[int, Any, bytes]:
    """Status, headers and body of the asset."""
    body = {"api_key": EXAMPLE_KEY, "job_uuid": job}
    async with algovera.http.get(f"{algovera.url}/api/getAsset", json=body) as answer:
        return answer.status, answer.headers, await answer.read()


async def test_job_goes_from_created_to_done_with_a_jpeg(algovera: LocalServer) -> None:
    job = await submit(algovera)
    assert (await status_of(algovera, job))[1] == {"job_uuid": job, "job_status": "created"}
    assert (await asset(algovera, job))[0] == 500
    await wait_for(algovera, job, "done")
    status, headers, data = await asset(algovera, job)
    image = Image.open(io.BytesIO(data))
    assert (status, image.format, image.size) == (200, "JPEG", (128, 64))
    assert "Content-Length" not in headers


async def test_jobs_without_a_seed_are_the_same_image(algovera: LocalServer) -> None:
    body = {name: value for name, value in BODY.items() if name != "seed"}
    assert (await algovera.post("/api/txt2img", **body))[0] == 201
    assert (await algovera.jobs())["jobs"][0]["payload"]["seed"] == FIXED_SEED


async def test_models_are_names(algovera: LocalServer) -> None:
    status, answer = await algovera.get("/api/basemodels")
    assert status == 200
    assert "stable diffusion v1.5" in answer["base_models"]


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"api_key": "short"}, 403, "Invalid API key"),
        ({"api_key": "b2" * 32}, 403, "Unknown user"),
        ({"base_model": "none such"}, 500, "Internal server error"),
    ],
)
async def test_submit_is_refused(
    algovera: LocalServer, body: dict[str, str], status: int, detail: str
) -> None:
    answer = await algovera.post("/api/txt2img", **{**BODY, **body})
    assert answer == (status, {"detail": detail})
    assert (await algovera.jobs())["submits"] == {"txt2img": 0}


async def test_invalid_fields_are_listed(algovera: LocalServer) -> None:
    status, answer = await algovera.post("/api/txt2img", **{**BODY, "width": "wide"})
    assert (status, answer["detail"][0]["loc"]) == (422, ["body", "width"])
    status, answer = await algovera.get("/api/status", api_key=EXAMPLE_KEY)
    assert (status, answer["detail"][0]["loc"]) == (422, ["query", "job_uuid"])


async def test_each_job_costs_one_credit(algovera: LocalServer) -> None:
    await algovera.knobs(credits={EXAMPLE_KEY: 1})
    await submit(algovera)
    refused = await algovera.post("/api/txt2img", **BODY)
    assert refused == (403, {"detail": "Insufficient credits"})
    assert (await algovera.control("GET", "keys"))[1]["credits"] == {EXAMPLE_KEY: 0}


async def test_job_of_another_key_is_refused(algovera: LocalServer) -> None:
    other = "b2" * 32
    await algovera.knobs(credits={other: 1})
    job = await submit(algovera)
    refused = (403, {"detail": f"Invalid Credentials for job_id: {job}"})
    assert await status_of(algovera, job, other) == refused


async def test_running_job_can_be_called_in_process(algovera: LocalServer) -> None:
    await algovera.knobs(in_process=True)
    stuck = await submit(algovera, prompt="[sandbox:stuck]")
    await wait_for(algovera, stuck, "in-process")
    done = await submit(algovera)
    await wait_for(algovera, done, "done")
    assert (await status_of(algovera, stuck))[1]["job_status"] == "in-process"


async def test_asset_can_be_late(algovera: LocalServer) -> None:
    await algovera.knobs(asset_seconds=0.2)
    job = await submit(algovera)
    await wait_for(algovera, job, "done")
    assert (await asset(algovera, job))[0] == 500

    async def look() -> bool | None:
        return (await asset(algovera, job))[0] == 200 or None

    await eventually(look, "an asset", pause=0.02)


@pytest.mark.parametrize(
    ("behaviour", "word", "status"),
    [("failed", "failed", 500), ("lost_image", "done", 500), ("garbage", "done", 200)],
)
async def test_behaviour_changes_the_end(
    algovera: LocalServer, behaviour: str, word: str, status: int
) -> None:
    await algovera.misbehave(behaviour, match="harbour")
    job = await submit(algovera)
    await wait_for(algovera, job, word)
    seen, _, data = await asset(algovera, job)
    assert seen == status
    assert not data.startswith(b"\xff\xd8")


async def test_fault_loses_the_answer_after_the_job_is_accepted(
    algovera: LocalServer,
) -> None:
    algovera.fault("drop_after", route="POST /txt2img")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await algovera.post("/api/txt2img", **BODY)
    assert (await algovera.jobs())["submits"] == {"txt2img": 1}
