"""The only route from the internet: unexpected calls of the webhook change nothing."""

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

import aiohttp
import pytest
from aiohttp.test_utils import unused_port
from yarl import URL

from bot.accounts.encryption.vault import Vault, new_key
from bot.monitoring.connection_limits import ConnectionLimits
from bot.monitoring.http_server import BODY_MAX, LIMITS, serve_http
from bot.monitoring.webhook import WebhookUrls

VAULT_KEY = new_key()
BASE = "https://bot.example"
BOMB = 300_000_000  # bytes
FIGURES = 20_000_000  # bytes; more than a socket holds
OWN_URLS = WebhookUrls(Vault([VAULT_KEY]), BASE)


@dataclass
class UnknownRequests:
    """In the place of the tracker: it knows no request, so every body is read."""

    asked: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    def webhook_received(self, record_id: int, remote_id: str = "") -> bool:
        self.asked.append((record_id, remote_id))
        return False


@pytest.fixture
def unknown_requests() -> UnknownRequests:
    return UnknownRequests()


@asynccontextmanager
async def serving(
    rung: UnknownRequests, patience: ConnectionLimits = LIMITS
) -> AsyncGenerator[str]:
    async def health() -> dict[str, bool]:
        return {"gateway": True}

    async def metrics() -> bytes:
        return b"x" * FIGURES

    port, tracker = unused_port(), cast("Any", rung)
    async with serve_http(("127.0.0.1", port), OWN_URLS, tracker, health, metrics, patience):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def webhook_address(unknown_requests: UnknownRequests) -> AsyncGenerator[str]:
    async with serving(unknown_requests) as address:
        yield address


def path(record_id: int | str, doorbell: WebhookUrls = OWN_URLS, *, of: int = 0) -> str:
    """The path for one request, with the mark that was made for `of`."""
    mark = doorbell.address(of or int(record_id)).rsplit("/", 1)[1]
    return f"/ring/{record_id}/{mark}"


def wrong_paths() -> list[str]:
    mark = path(7).rsplit("/", 1)[1]
    stranger = WebhookUrls(Vault([new_key()]), BASE)
    return [
        path(8, of=7),  # a true mark, taken to another request
        path(7, stranger),
        f"/ring/7/{mark[:-1]}",
        f"/ring/7/{mark}0",
        f"/ring/7/{mark.upper()}" if mark.upper() != mark else "/ring/7/x",
        f"/ring/-7/{mark}",
        f"/ring/{'9' * 19}/{mark}",
        f"/ring/{'9' * 5000}/{mark}",
        f"/ring/7/../7/{'0' * 40}",
        f"/ring/7/{'%00' * 40}",
        f"/ring//{mark}",
        f"/ring/7/{mark}/",
        "/ring/7/",
        "/ring",
        "/",
        "/.env",
        "/metrics/../ring",
    ]


@pytest.mark.parametrize("wrong", wrong_paths(), ids=range(len(wrong_paths())))
async def test_a_wrong_path_rings_nothing(
    webhook_address: str, unknown_requests: UnknownRequests, wrong: str
) -> None:
    async with aiohttp.ClientSession() as session:
        url = URL(webhook_address + wrong, encoded=True)
        async with session.post(url, json={"request": "abc"}) as answer:
            assert answer.status in {400, 404}
            assert "request" not in await answer.text()
    assert unknown_requests.asked == []


async def test_a_ring_that_is_replayed_only_makes_us_look_again(
    webhook_address: str, unknown_requests: UnknownRequests
) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.post(webhook_address + path(7), json={"no": "id"}) as answer:
                assert answer.status == 200
    assert unknown_requests.asked == [(7, "")] * 3


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_only_a_post_rings(
    webhook_address: str, unknown_requests: UnknownRequests, method: str
) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.request(method, webhook_address + path(7)) as answer:
            assert answer.status == 405
    assert unknown_requests.asked == []


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [  # packed in the test: a reader of this file need not wait for it
        ("gzip", lambda: gzip.compress(b'{"request": "a", "x": "' + b" " * BOMB + b'"}', 9)),
        ("deflate", lambda: zlib.compress(b" " * BOMB, 9)),
        ("gzip", lambda: b"\x1f\x8b not gzip"),
        ("nonsense", lambda: b"{}"),
    ],
    ids=["gzip bomb", "deflate bomb", "broken", "unknown"],
)
async def test_a_packed_body_is_never_unpacked_whole(
    webhook_address: str,
    unknown_requests: UnknownRequests,
    encoding: str,
    pack: Callable[[], bytes],
) -> None:
    body = pack()
    async with aiohttp.ClientSession() as session, asyncio.timeout(10):
        headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
        async with session.post(webhook_address + path(7), data=body, headers=headers) as answer:
            assert answer.status in {200, 400}
        async with session.get(f"{webhook_address}/healthz") as answer:
            assert answer.status == 200
    assert all(named == "" for _, named in unknown_requests.asked)


