"""The adapter against the local Horde: real sockets, real queue, workers that misbehave."""

import asyncio
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from PIL import Image

from bot.alchemy import FORMS
from bot.backends import open_backend
from bot.backends.base import Backend
from bot.backends.horde_generations import CSAM, LOST, NSFW
from bot.backends.verdict import GAVE_UP
from bot.errors import (
    BackendDown,
    BackendPaused,
    BadReply,
    RateLimited,
    RequestGone,
    RequestRejected,
    TooManyPrompts,
)
from bot.requests import AlchemyRequest, ImageRequest, Kind, Request, Source, TextRequest, build
from bot.results import Phase, Status
from sandbox.faults import Faults
from sandbox.horde import HordeServer

KEY = "RichTrustedSandboxKey2"
ANONYMOUS = "0000000000"
SUBMIT = "POST /generate/async"


@pytest.fixture
async def server() -> AsyncIterator[HordeServer]:
    opened = HordeServer(faults=Faults(), job_seconds=(0.01, 0.02))
    opened.horde.limiter.enabled = opened.horde.caches.enabled = False
    opened.horde.knobs.loop_seconds = 0.05
    await opened.start("127.0.0.1", 0)
    yield opened
    await opened.close()


@pytest.fixture
async def backend(server: HordeServer) -> AsyncIterator[Backend]:
    async with aiohttp.ClientSession() as session:
        yield open_backend("horde", type="horde", url=server.url, session=session)


def image(prompt: str = "a lighthouse", n: int = 1) -> ImageRequest:
    return build(ImageRequest, prompt=prompt, n=n, width=256, height=256, steps=10)


def text(prompt: str = "Once upon a time", n: int = 1) -> TextRequest:
    return build(TextRequest, prompt=prompt, max_length=60, n=n)


def alchemy(*forms: str) -> AlchemyRequest:
    return build(AlchemyRequest, source=Source(url="https://x.test/"), forms=forms, withhold=False)


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(written, "PNG")
    return written.getvalue()


async def ended(backend: Backend, remote_id: str, request: Request) -> Status:
    """Look until it is over; an end that is only likely must be seen twice."""
    twice = False
    async with asyncio.timeout(20):
        while True:
            kind = Kind(request.kind)
            status = await backend.status(remote_id, kind, n=request.count)
            if not status.phase.is_open and (status.settled or twice):
                return status
            twice = not status.phase.is_open
            await asyncio.sleep(0.02)


async def begun(backend: Backend, remote_id: str) -> None:
    """Look until a worker has taken it."""
    async with asyncio.timeout(20):
        while True:
            status = await backend.status(remote_id, Kind.IMAGE, n=1)
            if status.phase is Phase.PROCESSING:
                return
            await asyncio.sleep(0.02)


async def made(backend: Backend, request: Request) -> Status:
    receipt = await backend.submit(request, KEY, source=picture())
    return await ended(backend, receipt.remote_id, request)


async def test_pictures(backend: Backend):
    status = await made(backend, image(n=3))
    assert (status.phase, status.detail, status.finished) == (Phase.DONE, "", 3)
    assert status.kudos > 0
    for made_one in status.pictures:
        assert made_one.seed
        assert made_one.model
        assert made_one.worker
        with Image.open(io.BytesIO(await backend.fetch(made_one.url))) as opened:
            assert opened.size == (256, 256)


async def test_the_seed_is_the_one_asked_for(backend: Backend):
    request = image().model_copy(update={"seed": "4242"})
    assert (await made(backend, request)).pictures[0].seed == "4242"


async def test_texts(backend: Backend):
    status = await made(backend, text(n=2))
    assert (status.phase, status.arrived) == (Phase.DONE, 2)


async def test_every_form(backend: Backend):
    status = await made(backend, alchemy(*FORMS))
    assert status.phase is Phase.DONE
    assert [form.form for form in status.forms] == list(FORMS)
    for form in status.forms:
        assert form.arrived or form.url, form
    drawing = next(form for form in status.forms if form.form == "vectorize")
    assert b"<svg" in await backend.fetch(drawing.url)
    upscaled = next(form for form in status.forms if form.form == "RealESRGAN_x2plus")
    with Image.open(io.BytesIO(await backend.fetch(upscaled.url))) as opened:
        assert opened.size == (128, 96)


