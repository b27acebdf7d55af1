"""The backend for Algovera, against the local one."""

import io
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from bot.backends import open_backend
from bot.backends.algovera.backend import DEADLINE, AlgoveraBackend
from bot.backends.algovera.client import AlgoveraClient
from bot.backends.algovera.error_mapping import algovera_refusal
from bot.backends.base import Backend
from bot.domain.requests import ImageRequest, Kind, TextRequest
from bot.domain.results import Phase, Status
from bot.errors import (
    BackendDown,
    BackendError,
    BadReply,
    RateLimited,
    RequestGone,
    RequestRejected,
    ResultTooLarge,
)
from bot.settings import BackendSettings
from sandbox.algovera.state import EXAMPLE_KEY
from tests.support.optional_servers import LocalServer, local_server
from tests.support.waiting import eventually

REQUEST = ImageRequest(prompt="a harbour", width=128, height=128, steps=20, seed="7")
UNKNOWN_KEY = "b2" * 32


@dataclass
class Now:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def algovera() -> AsyncIterator[LocalServer]:
    async with local_server("algovera", settings={}) as server:
        yield server


@pytest.fixture
def clock() -> Now:
    return Now()


@pytest.fixture
def backend(algovera: LocalServer, clock: Now) -> AlgoveraBackend:
    client = AlgoveraClient(algovera.http, algovera.url, "Algovera")
    return AlgoveraBackend("algovera", client, clock=clock)


async def submitted(backend: Backend, request: ImageRequest = REQUEST) -> str:
    return (await backend.submit(request, EXAMPLE_KEY)).remote_id


async def ended(backend: Backend, job: str) -> Status:
    async def look() -> Status | None:
        status = await backend.status(job, Kind.IMAGE, n=1)
        return None if status.phase.is_open else status

    return await eventually(look, "the end of the job", pause=0.005)


async def test_image_arrives(backend: AlgoveraBackend, algovera: LocalServer) -> None:
    status = await ended(backend, await submitted(backend))
    assert status.phase is Phase.DONE
    (image,) = status.pictures
    assert (image.seed, image.model) == ("7", "stable diffusion v1.5")
    data = await backend.fetch(image.url, 1_000_000)
    assert Image.open(io.BytesIO(data)).size == (128, 128)
    (sent,) = (await algovera.jobs())["jobs"]
    assert sent["payload"]["inf_steps"] == 20


async def test_chosen_model_is_sent(backend: AlgoveraBackend, algovera: LocalServer) -> None:
    await submitted(backend, REQUEST.model_copy(update={"models": ("stable",)}))
    assert (await algovera.jobs())["jobs"][0]["payload"]["base_model"] == "stable"


async def test_seed_is_always_sent(backend: AlgoveraBackend, algovera: LocalServer) -> None:
    """Without one, each image of the server has the same."""
    for seed in ("", "", "a word", "99999999999"):
        await submitted(backend, REQUEST.model_copy(update={"seed": seed}))
    seeds = [job["payload"]["seed"] for job in (await algovera.jobs())["jobs"]]
    assert len(set(seeds)) == 4
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert 69 not in seeds


@pytest.mark.parametrize("in_process", [True, False])
async def test_running_job_stays_open_under_each_word(
    backend: AlgoveraBackend, algovera: LocalServer, *, in_process: bool
) -> None:
    await algovera.knobs(in_process=in_process, job_seconds=[5, 5])
    job = await submitted(backend)
    status = await backend.status(job, Kind.IMAGE, n=1)
    assert (status.phase, status.processing) == (Phase.PROCESSING, 1)


async def test_failed_job_ends_with_a_reason(
    backend: AlgoveraBackend, algovera: LocalServer
) -> None:
    await algovera.misbehave("failed")
    status = await ended(backend, await submitted(backend))
    assert status.phase is Phase.FAULTED
    assert "Algovera failed to make the image" in status.detail


