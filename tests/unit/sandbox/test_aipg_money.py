"""The local AI Power Grid: keys, quota, credits, and recovery of results."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.support.json_types import Json
from tests.support.optional_servers import LocalServer, local_server
from tests.support.waiting import WAIT_MAX

ADA, BOB = "grid_ada_0123456789abcdef", "grid_bob_0123456789abcdef"
IMAGES = "/images/generations"
OWL: Json = {"prompt": "an owl", "size": "512x512"}


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server("aipg") as server:
        server.headers = {"Authorization": f"Bearer {ADA}"}
        yield server


async def recovered(server: LocalServer, ref: str, state: str) -> Json:
    """The result of a reference as soon as it has this state."""
    async with asyncio.timeout(WAIT_MAX):
        while True:
            status, answer = await server.get(f"/media/results?client_ref={ref}")
            if status == 200 and answer["state"] == state:
                return answer
            await asyncio.sleep(0.01)


async def test_missing_and_wrong_keys_are_refused(server: LocalServer) -> None:
    server.headers = {}
    status, answer = await server.post(IMAGES, **OWL)
    assert (status, "Missing API key" in answer["detail"]) == (401, True)
    server.headers = {"apikey": "grid_nobody"}
    assert await server.get("/account/credits") == (401, {"detail": "Invalid API key"})


async def test_free_credit_is_used_first(server: LocalServer) -> None:
    await server.control("POST", "accounts", {"key": ADA, "free_micro": 4_000})
    await server.post(IMAGES, **OWL)
    _, credit = await server.get("/account/credits")
    assert credit["free"]["remaining_micro"] == 0
    assert credit["paid"]["balance_micro"] == 4_994_000
    assert credit["total_spendable_micro"] == 4_994_000
    assert (credit["charging_enabled"], credit["charging_mode"]) == (True, "on")


async def test_short_credit_is_refused_with_402(server: LocalServer) -> None:
    server.headers = {"apikey": BOB}
    await server.control("POST", "accounts", {"key": BOB, "free_micro": 9_999})
    assert await server.post(IMAGES, **OWL) == (402, {"detail": "insufficient credits"})
    quote: Json = {"model": "FLUX.2 Klein 4B FP8", "modality": "image"}
    _, answer = await server.post("/account/credits/quote", **quote)
    assert answer["estimate"]["cost_micro"] == 10_000
    assert answer["estimate"]["shortfall_micro"] == 1
    assert answer["estimate"]["balance_sufficient"] is False


async def test_quote_of_a_video_needs_seconds(server: LocalServer) -> None:
    quote: Json = {"model": "LTX-2.3", "modality": "video"}
    assert (await server.post("/account/credits/quote", **quote))[0] == 422
    _, answer = await server.post("/account/credits/quote", **quote, seconds=3)
    assert answer["estimate"]["cost_micro"] == 60_000
    _, answer = await server.post("/account/credits/quote", model="x", modality="text")
    assert (answer["estimate"]["priced"], answer["estimate"]["reason"]) == (False, "unpriced")


async def test_free_quota_ends_after_200_requests_a_day(server: LocalServer) -> None:
    server.headers = {"apikey": BOB}
    await server.control("POST", "accounts", {"key": BOB, "requests": 199})
    assert (await server.post(IMAGES, **OWL))[0] == 200
    status, headers, answer = await server.answer("POST", IMAGES, OWL)
    assert (status, "Free daily limit reached" in answer["detail"]) == (429, True)
    assert 1 <= int(headers["Retry-After"]) <= 86_400


async def test_limiter_refuses_the_eleventh_image_without_retry_after(server: LocalServer) -> None:
    statuses = [(await server.post(IMAGES))[0] for _ in range(10)]
    assert set(statuses) <= {422, 429}
    status, headers, answer = await server.answer("POST", IMAGES, {})
    if status == 429:  # unless a new minute began
        assert answer["error"]["type"] == "rate_limit_error"
        assert "Retry-After" not in headers
    server.headers = {"apikey": BOB}
    assert (await server.post(IMAGES, **OWL))[0] == 200


async def test_fifth_media_job_at_once_is_refused(server: LocalServer) -> None:
    await server.knobs(job_seconds=[0.3, 0.3])
    results = await asyncio.gather(*(server.post(IMAGES, **OWL) for _ in range(5)))
    assert sorted(status for status, _ in results) == [200, 200, 200, 200, 429]
    assert (await server.jobs())["charged_micro"] == 40_000


async def test_lost_answer_is_found_by_its_token_and_paid_once(server: LocalServer) -> None:
    ref = uuid.uuid4().hex
    await server.knobs(job_seconds=[0.3, 0.3])
    server.fault("drop_after", route="POST /v1/images/generations", seconds=0.05)
    with pytest.raises(aiohttp.ClientError):
        await server.post(IMAGES, **OWL, progress_token=ref)
    pending = await recovered(server, ref, "pending")
    assert (pending["actual_micro"], pending["result"]) == (None, None)
    _, progress = await server.get(f"/progress/{ref}")
    assert 0 < progress["progress"] < 100
    done = await recovered(server, ref, "completed")
    assert done["actual_micro"] == 10_000
    [output] = done["result"]["media"]
    assert {"url", "key", "sha256", "seed"} == set(output)
    assert (await server.download(output["url"]))[0] == 200
    assert await server.get(f"/media/results?job_id={done['job_id']}") == (200, done)
    found = await server.jobs()
    assert (found["submits"], found["charged_micro"]) == ({"image": 1}, 10_000)


async def test_call_that_never_arrived_is_unknown(server: LocalServer) -> None:
    server.fault("drop", route="POST /v1/images/generations")
    with pytest.raises(aiohttp.ClientError):
        await server.post(IMAGES, **OWL, progress_token="lost")
    status, answer = await server.get("/media/results?client_ref=lost")
    assert (status, answer["detail"]) == (404, "No recoverable reservation found")
    assert await server.get("/progress/lost") == (200, {"progress": None})


async def test_job_refused_after_the_hold_is_closed_without_result(server: LocalServer) -> None:
    assert (await server.post(IMAGES, **OWL, steps=20, progress_token="refused"))[0] == 422
    _, answer = await server.get("/media/results?client_ref=refused")
    assert (answer["state"], answer["actual_micro"]) == ("closed_without_result", 0)
    assert (await server.jobs())["submits"] == {}


async def test_result_of_another_account_or_unbilled_is_unknown(server: LocalServer) -> None:
    await server.post(IMAGES, **OWL, progress_token="mine")
    server.headers = {"apikey": BOB}
    assert (await server.get("/media/results?client_ref=mine"))[0] == 404
    await server.knobs(charging=False)
    await server.post(IMAGES, **OWL, progress_token="free")
    assert (await server.get("/media/results?client_ref=free"))[0] == 404
    assert (await server.get("/account/credits"))[1]["charging_mode"] == "off"


async def test_shared_token_is_ambiguous(server: LocalServer) -> None:
    for _ in range(2):
        await server.post(IMAGES, **OWL, progress_token="twice")
    assert (await server.get("/media/results?client_ref=twice"))[0] == 409


@pytest.mark.parametrize("query", ["", "?job_id=x", "?client_ref=", "?client_ref=" + "x" * 129])
async def test_invalid_query_is_refused(server: LocalServer, query: str) -> None:
    assert (await server.get(f"/media/results{query}"))[0] == 422


async def test_recovery_can_be_unavailable(server: LocalServer) -> None:
    await server.knobs(recovery=False)
    status, headers, _ = await server.answer("GET", "/media/results?client_ref=x")
    assert (status, headers["Cache-Control"]) == (503, "no-store")


@pytest.mark.parametrize(
    ("tag", "status", "state", "charged"),
    [
        ("failed", 502, "closed_without_result", 0),
        ("timeout", 504, "closed_without_result", 0),
        ("late", 504, "completed", 10_000),
    ],
)
async def test_tagged_job_ends_as_its_tag_says(
    server: LocalServer, tag: str, status: int, state: str, charged: int
) -> None:
    await server.knobs(late_seconds=0.05)
    body = OWL | {"prompt": f"an owl [sandbox:{tag}]", "progress_token": tag}
    assert (await server.post(IMAGES, **body))[0] == status
    assert (await recovered(server, tag, state))["actual_micro"] == charged
    assert (await server.jobs())["charged_micro"] == charged
