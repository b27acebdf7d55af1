"""A server that answers what it was told to and remembers what it was asked."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> Any:
    """An answer in the server's shape; the words in it are ours."""
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Call:
    verb: str
    path: str  # below the base, still quoted
    query: dict[str, str]
    pairs: tuple[tuple[str, str], ...]  # the query with every value of a repeated name
    headers: dict[str, str]
    body: Any

    @property
    def key(self) -> str | None:
        return self.headers.get("apikey")


@dataclass
class Scripted:
    """Answers every call with the first of its script, of which the last one stays."""

    url: str = ""
    calls: list[Call] = field(default_factory=list[Call])
    _script: list[tuple[int, bytes, dict[str, str]]] = field(
        default_factory=list[tuple[int, bytes, dict[str, str]]]
    )

    def say(self, body: Any = None, status: int = 200, **headers: str) -> None:
        """From now on: this JSON (or these bytes), with this status."""
        self._script.clear()
        self.then(body, status, **headers)

    def then(self, body: Any = None, status: int = 200, **headers: str) -> None:
        """After the scripted answers."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = "text/html" if isinstance(body, bytes) else "application/json"
        self._script.append((status, raw, {"Content-Type": kind, **named}))

    async def answer(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.calls.append(
            Call(
                request.method,
                request.raw_path.partition("?")[0].removeprefix("/api/v2"),
                dict(request.query),
                tuple(request.query.items()),
                dict(request.headers),
                json.loads(raw) if raw else None,
            )
        )
        status, body, headers = self._script[0] if len(self._script) == 1 else self._script.pop(0)
        return web.Response(status=status, body=body, headers=headers)

    @property
    def last(self) -> Call:
        return self.calls[-1]


@contextlib.asynccontextmanager
async def scripted() -> AsyncGenerator[Scripted]:
    horde = Scripted()
    app = web.Application(client_max_size=64 * 1024**2)
    app.router.add_route("*", "/{rest:.*}", horde.answer)
    async with TestServer(app) as server:
        horde.url = str(server.make_url("/api/v2"))
        yield horde


@contextlib.asynccontextmanager
async def raw_server(
    *answers: bytes, hang: bool = False, host: str = "127.0.0.1"
) -> AsyncGenerator[tuple[str, list[bytes]]]:
    """Bytes on a socket instead of HTTP: each connection gets the next answer, then its end."""
    script, heard = list(answers), list[bytes]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            heard.append(await reader.read(64 * 1024))
            if hang:
                await reader.read()  # until the client gives up
            else:
                writer.write(script.pop(0) if len(script) > 1 else script[0])
                await writer.drain()
        except ConnectionError:
            heard.append(b"gone")
        finally:
            writer.close()

    server = await asyncio.start_server(serve, host, 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://{host}:{port}/api/v2", heard
    finally:
        server.close()


TEST_AGENT = "hordecord:1.2.3:https://example.org"