async def test_a_huge_body_is_not_kept(
    webhook_address: str, unknown_requests: UnknownRequests
) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(10):
        data = b'{"request": "abc", "x": "' + b"x" * (4 * BODY_MAX) + b'"}'
        async with session.post(webhook_address + path(7), data=BytesIO(data)) as answer:
            assert answer.status == 200
    assert unknown_requests.asked == [(7, "")]


async def test_slow_ones_keep_nobody_waiting(
    webhook_address: str, unknown_requests: UnknownRequests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.monitoring.http_server.BODY_SECONDS", 0.2)
    port = int(webhook_address.rsplit(":", 1)[1])
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
    for number, (_, writer) in enumerate(slow):
        head = f"POST {path(7)} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{{"
        writer.write(head[: 20 if number % 2 else None].encode())
    async with aiohttp.ClientSession() as session, asyncio.timeout(2):
        async with session.get(f"{webhook_address}/healthz") as answer:
            assert answer.status == 200
    for _, writer in slow:
        writer.close()
        await writer.wait_closed()
    assert {named for _, named in unknown_requests.asked} <= {""}


SHORT = ConnectionLimits(most=8, seconds=0.3)
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connected(base: str) -> Ends:
    return await asyncio.open_connection("127.0.0.1", int(base.rsplit(":", 1)[1]))


async def is_over(reader: asyncio.StreamReader) -> bool:
    """Has the other side ended that connection."""
    try:
        async with asyncio.timeout(0.01):
            await reader.read()
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


async def dribbled(ends: Ends, start: bytes, each: bytes) -> float:
    """The seconds for which the server listens to who says a little now and then."""
    reader, writer = ends
    writer.write(start)
    begun = time.monotonic()
    while not await is_over(reader):
        assert time.monotonic() - begun < 5, "it listens for ever"
        writer.write(each)
        await asyncio.sleep(0.02)
    writer.close()
    return time.monotonic() - begun


@pytest.mark.parametrize(
    ("start", "each"),
    [
        (b"", b""),
        (b"GET /healthz HTTP/1.1\r\n", b"X-More: x\r\n"),
        (b"", b"G"),
        (b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n", b"x"),
        (b"POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (f"POST {path(7)} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n".encode(), b"x"),
    ],
    ids=["nothing", "headers", "a method", "a body for nobody", "chunks", "a ring's body"],
)
async def test_who_never_ends_is_cut_off(
    unknown_requests: UnknownRequests, start: bytes, each: bytes
) -> None:
    async with serving(unknown_requests, SHORT) as base:
        assert await dribbled(await connected(base), start, each) < 2


async def test_who_does_not_read_the_answer_is_cut_off(unknown_requests: UnknownRequests) -> None:
    async with serving(unknown_requests, SHORT) as base:
        reader, writer = await connected(base)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.6)
        read = 0
        with suppress(ConnectionError):
            while more := await reader.read(1_000_000):
                read += len(more)
        assert read < FIGURES
        writer.close()


async def test_one_connection_is_one_request(unknown_requests: UnknownRequests) -> None:
    async with serving(unknown_requests) as base:
        reader, writer = await connected(base)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        async with asyncio.timeout(2):
            assert (await reader.read()).count(b"HTTP/1.1 200") == 1
        writer.close()


async def test_of_too_many_the_first_make_room(unknown_requests: UnknownRequests) -> None:
    """Long before their time is over; quick callers are served meanwhile."""
    async with serving(unknown_requests, ConnectionLimits(most=8, seconds=60)) as base:
        many = [await connected(base) for _ in range(40)]
        for _, writer in many:
            writer.write(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        async with aiohttp.ClientSession() as session, asyncio.timeout(5):
            for _ in range(5):
                async with session.get(f"{base}/healthz") as answer:
                    assert answer.status == 200
        over = [await is_over(reader) for reader, _ in many]
        assert over.count(False) <= 8
        assert all(over[:32])
        for _, writer in many:
            writer.close()
