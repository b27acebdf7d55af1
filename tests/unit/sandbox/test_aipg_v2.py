"""The local AI Power Grid of version 2: where it differs from the Horde, and its end."""

import base64
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image

from tests.support.optional_servers import LocalServer, local_server
from tests.support.waiting import eventually

ANONYMOUS = "0000000000"


@pytest.fixture
async def grid() -> AsyncIterator[LocalServer]:
    async with local_server("aipg-v2", settings={}) as server:
        server.headers["apikey"] = ANONYMOUS
        await server.knobs(limits=False, caches=False)
        yield server


async def submit(grid: LocalServer, **body: Any) -> str:
    status, answer = await grid.post("/generate/async", prompt="a harbour", **body)
    assert status == 202, answer
    return answer["id"]


async def finish(grid: LocalServer, job: str) -> dict[str, Any]:
    async def look() -> bool | None:
        return (await grid.get(f"/generate/check/{job}"))[1]["done"] or None

    await eventually(look, "the end of a request", pause=0.02)
    return (await grid.get(f"/generate/status/{job}"))[1]


async def image_of(grid: LocalServer, **body: Any) -> bytes:
    """The result with a fixed seed."""
    params = {"width": 64, "height": 64, "seed": "1"}
    status = await finish(grid, await submit(grid, params=params, r2=False, **body))
    return base64.b64decode(status["generations"][0]["img"])


async def test_model_names_are_in_lower_case(grid: LocalServer) -> None:
    models = (await grid.get("/status/models", type="image"))[1]
    assert "deliberate" in {each["name"] for each in models}
    assert all(each["name"] == each["name"].lower() for each in models)
    status = await finish(grid, await submit(grid, models=["Deliberate"]))
    assert status["generations"][0]["model"] == "deliberate"


async def test_source_image_is_ignored_without_processing(grid: LocalServer) -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, "PNG")
    source = {"source_image": base64.b64encode(out.getvalue()).decode()}
    plain = await image_of(grid)
    assert await image_of(grid, **source) == plain
    assert await image_of(grid, **source, source_processing="txt2img") == plain
    assert await image_of(grid, **source, source_processing="img2img") != plain


async def test_request_for_several_images_starves(grid: LocalServer) -> None:
    several = await submit(grid, params={"n": 2})
    await finish(grid, await submit(grid))
    check = (await grid.get(f"/generate/check/{several}"))[1]
    assert (check["waiting"], check["processing"], check["finished"]) == (2, 0, 0)


async def test_every_call_is_gone_after_the_end(grid: LocalServer) -> None:
    await grid.knobs(gone=True)
    for answer in (
        await grid.get("/status/heartbeat"),
        await grid.post("/generate/async", prompt="a harbour"),
    ):
        assert answer[0] == 410
        assert set(answer[1]) == {"status", "message"}


async def test_faults_and_calls_have_their_own_name(grid: LocalServer) -> None:
    grid.fault("status", status=503)
    assert (await grid.get("/status/heartbeat"))[0] == 503
    assert [each["server"] for each in (await grid.control("GET", "calls"))[1]["calls"]] == [
        "aipg-v2"
    ]