async def test_stuck_job_ends_at_the_deadline(
    backend: AlgoveraBackend, algovera: LocalServer, clock: Now
) -> None:
    await algovera.misbehave("stuck")
    job = await submitted(backend)
    clock.seconds += DEADLINE - 1
    assert (await backend.status(job, Kind.IMAGE, n=1)).phase.is_open
    clock.seconds += 2
    status = await backend.status(job, Kind.IMAGE, n=1)
    assert status.phase is Phase.FAULTED
    assert "within 5 minutes" in status.detail


async def test_asset_that_is_not_ready_is_fetched_later(
    backend: AlgoveraBackend, algovera: LocalServer
) -> None:
    await algovera.knobs(asset_seconds=3600)
    (image,) = (await ended(backend, await submitted(backend))).pictures
    with pytest.raises(BackendDown):
        await backend.fetch(image.url, 1_000_000)
    await algovera.knobs(asset_seconds=0)
    assert await backend.fetch(image.url, 1_000_000)


async def test_asset_above_the_limit_is_not_read(backend: AlgoveraBackend) -> None:
    (image,) = (await ended(backend, await submitted(backend))).pictures
    with pytest.raises(ResultTooLarge):
        await backend.fetch(image.url, 100)


@pytest.mark.parametrize("url", ["https://example.org/a.png", "file:///etc/passwd", ""])
async def test_other_addresses_are_not_fetched(backend: AlgoveraBackend, url: str) -> None:
    with pytest.raises(BadReply):
        await backend.fetch(url, 100)


async def test_job_of_an_earlier_run_continues_with_its_key(
    backend: AlgoveraBackend, algovera: LocalServer
) -> None:
    job = await submitted(backend)
    later = AlgoveraBackend("algovera", AlgoveraClient(algovera.http, algovera.url, "Algovera"))
    with pytest.raises(RequestGone):
        await later.status(job, Kind.IMAGE, n=1)
    assert later.resume(job, REQUEST, EXAMPLE_KEY)
    (image,) = (await ended(later, job)).pictures
    assert image.seed == "7"
    assert await later.fetch(image.url, 1_000_000)


async def test_key_is_forgotten_with_the_job(backend: AlgoveraBackend) -> None:
    job = await submitted(backend)
    backend.forget(job)
    with pytest.raises(RequestGone):
        await backend.status(job, Kind.IMAGE, n=1)


async def test_cancelled_job_goes_on_and_is_charged(
    backend: AlgoveraBackend, algovera: LocalServer
) -> None:
    await algovera.knobs(job_seconds=[5, 5])
    status = await backend.cancel(await submitted(backend), Kind.IMAGE, n=1)
    assert (status.phase, status.processing) == (Phase.CANCELLED, 1)


async def test_finished_job_keeps_its_image_after_a_cancel(backend: AlgoveraBackend) -> None:
    job = await submitted(backend)
    await ended(backend, job)
    assert (await backend.cancel(job, Kind.IMAGE, n=1)).phase is Phase.DONE


@pytest.mark.parametrize(
    ("key", "words"),
    [(UNKNOWN_KEY, "API key"), ("0000000000", "API key"), ("a key\n", "API key")],
)
async def test_wrong_key_is_refused_privately(
    backend: AlgoveraBackend, key: str, words: str
) -> None:
    with pytest.raises(RequestRejected, match=words) as refused:
        await backend.submit(REQUEST, key)
    assert refused.value.private
    with pytest.raises(RequestRejected):
        await backend.account(key)


async def test_valid_key_passes_its_check(backend: AlgoveraBackend, algovera: LocalServer) -> None:
    assert (await backend.account(EXAMPLE_KEY)).username == "Algovera"
    assert (await algovera.jobs())["submits"] == {"txt2img": 0}


async def test_missing_credits_are_named(backend: AlgoveraBackend, algovera: LocalServer) -> None:
    await algovera.knobs(credits={EXAMPLE_KEY: 0})
    with pytest.raises(RequestRejected, match="no credits left"):
        await backend.submit(REQUEST, EXAMPLE_KEY)


@pytest.mark.parametrize(
    "change", [{"width": 2048}, {"height": 64}, {"steps": 150}], ids=["wide", "low", "steps"]
)
async def test_sizes_that_the_server_cannot_make_are_not_sent(
    backend: AlgoveraBackend, algovera: LocalServer, change: dict[str, Any]
) -> None:
    with pytest.raises(RequestRejected):
        await submitted(backend, REQUEST.model_copy(update=change))
    assert (await algovera.jobs())["jobs"] == []


