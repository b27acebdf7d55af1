"""The chart of a Horde's load: its figures, its axes, and its drawing in the picture process."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.cards.card import Gallery
from bot.errors import BackendDown, PictureError
from bot.horde.load_samples import LoadSample, LoadSamples
from bot.horde.server_info import Performance
from bot.pictures import Converter
from bot.pictures.protocol import DrawChart
from bot.services.community.load_chart import LoadChart, chart_figures, chart_order
from bot.ui.browse.load_chart import chart_blocks
from tests.support.pictures import opened
from tests.support.virtual_clock import virtual

HOURS = tuple(
    LoadSample(1_000.0 + 600 * step, 800 + 10 * step, step, 6_300.0, 18_000.0)
    for step in range(1 + 6 * 4)
)


def samples_of(*queued: int) -> LoadSamples:
    samples, times = LoadSamples(lambda: times.pop(0)), [1_000.0 + 60 * i for i in range(9)]
    for count in queued:
        samples.add(Performance(queued_requests=count, past_minute_megapixelsteps=31.5 * count))
    return samples


def chart_with(samples: LoadSamples, converter: Any) -> LoadChart:
    return LoadChart({"horde": cast("Any", SimpleNamespace(load_samples=samples))}, converter)


def test_axes_end_at_round_numbers_and_name_the_time() -> None:
    order = chart_order(HOURS)
    assert [curve.marks for curve in order.curves] == [
        ("0", "600", "1,200"),
        ("0", "15", "30"),
        ("0", "100", "200"),
        ("0", "10,000", "20,000"),
    ]
    assert order.times == ("-4 h", "-2 h", "0")
    assert all(0 <= x <= 1 and 0 <= y <= 1 for curve in order.curves for x, y in curve.points)


def test_order_many_samples_has_few_points() -> None:
    many = [LoadSample(60.0 * i, i % 100, 0, 0.0, 0.0) for i in range(1_440)]
    curve = chart_order(many).curves[0]
    assert len(curve.points) <= 240
    assert curve.marks[-1] == "100"


def test_alt_text_says_the_figures() -> None:
    gallery, text = chart_blocks(chart_figures(HOURS))
    assert isinstance(gallery, Gallery)
    alt = gallery.pictures[0].alt.replace("\N{NO-BREAK SPACE}", " ")
    assert alt.startswith(
        "Load of the Horde in the last 4 h. Queued images: 1,040 now, from 800 to"
    )
    assert "Images per minute: 200 now, from 200 to 200." in alt
    assert "Tokens per minute: 18,000 now" in alt
    assert "Top: queued images" in getattr(text, "content", "")


async def test_chart_is_drawn_once_in_the_picture_process() -> None:
    async with Converter() as converter:
        chart = chart_with(samples := samples_of(4, 8), converter)
        samples._clock = lambda: 1_100.0
        first = await chart.of("horde")
        assert first is not None
        assert converter._small.child is not None
        picture = opened(first.data)
        assert (picture.format, picture.size) == ("PNG", (880, 480))
        assert (240, 160, 32) in {colour for _, colour in picture.getcolors(1_000_000) or ()}
        assert await chart.of("horde") is first


class FailingOnce:
    """A client whose first call fails."""

    calls = 0

    async def get_performance(self) -> None:
        self.calls += 1
        if self.calls == 1:
            raise BackendDown("no answer")


@virtual
async def test_keep_samples_outage_goes_on_each_minute() -> None:
    client = FailingOnce()
    chart = LoadChart({"horde": cast("Any", client)}, cast("Any", None))
    task = asyncio.create_task(chart.keep_samples())
    await asyncio.sleep(130)
    task.cancel()
    assert client.calls in {2, 3}


async def test_chart_needs_two_samples() -> None:
    samples = samples_of(4)
    samples._clock = lambda: 1_100.0
    assert await chart_with(samples, None).of("horde") is None


async def test_chart_picture_process_fails_is_none() -> None:
    async def carry_out(order: DrawChart) -> bytes:
        await asyncio.sleep(0)
        raise PictureError(str(order))

    samples = samples_of(4, 8)
    samples._clock = lambda: 1_100.0
    assert await chart_with(samples, SimpleNamespace(carry_out=carry_out)).of("horde") is None


@pytest.mark.parametrize("value", [0.0, 1e-9, 1e12])
def test_order_any_value_fits(value: float) -> None:
    flat = [LoadSample(0.0, 0, 0, value, value), LoadSample(0.0, 0, 0, value, value)]
    assert len(chart_order(flat).curves) == 4


def test_axes_of_small_counts_have_whole_marks() -> None:
    for count, marks in ((0, ("0", "1", "2")), (3, ("0", "2", "4")), (5, ("0", "3", "6"))):
        samples = [LoadSample(60.0 * i, count, 0, 0.0, 0.0) for i in range(3)]
        assert chart_order(samples).curves[0].marks == marks
