"""The backend for AI Power Grid, when answers are broken, lost or hostile."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.backends.aipg.client import AipgClient
from bot.backends.aipg.parameter_rules import ParameterRules
from bot.backends.aipg.payloads import SEEDS, media_image_input, seed_of
from bot.backends.aipg.responses import ModelOffer, Parameters, RecoveredJob
from bot.domain.requests import Kind, TextRequest
from bot.domain.results import Phase
from bot.errors import BadReply, RequestRejected
from bot.horde.downloads import Downloads
from bot.http.schema import read_as, read_list
from tests.support.aipg import IMAGES, RICH, Grid, grid, simple_image
from tests.support.json_types import Json


@pytest.fixture
async def power() -> AsyncIterator[Grid]:
    async with grid() as found:
        yield found


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_after"},
        {"kind": "truncate"},
        {"kind": "cut", "pieces": 1},
    ],
)
async def test_answer_that_is_lost_or_broken_is_recovered(
    power: Grid, fault: dict[str, Any]
) -> None:
    power.server.fault(route=IMAGES, **fault)
    done = await power.outcome(simple_image())
    assert (done.phase, done.cost) == (Phase.DONE, 10_000)
    found = await power.server.jobs()
    assert (found["submits"], found["charged_micro"]) == ({"image": 1}, 10_000)


async def test_late_result_is_recovered(power: Grid) -> None:
    await power.server.knobs(late_seconds=0.5)
    done = await power.outcome(simple_image(prompt="[sandbox:late] a heron"))
    assert (done.phase, done.cost) == (Phase.DONE, 10_000)


@pytest.mark.parametrize("tag", ["failed", "timeout"])
async def test_failed_job_is_not_charged(power: Grid, tag: str) -> None:
    await power.server.knobs(late_seconds=0.1)
    done = await power.outcome(simple_image(prompt=f"[sandbox:{tag}] a heron"))
    assert (done.phase, done.cost) == (Phase.FAULTED, 0)
    assert "charged nothing" in done.detail


async def test_closed_call_is_recovered_by_the_next_run() -> None:
    async with grid(job_seconds=(1.5, 1.6)) as power:
        await power.backend.submit(simple_image(), RICH, token="t")
        await power.backend.close()
        assert power.backend.resume("t", simple_image(), RICH)
        done = await power.until(lambda status: not status.phase.is_open)
        assert (done.phase, done.cost) == (Phase.DONE, 10_000)
        assert (await power.server.jobs())["submits"] == {"image": 1}


async def test_text_of_an_earlier_run_is_lost(power: Grid) -> None:
    assert not power.backend.resume("t", TextRequest(prompt="x"), RICH)


async def test_stopped_text_costs_about_what_was_sent(power: Grid) -> None:
    await power.server.knobs(tokens_per_second=50, answer_tokens=400)
    request = TextRequest(prompt="an endless story", max_length=512, models=("gpt-oss-120b",))
    await power.backend.submit(request, RICH, token="t")
    await asyncio.sleep(1.0)
    stopped = await power.backend.cancel("t", Kind.TEXT, n=1)
    assert 5 <= stopped.cost <= 100


async def test_key_is_in_no_log(power: Grid, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    power.server.fault("drop_after", route=IMAGES)
    await power.outcome(simple_image())
    await power.backend.account(RICH)
    assert RICH not in caplog.text


async def test_key_that_fits_into_no_header_is_refused(power: Grid) -> None:
    with pytest.raises(RequestRejected):
        await power.backend.account("grid_a\r\nX-Evil: 1")


async def test_download_names_the_bot() -> None:
    async def agent(request: web.Request) -> web.Response:
        return web.Response(text=request.headers["User-Agent"])

    app = web.Application()
    app.router.add_get("/a.webp", agent)
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        url = str(server.make_url("/a.webp"))
        assert await Downloads(http, url, user_agent="me").fetch(url) == b"me"


def test_hostile_list_keeps_what_can_be_read() -> None:
    prices = {"per_image_usd": "NaN", "input_per_mtok_usd": -1, "output_per_mtok_usd": 1e300}
    found = read_list(
        ModelOffer,
        [
            {"name": "good", "type": "image", "count": -5, "pricing": prices},
            {"name": "", "type": "image"},
            {"name": "x" * 500, "type": "image"},
            {"name": "odd", "type": "image", "pricing": "cheap", "avg_latency_s": "soon"},
            "nonsense",
            None,
        ],
    )
    assert [offer.name for offer in found] == ["good", "odd"]
    assert [offer.pricing.image for offer in found] == [0, 0]
    assert found[0].pricing.text(1_000, 1_000) == 0


def test_hostile_parameters_are_no_rules() -> None:
    params: Json = {"steps": "many", "width": {"minimum": "a", "multiple_of": 0}, "sampler": 1}
    known = read_as(Parameters, {"params": params})
    body = media_image_input(simple_image(steps=99), "m", ParameterRules("m", known), "t")
    assert (body.steps, body.sampler, body.size) == (None, None, "512x512")


@pytest.mark.parametrize("body", [{}, {"state": None}, {"actual_micro": 1}])
def test_recovery_without_a_state_makes_no_sense(body: dict[str, Any]) -> None:
    with pytest.raises(BadReply):
        read_as(RecoveredJob, body)


def test_name_of_a_model_is_one_part_of_a_path() -> None:
    asked: list[str] = []

    class Asked(AipgClient):
        async def _get(self, route: str, key: str) -> Any:
            asked.append(route)
            assert not key
            return {}

    async def ask() -> None:
        async with aiohttp.ClientSession() as http:
            await Asked(http, "https://grid.example", "Grid").parameters("../a b?c#d")

    asyncio.run(ask())
    assert asked == ["/models/..%2Fa%20b%3Fc%23d/params"]


@pytest.mark.parametrize(
    ("seed", "sent"), [("", None), ("7", 7), (str(SEEDS + 3), 3), ("9" * 17, int("9" * 17) % SEEDS)]
)
def test_seed_is_folded_into_the_range(seed: str, sent: int | None) -> None:
    assert seed_of(seed) == sent


def test_seed_of_words_is_always_the_same() -> None:
    assert seed_of("a fox") == seed_of("a fox") != seed_of("an owl")
    assert 0 <= (seed_of("a fox") or 0) < SEEDS