async def test_it_waits_then_runs(server: HordeServer, backend: Backend):
    server.horde.knobs.job_seconds = (0.2, 0.2)
    server.horde.pools["image"].replace_workers([])
    receipt = await backend.submit(image(n=2), KEY)
    status = await backend.status(receipt.remote_id, Kind.IMAGE, n=2)
    assert (status.phase, status.waiting) == (Phase.WAITING, 2)
    assert receipt.warnings


@pytest.mark.parametrize("request_", [image(n=2), text(n=2)], ids=["image", "text"])
async def test_cancel_while_it_waits(request_: Request, server: HordeServer, backend: Backend):
    kind = Kind(request_.kind)
    server.horde.pools[kind].replace_workers([])
    receipt = await backend.submit(request_, KEY)
    status = await backend.cancel(receipt.remote_id, kind, n=2)
    assert (status.phase, status.generations) == (Phase.CANCELLED, ())
    assert (await ended(backend, receipt.remote_id, request_)).phase is Phase.FAULTED


async def test_cancel_while_it_runs(server: HordeServer, backend: Backend):
    server.horde.knobs.job_seconds = (30.0, 30.0)
    receipt = await backend.submit(image(), KEY)
    await begun(backend, receipt.remote_id)
    status = await backend.cancel(receipt.remote_id, Kind.IMAGE, n=1)
    assert (status.phase, status.processing) == (Phase.CANCELLED, 1)
    assert "kudos" in status.detail


async def test_cancel_when_it_was_over(backend: Backend):
    receipt = await backend.submit(image(), KEY)
    await ended(backend, receipt.remote_id, image())
    assert (await backend.cancel(receipt.remote_id, Kind.IMAGE, n=1)).phase is Phase.DONE


async def test_cancel_of_alchemy(server: HordeServer, backend: Backend):
    server.horde.alchemists.replace_workers([])
    receipt = await backend.submit(alchemy("caption", "nsfw"), KEY, source=picture())
    status = await backend.cancel(receipt.remote_id, Kind.ALCHEMY, n=2)
    assert status.phase is Phase.CANCELLED
    assert (await ended(backend, receipt.remote_id, alchemy("caption", "nsfw"))).finished == 0


@pytest.mark.parametrize("behaviour", ["faulted", "faulted_quietly"])
async def test_given_up(behaviour: str, backend: Backend):
    status = await made(backend, image(f"[sandbox:{behaviour}]"))
    assert (status.phase, status.detail) == (Phase.FAULTED, GAVE_UP)


async def test_a_part_of_it(backend: Backend):
    status = await made(backend, image("[sandbox:partial]", n=4))
    assert status.phase is Phase.PARTIAL
    assert 0 < len(status.pictures) < 4
    assert status.detail.startswith(f"{len(status.pictures)} of 4 arrived.")


@pytest.mark.parametrize(("behaviour", "problem"), [("censored", NSFW), ("csam", CSAM)])
async def test_censored(behaviour: str, problem: str, backend: Backend):
    status = await made(backend, image(f"[sandbox:{behaviour}]"))
    assert (status.phase, status.detail) == (Phase.FAULTED, problem)
    assert (status.pictures[0].problem, status.pictures[0].url) == (problem, "")
    words = await made(backend, text(f"[sandbox:{behaviour}]"))
    assert (words.phase, words.arrived) == (Phase.FAULTED, 0)


async def test_a_picture_that_was_never_uploaded(backend: Backend):
    status = await made(backend, image("[sandbox:lost_image]"))
    assert status.phase is Phase.DONE  # the Horde does not know either
    with pytest.raises(BadReply):
        await backend.fetch(status.pictures[0].url)


async def test_a_picture_that_is_missing(backend: Backend):
    status = await made(backend, image("[sandbox:missing]"))
    assert (status.phase, status.detail) == (Phase.FAULTED, LOST)


@pytest.mark.parametrize("behaviour", ["faulted", "partial"])
async def test_forms_that_fail(behaviour: str, server: HordeServer, backend: Backend):
    server.horde.behaviours.add(behaviour, match="caption")
    status = await made(backend, alchemy("caption", "nsfw"))
    assert (status.phase, status.arrived) == (Phase.PARTIAL, 1)
    assert status.forms[0].problem


