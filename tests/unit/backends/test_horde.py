"""The Horde behind the backend's protocol, against a scripted server."""

import asyncio

import pytest

from bot.backends.horde.backend import HordeBackend
from bot.backends.horde.warnings import NO_WORKER, WARNINGS
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.capabilities import HORDE_KINDS
from bot.domain.request_images import Pictures
from bot.domain.requests import (
    Kind,
    Request,
)
from bot.domain.results import Phase
from bot.errors import BackendDown, RequestGone, RequestRejected, TooManyPrompts
from tests.support.horde.endpoint import ID
from tests.support.horde.requests import LIGHTHOUSE_REQUEST, LINKED_CAPTION_REQUEST, ONCE_REQUEST
from tests.support.horde.scripted_server import Scripted, sample


@pytest.mark.parametrize(
    ("request_", "answer", "path"),
    [
        (LIGHTHOUSE_REQUEST, "submitted_image", "/generate/async"),
        (ONCE_REQUEST, "submitted_text", "/generate/text/async"),
        (LINKED_CAPTION_REQUEST, "submitted_alchemy", "/interrogate/async"),
    ],
    ids=["image", "text", "alchemy"],
)
async def test_submit(
    request_: Request, answer: str, path: str, horde: Scripted, backend: HordeBackend
):
    horde.say(sample(answer), 202)
    ring = "https://bot.example.org/ring"
    receipt = await backend.submit(request_, "the-key", pictures=Pictures(b"picture"), webhook=ring)
    assert receipt.remote_id == ID
    sent = horde.calls[0]
    assert (sent.path, sent.key, sent.body["webhook"]) == (path, "the-key", ring)


async def test_warnings_in_our_words(horde: Scripted, backend: HordeBackend):
    horde.say(sample("submitted_image"), 202)
    receipt = await backend.submit(LIGHTHOUSE_REQUEST, "k")
    assert receipt.warnings == (WARNINGS["StepsTooMany"],)
    assert receipt.worker_warnings == (NO_WORKER,)
    assert receipt.cost == 12.0


async def test_a_text_has_one_remark_at_most(horde: Scripted, backend: HordeBackend):
    horde.say({"id": ID, "message": "Warning: No available workers can fulfill this"}, 202)
    assert (await backend.submit(ONCE_REQUEST, "k")).worker_warnings == (NO_WORKER,)


async def test_a_remark_nobody_knows(horde: Scripted, backend: HordeBackend):
    warnings = [{"code": "New", "message": "Mind the \x00gap."}, {"code": "Empty"}]
    horde.say({"id": ID, "warnings": warnings}, 202)
    assert (await backend.submit(LIGHTHOUSE_REQUEST, "k")).warnings == ("Mind the gap.",)


async def test_what_the_limiter_shows_is_learnt(horde: Scripted, backend: HordeBackend):
    assert backend.seen_rate == {}
    for shown, learnt in (("2", 2), ("10", 10), ("300", 10), ("", 10), ("2", 2)):
        horde.say(sample("submitted_image"), 202, X_RateLimit_Limit=shown)
        await backend.submit(LIGHTHOUSE_REQUEST, "k")
        assert backend.seen_rate == {Kind.IMAGE: learnt}
    assert set(backend.limits[Kind.IMAGE].lifted) == {10}


async def test_refusals_come_through(horde: Scripted, backend: HordeBackend):
    horde.say({"message": "x", "rc": "KudosUpfront"}, 403)
    with pytest.raises(RequestRejected) as caught:
        await backend.submit(LIGHTHOUSE_REQUEST, "k")
    assert caught.value.private
    horde.say({"message": "x", "rc": "TooManyPrompts"}, 429)
    with pytest.raises(TooManyPrompts):
        await backend.submit(LIGHTHOUSE_REQUEST, "k")


async def test_a_cheap_look_while_it_is_open(horde: Scripted, backend: HordeBackend):
    horde.say(sample("check"))
    status = await backend.status(ID, Kind.IMAGE, n=3)
    assert (status.phase, status.finished, status.wait_time) == (Phase.PROCESSING, 1, 17)
    assert [call.path for call in horde.calls] == [f"/generate/check/{ID}"]


async def test_the_whole_when_it_is_over(horde: Scripted, backend: HordeBackend):
    horde.say(sample("check") | {"finished": 2, "processing": 0, "waiting": 0})
    horde.then(sample("image_status"))
    status = await backend.status(ID, Kind.IMAGE, n=2)
    assert (status.phase, status.settled, len(status.pictures)) == (Phase.DONE, True, 2)
    assert status.pictures[1].notes == ("LoRA 12345: the download failed. The LoRA was not used.",)
    assert [call.path for call in horde.calls] == [
        f"/generate/check/{ID}",
        f"/generate/status/{ID}",
    ]


