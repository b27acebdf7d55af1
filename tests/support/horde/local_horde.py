"""A local Horde on a free port, with its control routes, and a client for both."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import aiohttp
from aiohttp import web
from PIL import Image

from sandbox.faults import Faults
from sandbox.horde import HordeServer
from sandbox.horde.newer.versions import DEFAULT_VERSION, HordeVersion
from tests.support.credentials import ANONYMOUS, RICH

HORDE_WAIT_MAX = 20  # seconds; only a broken server needs them
AGENT_HEADERS = {"Client-Agent": "kit:1:https://example.org"}


@dataclass(frozen=True)
class HordeResponse:
    status: int
    headers: Mapping[str, str]
    raw: bytes
    body: Any

    @property
    def rc(self) -> str | None:
        return self.body.get("rc")


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    """Red, green and blue at a point."""
    value: Any = image.convert("RGB").getpixel((x, y))
    return value


class ServerErrors(logging.Handler):
    """Collects what the server reports as its own failure; no test may cause any."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class LocalHorde:
    """`async with LocalHorde() as local`: limits and caches are off unless a test asks for them."""

    def __init__(
        self,
        *,
        job_seconds: tuple[float, float] = (0.01, 0.02),
        real: bool = False,
        version: HordeVersion = DEFAULT_VERSION,
    ) -> None:
        """`real`: with limits and caches, whose clock only `local.now += seconds` moves."""
        self.faults = Faults()
        self.server = HordeServer(faults=self.faults, job_seconds=job_seconds, version=version)
        self.state = self.server.state
        self.state.rate_limiter.enabled = self.state.response_cache.enabled = real
        self.now = 1_000_000.0
        self.state.rate_limiter.clock = self.state.response_cache.clock = lambda: self.now
        self.state.settings.loop_seconds = 0.05

    async def __aenter__(self) -> Self:
        self._mishaps = ServerErrors()
        logging.getLogger("sandbox.horde").addHandler(self._mishaps)
        await self.server.start("127.0.0.1", 0)
        control = web.Application()
        control.add_subapp("/control/horde", self.server.control_app())
        self._control = web.AppRunner(control)
        await self._control.setup()
        await web.TCPSite(self._control, "127.0.0.1", 0).start()
        port = self._control.addresses[0][1]
        self.control_url = f"http://127.0.0.1:{port}/control/horde"
        self.http = aiohttp.ClientSession(headers=AGENT_HEADERS)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()
        await self._control.cleanup()
        await self.server.close()
        logging.getLogger("sandbox.horde").removeHandler(self._mishaps)
        assert not self._mishaps.records, self._mishaps.records

    async def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        key: str | None = ANONYMOUS,
        **headers: str,
    ) -> HordeResponse:
        if key is not None:
            headers["apikey"] = key
        url = path if path.startswith("http") else self.server.url + path
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(method, url, json=json, headers=given) as response:
            raw = await response.read()
            is_json = "json" in response.headers.get("Content-Type", "")
            body = await response.json() if is_json else None
            return HordeResponse(response.status, dict(response.headers), raw, body)

    async def get(self, path: str, **kwargs: Any) -> Any:
        answer = await self.call("GET", path, **kwargs)
        assert answer.status == 200, answer
        return answer.body

    async def post(self, path: str, json: Any, **kwargs: Any) -> HordeResponse:
        return await self.call("POST", path, json, **kwargs)

    async def image(self, prompt: str = "a fox", *, key: str = RICH, **body: Any) -> str:
        answer = await self.post("/generate/async", {"prompt": prompt, **body}, key=key)
        assert answer.status == 202, answer
        return answer.body["id"]

    async def text(self, prompt: str = "Once", *, key: str = RICH, **body: Any) -> str:
        answer = await self.post("/generate/text/async", {"prompt": prompt, **body}, key=key)
        assert answer.status == 202, answer
        return answer.body["id"]

    async def until(self, path: str, what: str, value: Any = True) -> Any:
        """Poll until a field has the value; the last answer."""
        end = time.monotonic() + HORDE_WAIT_MAX
        while True:
            body = await self.get(path)
            if body[what] == value:
                return body
            assert time.monotonic() < end, body
            await asyncio.sleep(0.01)

    async def done(self, request_id: str) -> Any:
        """The status of an image request once it says that it is done."""
        await self.until(f"/generate/check/{request_id}", "done")
        return await self.get(f"/generate/status/{request_id}")

    async def written(self, request_id: str) -> Any:
        return await self.until(f"/generate/text/status/{request_id}", "done")

    async def control(self, method: str, path: str, json: Any = None) -> Any:
        async with self.http.request(method, self.control_url + path, json=json) as response:
            body = await response.json()
            assert response.status == 200, body
            return body

    async def knobs(self, **knobs: Any) -> None:
        await self.control("POST", "/knobs", knobs)

    async def until_delivered(self, count: int) -> None:
        """Wait until so many webhooks were called or given up."""
        end = time.monotonic() + HORDE_WAIT_MAX
        while len(self.state.webhooks.deliveries) < count:
            assert time.monotonic() < end
            await asyncio.sleep(0.01)

    async def idle(self) -> None:
        """Wait until the queue is empty and no worker works."""
        end = time.monotonic() + HORDE_WAIT_MAX
        while any(len(pool.queue) for pool in self.state.worker_pools.values()) or any(
            worker.busy for worker in self.state.workers()
        ):
            assert time.monotonic() < end
            await asyncio.sleep(0.01)

    async def until_gone(self, path: str) -> None:
        """Wait until it is answered by RequestNotFound."""
        end = time.monotonic() + HORDE_WAIT_MAX
        while (answer := await self.call("GET", path)).status != 404:
            assert time.monotonic() < end, answer
            await asyncio.sleep(0.01)
        assert answer.rc == "RequestNotFound"
