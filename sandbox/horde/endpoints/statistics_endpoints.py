"""Endpoints for the statistics of images and texts.

The numbers are an invented past plus the results since the start.
"""

from typing import Any

from aiohttp import web

from sandbox.horde.errors import json_response
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import IMAGE_MODELS, TEXT_MODELS

Json = dict[str, Any]
PERIODS = ("minute", "hour", "day", "month", "total")
IMAGES = (38, 2_250, 54_000, 1_600_000, 98_000_000)
TEXTS = (61, 3_700, 88_000, 2_500_000, 140_000_000)
PIXELSTEPS, TOKENS = 18_000_000, 170  # of an average image, of an average text


class StatisticsEndpoints:
    """Endpoints for totals and for the numbers of each model."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def image_totals(self, _request: web.Request) -> web.Response:
        images, made = self._delivered("image")
        rows = {
            period: {"images": past + images, "ps": past * PIXELSTEPS + int(made * 1e6)}
            for period, past in zip(PERIODS, IMAGES, strict=True)
        }
        return json_response(rows)

    async def text_totals(self, _request: web.Request) -> web.Response:
        texts, made = self._delivered("text")
        rows = {
            period: {"requests": past + texts, "tokens": past * TOKENS + int(made)}
            for period, past in zip(PERIODS, TEXTS, strict=True)
        }
        return json_response(rows)

    async def image_models(self, _request: web.Request) -> web.Response:
        return json_response(self._by_model(tuple(IMAGE_MODELS), IMAGES))

    async def text_models(self, _request: web.Request) -> web.Response:
        return json_response(self._by_model(TEXT_MODELS, TEXTS))

    def _delivered(self, kind: str) -> tuple[int, float]:
        """The number of results since the start, and their megapixelsteps or tokens."""
        workers = self._horde.worker_pools[kind].workers
        return sum(each.fulfilled for each in workers), sum(each.produced for each in workers)

    def _by_model(self, names: tuple[str, ...], past: tuple[int, ...]) -> Json:
        """The past is shared out with the first model as the most used one."""
        weights = [1 / (place + 2) for place in range(len(names))]
        rows: Json = {}
        for period, count in list(zip(PERIODS, past, strict=True))[2:]:
            shares = (int(count * weight / sum(weights)) for weight in weights)
            rows[period] = {
                name: share + self._horde.results_by_model.get(name, 0)
                for name, share in zip(names, shares, strict=True)
            }
        return rows