async def test_stuck_for_ever(backend: Backend):
    status = await made(backend, image("[sandbox:stuck]", n=2))
    assert (status.phase, status.settled) == (Phase.FAULTED, False)


async def test_gone_in_mid_way(backend: Backend):
    with pytest.raises(RequestGone):
        await made(backend, image("[sandbox:expire]"))


async def test_a_request_that_is_an_error(backend: Backend):
    with pytest.raises(BackendDown) as caught:
        await backend.submit(image("[sandbox:error500]"), KEY)
    assert (caught.value.status, caught.value.in_doubt) == (500, False)
    assert (await backend.health()).ok


async def test_an_unknown_key(backend: Backend):
    for attempt in (backend.submit(image(), "nobody"), backend.account("nobody")):
        with pytest.raises(RequestRejected) as caught:
            await attempt
        assert caught.value.private


async def test_accounts(backend: Backend):
    rich, nobody = await backend.account(KEY), await backend.account(ANONYMOUS)
    assert rich.trusted
    assert rich.kudos > nobody.kudos
    assert nobody.username == "Anonymous#0"


async def test_models(backend: Backend):
    assert {model.kind for model in await backend.models(Kind.IMAGE)} == {Kind.IMAGE}
    assert all(model.workers > 0 for model in await backend.models(Kind.TEXT))


async def test_waiting_places(server: HordeServer, backend: Backend):
    server.horde.pools["image"].replace_workers([])
    server.horde.accounts.by_key[KEY].concurrency = 3
    await backend.submit(image(n=2), KEY)
    with pytest.raises(TooManyPrompts):
        await backend.submit(image(n=2), KEY)


async def test_limits(server: HordeServer, backend: Backend):
    server.horde.limiter.enabled = True
    at_once = [backend.submit(image(), ANONYMOUS) for _ in range(8)]
    refused = [r for r in await asyncio.gather(*at_once, return_exceptions=True)
               if isinstance(r, RateLimited)]  # fmt: skip
    assert len(refused) >= 4  # 2 in a second, and at most one second ended meanwhile
    assert all(error.retry_after is not None for error in refused)
    assert backend.seen_rate == {Kind.IMAGE: 2}


async def test_a_trusted_key_lifts_the_limits(server: HordeServer, backend: Backend):
    server.horde.limiter.enabled = True
    await backend.submit(image(), KEY)
    await backend.submit(image(), KEY)
    assert backend.seen_rate == {Kind.IMAGE: 10}


async def test_maintenance(server: HordeServer, backend: Backend):
    server.horde.knobs.maintenance = True
    with pytest.raises(BackendPaused):
        await backend.submit(image(), KEY)
    health = await backend.health()
    assert health.ok
    assert health.maintenance


async def test_an_outage(server: HordeServer, backend: Backend):
    server.horde.knobs.outage = True
    with pytest.raises(BackendDown):
        await backend.submit(image(), KEY)
    assert not (await backend.health()).ok


async def test_an_answer_that_was_lost_can_be_found(server: HordeServer, backend: Backend):
    server.horde.pools["image"].replace_workers([])
    server.faults.add({"server": "horde", "route": SUBMIT, "kind": "drop_after", "times": 1})
    with pytest.raises(BackendDown) as caught:
        await backend.submit(image(), KEY)
    assert caught.value.in_doubt
    (found,) = (await backend.account(KEY)).active
    assert (await backend.status(found, Kind.IMAGE, n=1)).phase is Phase.WAITING


@pytest.mark.parametrize("kind", ["truncate", "html", "garbage"])
async def test_a_broken_answer(kind: str, server: HordeServer, backend: Backend):
    rule = {"server": "horde", "route": "GET /generate/check/{id}", "kind": kind, "times": 1}
    receipt = await backend.submit(image(), KEY)
    server.faults.add(rule)
    with pytest.raises(BackendDown):
        await backend.status(receipt.remote_id, Kind.IMAGE, n=1)
    assert (await ended(backend, receipt.remote_id, image())).phase is Phase.DONE


async def test_a_picture_whose_connection_breaks(server: HordeServer, backend: Backend):
    status = await made(backend, image())
    rule = {"server": "horde", "route": "GET /r2/{object}", "kind": "drop", "times": 1}
    server.faults.add(rule)
    assert await backend.fetch(status.pictures[0].url)
