"""The adapter against the local Horde: real sockets, real queue, workers that misbehave."""

import io

import pytest
from PIL import Image

from bot.backends.base import Backend
from bot.backends.horde.generations import CSAM, LOST, NSFW
from bot.backends.horde.status import GAVE_UP, REST_FAILED
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.request_images import Pictures
from bot.domain.requests import Kind, Request
from bot.domain.results import Phase
from bot.errors import BadReply
from bot.horde.downloads import SIZE_MAX
from sandbox.horde import HordeServer
from tests.support.builders import png
from tests.support.credentials import RICH
from tests.support.horde.requests import alchemy, begun, finished_request, image, outcome_of, text


async def test_pictures(local: Backend):
    status = await finished_request(local, image(n=3))
    assert (status.phase, status.detail, status.finished) == (Phase.DONE, "", 3)
    assert status.cost > 0
    for made_one in status.pictures:
        assert made_one.seed
        assert made_one.model
        assert made_one.worker
        with Image.open(io.BytesIO(await local.fetch(made_one.url, SIZE_MAX))) as opened:
            assert opened.size == (256, 256)


async def test_the_seed_is_the_one_asked_for(local: Backend):
    request = image().model_copy(update={"seed": "4242"})
    assert (await finished_request(local, request)).pictures[0].seed == "4242"


async def test_texts(local: Backend):
    status = await finished_request(local, text(n=2))
    assert (status.phase, status.arrived) == (Phase.DONE, 2)


async def test_every_form(local: Backend):
    status = await finished_request(local, alchemy(*FORMS))
    assert status.phase is Phase.DONE
    assert [form.form for form in status.forms] == list(FORMS)
    for form in status.forms:
        assert form.arrived or form.url, form
    drawing = next(form for form in status.forms if form.form == "vectorize")
    assert b"<svg" in await local.fetch(drawing.url, SIZE_MAX)
    upscaled = next(form for form in status.forms if form.form == "RealESRGAN_x2plus")
    with Image.open(io.BytesIO(await local.fetch(upscaled.url, SIZE_MAX))) as opened:
        assert opened.size == (128, 96)


async def test_submit_that_no_worker_takes_says_why(server: HordeServer, local: Backend):
    for worker in server.state.worker_pools["text"].workers:
        worker.max_length = 32
    receipt = await local.submit(text(), RICH)
    assert receipt.worker_warnings[-1] == (
        "No online worker offers: a text of 60 tokens (maximum: 32)."
    )


async def test_it_waits_then_runs(server: HordeServer, local: Backend):
    server.state.settings.job_seconds = (0.2, 0.2)
    server.state.worker_pools["image"].replace_workers([])
    receipt = await local.submit(image(n=2), RICH)
    status = await local.status(receipt.remote_id, Kind.IMAGE, n=2)
    assert (status.phase, status.waiting) == (Phase.WAITING, 2)
    assert receipt.worker_warnings


@pytest.mark.parametrize("request_", [image(n=2), text(n=2)], ids=["image", "text"])
async def test_cancel_while_it_waits(request_: Request, server: HordeServer, local: Backend):
    kind = Kind(request_.kind)
    server.state.worker_pools[kind].replace_workers([])
    receipt = await local.submit(request_, RICH)
    status = await local.cancel(receipt.remote_id, kind, n=2)
    assert (status.phase, status.generations) == (Phase.CANCELLED, ())
    assert (await outcome_of(local, receipt.remote_id, request_)).phase is Phase.FAULTED


async def test_cancel_while_it_runs(server: HordeServer, local: Backend):
    server.state.settings.job_seconds = (5.0, 5.0)  # long enough to be cancelled
    receipt = await local.submit(image(), RICH)
    await begun(local, receipt.remote_id)
    status = await local.cancel(receipt.remote_id, Kind.IMAGE, n=1)
    assert (status.phase, status.processing) == (Phase.CANCELLED, 1)
    assert "kudos" in status.detail


async def test_cancel_when_it_was_over(local: Backend):
    receipt = await local.submit(image(), RICH)
    await outcome_of(local, receipt.remote_id, image())
    assert (await local.cancel(receipt.remote_id, Kind.IMAGE, n=1)).phase is Phase.DONE


async def test_cancel_of_alchemy(server: HordeServer, local: Backend):
    server.state.alchemy_workers.replace_workers([])
    receipt = await local.submit(alchemy("caption", "nsfw"), RICH, pictures=Pictures(png(64, 48)))
    status = await local.cancel(receipt.remote_id, Kind.ALCHEMY, n=2)
    assert status.phase is Phase.CANCELLED
    assert (await outcome_of(local, receipt.remote_id, alchemy("caption", "nsfw"))).finished == 0


@pytest.mark.parametrize("behaviour", ["faulted", "faulted_quietly"])
async def test_given_up(behaviour: str, local: Backend):
    status = await finished_request(local, image(f"[sandbox:{behaviour}]"))
    assert (status.phase, status.detail) == (Phase.FAULTED, GAVE_UP)


async def test_a_part_of_it(local: Backend):
    status = await finished_request(local, image("[sandbox:partial]", n=4))
    assert status.phase is Phase.PARTIAL
    assert 0 < len(status.pictures) < 4
    assert status.detail == REST_FAILED


@pytest.mark.parametrize(("behaviour", "problem"), [("censored", NSFW), ("csam", CSAM)])
async def test_censored(behaviour: str, problem: str, local: Backend):
    status = await finished_request(local, image(f"[sandbox:{behaviour}]"))
    assert (status.phase, status.detail) == (Phase.FAULTED, problem)
    assert (status.pictures[0].problem, status.pictures[0].url) == (problem, "")
    words = await finished_request(local, text(f"[sandbox:{behaviour}]"))
    assert (words.phase, words.arrived) == (Phase.FAULTED, 0)


async def test_a_picture_that_was_never_uploaded(local: Backend):
    status = await finished_request(local, image("[sandbox:lost_image]"))
    assert status.phase is Phase.DONE  # the Horde does not know either
    with pytest.raises(BadReply):
        await local.fetch(status.pictures[0].url, SIZE_MAX)


async def test_a_picture_that_is_missing(local: Backend):
    status = await finished_request(local, image("[sandbox:missing]"))
    assert (status.phase, status.detail) == (Phase.FAULTED, LOST)


@pytest.mark.parametrize("behaviour", ["faulted", "partial"])
async def test_forms_that_fail(behaviour: str, server: HordeServer, local: Backend):
    server.state.behaviours.add(behaviour, match="caption")
    status = await finished_request(local, alchemy("caption", "nsfw"))
    assert (status.phase, status.arrived) == (Phase.PARTIAL, 1)
    assert status.forms[0].problem


async def test_stuck_for_ever(local: Backend):
    status = await finished_request(local, image("[sandbox:stuck]", n=2))
    assert (status.phase, status.settled) == (Phase.FAULTED, False)
