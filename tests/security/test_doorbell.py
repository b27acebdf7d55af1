"""The only door that is open to the internet: what rings without being asked changes nothing."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

import aiohttp
import pytest
from aiohttp.test_utils import unused_port
from yarl import URL

from bot.vault import Vault, new_key
from bot.webhook import BODY_MAX, Doorbell, serve

KEY = new_key()
BASE = "https://bot.example"
MINE = Doorbell(Vault([KEY]), BASE)


@dataclass
class Rung:
    """Stands for the tracker: it knows nothing, so every ring's body is looked into."""

    asked: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    def ring(self, record_id: int, remote_id: str = "") -> bool:
        self.asked.append((record_id, remote_id))
        return False


@pytest.fixture
def rung() -> Rung:
    return Rung()


@pytest.fixture
async def base(rung: Rung) -> AsyncGenerator[str]:
    async def health() -> dict[str, bool]:
        return {"gateway": True}

    async def metrics() -> bytes:
        return b""

    port = unused_port()
    async with serve(("127.0.0.1", port), MINE, cast("Any", rung), health, metrics):
        yield f"http://127.0.0.1:{port}"


def path(record_id: int | str, doorbell: Doorbell = MINE, *, of: int = 0) -> str:
    """The path for one request, with the mark that was made for `of`."""
    mark = doorbell.address(of or int(record_id)).rsplit("/", 1)[1]
    return f"/ring/{record_id}/{mark}"


def wrong_paths() -> list[str]:
    mark = path(7).rsplit("/", 1)[1]
    stranger = Doorbell(Vault([new_key()]), BASE)
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
async def test_a_wrong_path_rings_nothing(base: str, rung: Rung, wrong: str) -> None:
    async with aiohttp.ClientSession() as session:
        url = URL(base + wrong, encoded=True)
        async with session.post(url, json={"request": "abc"}) as answer:
            assert answer.status in {400, 404}
            assert "request" not in await answer.text()
    assert rung.asked == []


async def test_a_ring_that_is_replayed_only_makes_us_look_again(base: str, rung: Rung) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.post(base + path(7), json={"no": "id"}) as answer:
                assert answer.status == 200
    assert rung.asked == [(7, "")] * 3


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_only_a_post_rings(base: str, rung: Rung, method: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.request(method, base + path(7)) as answer:
            assert answer.status == 405
    assert rung.asked == []


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b'{"request": "a", "x": "' + b" " * 300_000_000 + b'"}', 9)),
        ("deflate", zlib.compress(b" " * 300_000_000, 9)),
        ("gzip", b"\x1f\x8b not gzip"),
        ("nonsense", b"{}"),
    ],
    ids=["gzip bomb", "deflate bomb", "broken", "unknown"],
)
async def test_a_packed_body_is_never_unpacked_whole(
    base: str, rung: Rung, encoding: str, body: bytes
) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(10):
        headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
        async with session.post(base + path(7), data=body, headers=headers) as answer:
            assert answer.status in {200, 400}
        async with session.get(f"{base}/healthz") as answer:
            assert answer.status == 200
    assert all(named == "" for _, named in rung.asked)


async def test_a_huge_body_is_not_kept(base: str, rung: Rung) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(10):
        data = b'{"request": "abc", "x": "' + b"x" * (4 * BODY_MAX) + b'"}'
        async with session.post(base + path(7), data=BytesIO(data)) as answer:
            assert answer.status == 200
    assert rung.asked == [(7, "")]


async def test_slow_ones_keep_nobody_waiting(
    base: str, rung: Rung, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.webhook.BODY_SECONDS", 0.2)
    port = int(base.rsplit(":", 1)[1])
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
    for number, (_, writer) in enumerate(slow):
        head = f"POST {path(7)} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{{"
        writer.write(head[: 20 if number % 2 else None].encode())
    async with aiohttp.ClientSession() as session, asyncio.timeout(2):
        async with session.get(f"{base}/healthz") as answer:
            assert answer.status == 200
    for _, writer in slow:
        writer.close()
        await writer.wait_closed()
    assert {named for _, named in rung.asked} <= {""}
