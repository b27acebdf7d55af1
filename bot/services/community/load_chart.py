"""The chart of a Horde's load. The picture process draws it."""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cachetools import TTLCache

from bot.aio.repeat import repeat
from bot.errors import BackendError, PictureError
from bot.horde.client import HordeClient
from bot.horde.load_samples import LoadSample
from bot.i18n import current_language
from bot.i18n.formats import number
from bot.pictures.converter import Converter
from bot.pictures.protocol import Curve, DrawChart

log = logging.getLogger(__name__)

MINUTE, HOUR = 60.0, 3600.0  # seconds
PERIOD = 24 * HOUR  # seconds that a chart shows at most
EVERY = 60.0  # seconds between readings; the Horde counts its queues each minute
LEAST = 2  # samples of a chart
POINTS_MAX = 240  # of a curve; more are averaged
WIDTH, HEIGHT = 880, 480  # pixels
IMAGE = 31.5  # megapixelsteps of a typical image: 1024 x 1024 in 30 steps
QUEUE_COLOUR, PACE_COLOUR = "#f0a020", "#3ba55c"
FRESH = 30.0  # seconds for which a chart is not drawn again
FRESH_KEPT = 32  # charts of about 30 kB
STEPS = (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10)  # ends of the vertical axis, times a power of ten


@dataclass(frozen=True, slots=True)
class Figures:
    """One curve: its values by time, with the newest, the smallest and the largest one."""

    values: tuple[float, ...]

    @property
    def newest(self) -> float:
        """The last value."""
        return self.values[-1]

    @property
    def least(self) -> float:
        """The smallest value."""
        return min(self.values)

    @property
    def most(self) -> float:
        """The largest value."""
        return max(self.values)


@dataclass(frozen=True, slots=True)
class ChartFigures:
    """The figures of a chart. Speeds are results (images) or tokens (texts) per minute."""

    seconds: float
    images_queued: Figures
    images_made: Figures
    texts_queued: Figures
    tokens_made: Figures


@dataclass(frozen=True, slots=True)
class ChartPicture:
    """A chart as a PNG, and its figures for people who cannot see it."""

    data: bytes
    figures: ChartFigures


class LoadChart:
    """Draws charts, one at a time for all users."""

    def __init__(self, hordes: Mapping[str, HordeClient], converter: Converter) -> None:
        self._hordes = hordes
        self._converter = converter
        self._drawn: TTLCache[tuple[str, str], ChartPicture] = TTLCache(
            FRESH_KEPT, FRESH, time.monotonic
        )

    async def keep_samples(self) -> None:
        """Read the load of each Horde once a minute, for ever. The clients keep the samples."""
        await repeat(self._sample, again=EVERY, longest=EVERY)

    async def _sample(self) -> float:
        for name, client in self._hordes.items():
            try:
                await client.get_performance()
            except BackendError as error:  # an outage has its own log line
                log.debug("the load of %s is unknown: %s", name, error)
        return EVERY

    async def of(self, backend: str) -> ChartPicture | None:
        """The chart of the last hours; None while the bot knows too little, or on failure."""
        key = (backend, current_language().code)
        if (drawn := self._drawn.get(key)) is not None:
            return drawn
        samples = self._hordes[backend].load_samples.newest(PERIOD)
        if len(samples) < LEAST:
            return None
        try:
            data = await self._converter.carry_out(chart_order(samples))
        except PictureError as error:
            log.warning("the chart of %s was not drawn: %s", backend, error)
            return None
        picture = self._drawn[key] = ChartPicture(data, chart_figures(samples))
        return picture


def chart_figures(samples: Sequence[LoadSample]) -> ChartFigures:
    """The figures of these samples, the oldest first."""

    def figures(value: Callable[[LoadSample], float]) -> Figures:
        return Figures(tuple(map(value, samples)))

    return ChartFigures(
        samples[-1].at - samples[0].at,
        figures(lambda sample: sample.images_queued),
        figures(lambda sample: sample.megapixelsteps / IMAGE),
        figures(lambda sample: sample.texts_queued),
        figures(lambda sample: sample.tokens),
    )


def chart_order(samples: Sequence[LoadSample]) -> DrawChart:
    """Queues above, speeds below; images on the left, texts on the right."""
    found, start = chart_figures(samples), samples[0].at
    times = [(sample.at - start) / (found.seconds or 1) for sample in samples]
    curves = (
        _curve(times, found.images_queued.values, QUEUE_COLOUR),
        _curve(times, found.texts_queued.values, QUEUE_COLOUR),
        _curve(times, found.images_made.values, PACE_COLOUR),
        _curve(times, found.tokens_made.values, PACE_COLOUR),
    )
    shown = tuple(_before(found.seconds * share) for share in (1, 0.5, 0))
    return DrawChart(WIDTH, HEIGHT, curves, shown)


def _curve(times: Sequence[float], values: Sequence[float], colour: str) -> Curve:
    most = _round_up(max(values))
    points = _averaged([(x, y / most) for x, y in zip(times, values, strict=True)])
    return Curve(points, colour, tuple(map(_mark, (0.0, most / 2, most))))


def _averaged(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """At most POINTS_MAX points; neighbours become one."""
    size = math.ceil(len(points) / POINTS_MAX)
    groups = (points[i : i + size] for i in range(0, len(points), size))
    return tuple(
        (sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group))
        for group in groups
    )


def _round_up(value: float) -> float:
    """The end of an axis that has room for the value. Half of a small one is whole too."""
    power = 10.0 ** math.floor(math.log10(max(value, 1.0)))
    most = next(step * power for step in STEPS if value <= step * power)
    return most if most >= 10 else 2.0 * math.ceil(most / 2)


def _mark(value: float) -> str:
    shown = round(value) if value >= 10 or value.is_integer() else round(value, 1)
    return " ".join(number(shown).split())  # the font has no narrow spaces


def _before(seconds: float) -> str:
    """A time before now with its unit, which is the same in all languages: -45 s, -3.5 h."""
    if seconds < 1:
        return "0"
    if seconds < 2 * MINUTE:
        return f"-{round(seconds)} s"
    if seconds < 2 * HOUR:
        return f"-{round(seconds / MINUTE)} min"
    return f"-{_mark(seconds / HOUR)} h"