async def test_the_whole_on_demand_is_one_call(horde: Scripted, backend: HordeBackend):
    horde.say(sample("image_status") | {"waiting": 2, "finished": 2})
    status = await backend.status(ID, Kind.IMAGE, n=4, full=True)
    assert (status.phase, len(status.pictures)) == (Phase.PROCESSING, 2)
    assert [call.path for call in horde.calls] == [f"/generate/status/{ID}"]


async def test_the_newer_look_counts(horde: Scripted, backend: HordeBackend):
    """Between the two calls a worker gave the job back."""
    horde.say(sample("check") | {"finished": 0, "processing": 0, "waiting": 0})
    horde.then(sample("image_cancelled"))
    assert (await backend.status(ID, Kind.IMAGE, n=2)).phase is Phase.PROCESSING


async def test_text(horde: Scripted, backend: HordeBackend):
    horde.say(sample("text_status"))
    status = await backend.status(ID, Kind.TEXT, n=1)
    assert (status.phase, status.texts[0].text) == (Phase.DONE, " and the lamp went out.")


async def test_alchemy(horde: Scripted, backend: HordeBackend):
    horde.say(sample("alchemy_status"))
    status = await backend.status(ID, Kind.ALCHEMY, n=3)
    assert (status.phase, status.finished, status.arrived) == (Phase.PROCESSING, 1, 1)
    horde.say(sample("alchemy_done"))
    status = await backend.status(ID, Kind.ALCHEMY, n=0)
    assert status.phase is Phase.DONE
    assert {form.form for form in status.forms} <= set(FORMS)


@pytest.mark.parametrize(
    ("kind", "answer", "path"),
    [
        (Kind.IMAGE, "image_cancelled", "/generate/status/"),
        (Kind.TEXT, "text_cancelled", "/generate/text/status/"),
        (Kind.ALCHEMY, "alchemy_cancelled", "/interrogate/status/"),
    ],
)
async def test_cancel(kind: Kind, answer: str, path: str, horde: Scripted, backend: HordeBackend):
    horde.say(sample(answer))
    status = await backend.cancel(ID, kind, n=2)
    assert status.phase is Phase.CANCELLED
    assert (horde.last.verb, horde.last.path, horde.last.key) == ("DELETE", path + ID, None)


@pytest.mark.parametrize("kind", sorted(HORDE_KINDS))
async def test_gone(kind: Kind, horde: Scripted, backend: HordeBackend):
    horde.say({"message": "x", "rc": "RequestNotFound"}, 404)
    with pytest.raises(RequestGone):
        await backend.status(ID, kind, n=1)
    with pytest.raises(RequestGone):
        await backend.cancel(ID, kind, n=1)


async def test_looks_at_once_do_not_mix(horde: Scripted, backend: HordeBackend):
    horde.say(sample("check"))
    looks = [backend.status(f"id-{i}", Kind.IMAGE, n=9) for i in range(50)]
    assert {status.phase for status in await asyncio.gather(*looks)} == {Phase.PROCESSING}
    assert {call.path for call in horde.calls} == {f"/generate/check/id-{i}" for i in range(50)}


STYLE = "0f4a2d1c-1111-4222-8333-444455556666"


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, {"message": "Internal Server Error"}), (400, {"message": "x", "rc": "BadRequest"})],
)
async def test_style_that_is_none_for_images_is_named(
    status: int, answer: dict[str, str], horde: Scripted, backend: HordeBackend
):
    styled = LIGHTHOUSE_REQUEST.model_copy(update={"style": STYLE, "style_name": ""})
    horde.say(answer, status)
    horde.then({"message": "No style", "rc": "Image styleNotFound"}, 404)
    with pytest.raises(RequestRejected, match="no image style with this name or id"):
        await backend.submit(styled, "k")
    assert horde.last.path == f"/styles/image/{STYLE}"


async def test_failure_with_a_style_that_exists_stays_what_it_is(
    horde: Scripted, backend: HordeBackend
):
    styled = LIGHTHOUSE_REQUEST.model_copy(update={"style": "a name", "style_name": ""})
    horde.say({"message": "Internal Server Error"}, 500)
    horde.then({"id": STYLE, "name": "a name"})
    with pytest.raises(BackendDown):
        await backend.submit(styled, "k")
    assert "image_by_name" in horde.last.path