async def test_texts_are_refused(backend: AlgoveraBackend) -> None:
    with pytest.raises(RequestRejected, match="images only"):
        await backend.submit(TextRequest(prompt="a story"), EXAMPLE_KEY)


@pytest.mark.parametrize("kind", ["drop_after", "garbage", "status"])
async def test_submit_without_an_answer_is_in_doubt(
    backend: AlgoveraBackend, algovera: LocalServer, kind: str
) -> None:
    algovera.fault(kind, route="POST /txt2img", **({"status": 500} if kind == "status" else {}))
    with pytest.raises(BackendDown) as lost:
        await backend.submit(REQUEST, EXAMPLE_KEY)
    assert lost.value.in_doubt


async def test_models_and_health(backend: AlgoveraBackend, algovera: LocalServer) -> None:
    names = [model.name for model in await backend.models(Kind.IMAGE)]
    assert "stable diffusion v2.1-768x768" in names
    assert await backend.models(Kind.TEXT) == ()
    assert (await backend.health()).ok
    algovera.fault("status", route="GET /basemodels", status=503)
    assert not (await backend.health()).ok


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, {"detail": "Unknown user"}, RequestRejected),
        (403, {"detail": "something else"}, RequestRejected),
        (403, None, RequestRejected),
        (403, {"detail": "Invalid Credentials for job_id: 5"}, RequestGone),
        (422, {"detail": [{"loc": ["body", "width"]}]}, RequestRejected),
        (429, None, RateLimited),
        (404, None, BackendDown),
        (302, None, BackendDown),
        (500, {"detail": {"deep": []}}, BackendDown),
    ],
)
def test_answers_become_typed_errors(status: int, body: object, error: type[BackendError]) -> None:
    assert type(algovera_refusal("Algovera", status, body)) is error


@pytest.mark.parametrize(
    "answer", [b"", b"[]", b'{"job_uuid": "../../x"}', b'{"job_uuid": [1]}', b"[" * 100_000]
)
async def test_hostile_receipt_is_in_doubt(answer: bytes) -> None:
    async def reply(_request: web.Request) -> web.Response:
        return web.Response(body=answer)

    app = web.Application()
    app.router.add_post("/api/txt2img", reply)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        client = AlgoveraClient(session, str(server.make_url("/api/")), "Algovera")
        with pytest.raises(BackendDown) as lost:
            await AlgoveraBackend("algovera", client).submit(REQUEST, EXAMPLE_KEY)
    assert lost.value.in_doubt


async def test_no_log_error_or_repr_contains_the_key(
    algovera: LocalServer, caplog: pytest.LogCaptureFixture
) -> None:
    """It travels in a query and in bodies."""
    caplog.set_level(logging.DEBUG)
    settings = BackendSettings(type="algovera", url=algovera.url)
    backend = open_backend("algovera", settings, session=algovera.http)
    job = await submitted(backend)
    said = [repr(backend), str(vars(backend)), await _errors_of(backend, algovera, job)]
    said += [record.getMessage() + str(record.exc_info) for record in caplog.records]
    assert not re.search(rf"{EXAMPLE_KEY}|api_key=", "\n".join(said))


async def _errors_of(backend: Backend, algovera: LocalServer, job: str) -> str:
    """What the errors of failed polls and downloads say, with the errors behind them."""
    errors = list[str]()
    for kind in ("drop", "drop_after", "html", "garbage", "rate_limit", "cut"):
        algovera.fault(kind, route="GET /status")
        try:
            await backend.status(job, Kind.IMAGE, n=1)
        except BackendError as error:
            errors += [repr(error), str(error), repr(error.__cause__)]
    assert len(errors) >= 12
    algovera.fault("status", route="GET /getAsset", status=500)
    with pytest.raises(BackendDown) as late:
        await backend.fetch(f"algovera:{job}", 1000)
    return "\n".join([*errors, repr(late.value), repr(vars(backend))])
