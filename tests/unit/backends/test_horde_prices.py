"""The price of a picture: a dry run without the prompt."""

import pytest

from bot.backends.base import Backend
from bot.backends.horde.backend import HordeBackend
from bot.domain.requests import ExtraImage, ImageRequest, Kind, Source, build
from bot.errors import BadReply, RequestRejected
from sandbox.horde import HordeServer
from tests.support.credentials import RICH
from tests.support.horde.scripted_server import Scripted

PRICED_REQUEST = build(
    ImageRequest,
    prompt="a very private wish",
    negative="secrets",
    seed="4711",
    models=("SDXL 1.0",),
    n=2,
)


async def test_a_dry_run_without_the_words(horde: Scripted, backend: HordeBackend):
    horde.say({"kudos": 45.0}, X_RateLimit_Limit="10")
    assert await backend.estimate(PRICED_REQUEST, RICH) == 45.0
    body = horde.last.body
    assert body["dry_run"] is True
    assert "allow_downgrade" not in body
    assert body["params"]["n"] == 2
    assert body["models"] == ["SDXL 1.0"]
    for secret in ("private wish", "secrets", "4711"):
        assert secret not in str(body)
    assert horde.last.key == RICH
    assert backend.seen_rate[Kind.IMAGE] == 10


SECRET_SOURCE = Source(url="https://cdn.discordapp.com/a/secret.png", file="7-source")
SOURCE_MODES: tuple[dict[str, object], ...] = (
    {"mode": "img2img"},
    {"mode": "inpainting", "mask": SECRET_SOURCE},
    {"mode": "inpainting"},
    {"mode": "outpainting", "expand": (64, 0, 0, 0)},
    {"mode": "img2img", "control": "canny", "models": ("Deliberate",)},
    {
        "mode": "remix",
        "models": ("Stable Cascade 1.0",),
        "extra_images": (ExtraImage(source=SECRET_SOURCE),),
    },
)


@pytest.mark.parametrize("start", SOURCE_MODES, ids=str)
async def test_a_picture_to_start_from_is_priced_and_stays_here(
    local: Backend, server: HordeServer, start: dict[str, object]
):
    asked = PRICED_REQUEST.model_copy(update={"source": SECRET_SOURCE} | start)
    plain = asked.model_copy(update={"source": None, "mode": None, "control": None, "mask": None})
    plain = plain.model_copy(update={"extra_images": ()})
    assert await local.estimate(asked, RICH) > await local.estimate(plain, RICH)
    assert not server.state.requests


@pytest.mark.parametrize("body", [{}, {"kudos": 0}, {"kudos": "much"}])
async def test_an_answer_without_a_price_is_none(
    horde: Scripted, backend: HordeBackend, body: dict[str, object]
):
    horde.say(body)
    with pytest.raises(BadReply):
        await backend.estimate(PRICED_REQUEST, RICH)


@pytest.mark.parametrize(
    ("threads", "queued", "side"),
    [(100, 100, 1024), (0, 0, 1024), (0, 100, 934), (50, 900, 714), (10, 2000, 576)],
)
async def test_the_busier_the_smaller(
    horde: Scripted, backend: HordeBackend, threads: int, queued: int, side: int
):
    horde.say({"thread_count": threads, "queued_requests": queued})
    assert await backend.free_side() == side


async def test_the_local_horde_prices_and_makes_nothing(local: Backend, server: HordeServer):
    square = PRICED_REQUEST.model_copy(update={"steps": 20, "n": 1})
    assert await local.estimate(square, RICH) == 35.0  # observed: docs/horde-api.md#prices
    assert not server.state.requests
    assert 576 <= await local.free_side() <= 1024


async def test_an_unknown_key_is_refused(local: Backend):
    with pytest.raises(RequestRejected):
        await local.estimate(PRICED_REQUEST, "nobodys-key")


async def test_refusal_for_missing_kudos_names_the_price(local: Backend, server: HordeServer):
    large = PRICED_REQUEST.model_copy(
        update={"models": ("Deliberate",), "width": 1600, "height": 1600}
    )
    assert await local.estimate(large, "0000000000") == pytest.approx(130, rel=0.2)


async def test_wishes_for_workers_are_counted_in_whatever_the_memory_of_the_server(
    horde: Scripted, backend: HordeBackend
):
    wishes = {"slow_workers": False, "workers": ("w",), "worker_blacklist": True}
    horde.say({"kudos": 101.0})
    assert await backend.estimate(PRICED_REQUEST.model_copy(update=wishes), RICH) == pytest.approx(
        133
    )
    body = horde.last.body
    assert not {"slow_workers", "workers", "worker_blacklist"} & body.keys()


async def test_shared_key_with_too_few_kudos_names_the_price(
    horde: Scripted, backend: HordeBackend
):
    message = (
        "This shared key does not have enough remaining kudos (12) to fulfill this request (66.33)."
    )
    horde.say({"message": message, "rc": "SharedKeyInsufficientKudos"}, 403)
    assert await backend.estimate(PRICED_REQUEST, RICH) == pytest.approx(66.33)
