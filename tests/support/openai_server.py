"""A scripted server with OpenAI's API, and the adapter that talks to it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.backends import open_backend
from bot.backends.openai.backend import OpenAIBackend
from bot.settings import ANONYMOUS_KEY, BackendSettings
from tests.support.json_types import Json

MODELS = {"data": [{"id": "small"}, {"id": "large"}]}
DONE = "[DONE]"


def piece(content: str = "", finish: str | None = None, **delta: str) -> Json:
    """One event of a chat."""
    return {
        "model": "small",
        "choices": [{"delta": {"content": content, **delta}, "finish_reason": finish}],
    }


@dataclass(frozen=True)
class Script:
    """One answer: JSON with a status, or the events of a stream. `cut`: the connection breaks."""

    status: int = 200
    body: Any = None
    events: tuple[Any, ...] = ()
    headers: dict[str, str] = field(default_factory=dict[str, str])
    cut: bool = False
    gate: asyncio.Event | None = None  # before the last event


@dataclass
class ScriptedServer:
    """Answers POSTs with its scripts in order, and GET /models with `models`."""

    url: str = ""
    scripts: list[Script] = field(default_factory=list[Script])
    models: Script = field(default_factory=lambda: Script(body=MODELS))
    calls: list[tuple[str, dict[str, str], Any]] = field(
        default_factory=list[tuple[str, dict[str, str], Any]]
    )

    def streams(self, *events: Any, **more: Any) -> None:
        self.scripts.append(Script(events=events, **more))

    def answers(self, body: Any, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.scripts.append(Script(status, body, headers=named))

    def bodies(self, path: str = "/chat/completions") -> list[Any]:
        return [body for at, _, body in self.calls if at == path]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/v1")
        raw = await request.read()
        self.calls.append((path, dict(request.headers), json.loads(raw) if raw else None))
        script = self.models if request.method == "GET" else self.scripts.pop(0)
        if script.events or script.cut:
            return await _stream(request, script)
        body = script.body if isinstance(script.body, bytes) else json.dumps(script.body).encode()
        return web.Response(status=script.status, body=body, headers=script.headers)


async def _stream(request: web.Request, script: Script) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for number, data in enumerate(_encoded(script.events), start=1):
        if script.gate is not None and number == len(script.events):
            await script.gate.wait()
        await response.write(data)
        await asyncio.sleep(0)
    if script.cut:
        assert request.transport is not None
        request.transport.close()
    return response


def _encoded(events: Iterable[Any]) -> Iterable[bytes]:
    for event in events:
        text = event if isinstance(event, str) else json.dumps(event)
        yield event if isinstance(event, bytes) else f"data: {text}\n\n".encode()


@asynccontextmanager
async def adapted(
    key: str = "", **settings: Any
) -> AsyncGenerator[tuple[ScriptedServer, OpenAIBackend]]:
    """The server and the adapter for it."""
    server = ScriptedServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    async with TestServer(app) as site, aiohttp.ClientSession() as session:
        server.url = str(site.make_url("/v1"))
        table = BackendSettings(
            type="openai", url=server.url, api_key=SecretStr(key or ANONYMOUS_KEY), **settings
        )
        backend = open_backend("own", table, session=session, links=session)
        assert isinstance(backend, OpenAIBackend)
        yield server, backend
        await backend.close()
