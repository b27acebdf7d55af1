"""The sandbox with one optional server, and a client of it."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox import Sandbox
from tests.support.json_types import Json

ANY_PORT = ("127.0.0.1", 0)
FAST: Json = {"first_token_seconds": 0, "tokens_per_second": 0}


class LocalServer:
    """One optional server. `headers` are sent with every call."""

    def __init__(self, name: str, box: Sandbox, http: aiohttp.ClientSession) -> None:
        self.name, self.box, self.http = name, box, http
        self.url = box.urls.optional[name]
        self.headers: dict[str, str] = {}

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        status, _, answer = await self.answer(method, path, body, **more)
        return status, answer

    async def answer(
        self, method: str, path: str, body: Any = None, **more: Any
    ) -> tuple[int, Any, Any]:
        """The status, the headers and the JSON of an answer."""
        more.setdefault("headers", self.headers)
        if body is not None:
            more["json"] = body
        async with self.http.request(method, self.url + path, **more) as response:
            text = await response.text()
            return response.status, response.headers, json.loads(text) if text else None

    async def post(self, path: str, **body: Any) -> tuple[int, Any]:
        return await self.call("POST", path, body)

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        return await self.call("GET", path, params=query)

    async def download(self, url: str) -> tuple[int, bytes]:
        async with self.http.get(url) as response:
            return response.status, await response.read()

    async def stream(self, path: str, **body: Any) -> list[Any]:
        """The events of a stream, without the last one, which has to be [DONE]."""
        events = [event async for event in self.events(path, **body)]
        assert events.pop() == "[DONE]"
        return events

    async def events(self, path: str, **body: Any) -> AsyncIterator[Any]:
        """Each event when it arrives; the text of one that is no JSON."""
        async with self.http.post(self.url + path, json=body, headers=self.headers) as response:
            assert response.status == 200, await response.text()
            assert response.content_type == "text/event-stream"
            async for line in response.content:
                if line.startswith(b"data: "):
                    text = line.removeprefix(b"data: ").strip().decode()
                    yield json.loads(text) if text.startswith("{") else text

    async def knobs(self, **settings: Any) -> None:
        url = f"{self.box.urls.control}/{self.name}/knobs"
        async with self.http.post(url, json=settings) as response:
            assert response.status == 200, await response.text()

    async def control(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        url = f"{self.box.urls.control}/{self.name}/{path}"
        async with self.http.request(method, url, json=body) as response:
            text = await response.text()
            return response.status, json.loads(text) if text.startswith(("{", "[")) else text

    async def misbehave(self, name: str, **rule: Any) -> None:
        """Add a rule by which the jobs of the server misbehave."""
        status, answer = await self.control("POST", "behaviour", {"behave": name, **rule})
        assert status == 200, answer

    async def jobs(self) -> Json:
        _, found = await self.control("GET", "jobs")
        return found

    def fault(self, kind: str, **rule: Any) -> None:
        self.box.faults.add({"kind": kind, "server": self.name, "times": 1, **rule})


@asynccontextmanager
async def local_server(
    name: str, job_seconds: tuple[float, float] = (0.01, 0.02), *, settings: Json = FAST
) -> AsyncGenerator[LocalServer]:
    """The sandbox with this server and these settings; by default answers come without waiting."""
    box = Sandbox(horde=None, job_seconds=job_seconds, optional={name: ANY_PORT})
    async with box, aiohttp.ClientSession() as http:
        server = LocalServer(name, box, http)
        await server.knobs(**settings)
        yield server
