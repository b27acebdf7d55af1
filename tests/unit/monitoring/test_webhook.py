"""The webhook: only genuine addresses count, and the body is not trusted."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port
from yarl import URL

from bot.accounts.encryption.vault import Vault, new_key
from bot.errors import SettingsError
from bot.monitoring.http_server import serve_http
from bot.monitoring.webhook import WebhookUrls

OLD, NEW = new_key(), new_key()


class RecordedRings:
    """In the place of the tracker: remembers the polls it was asked for."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.names: list[str] = []  # of untracked requests
        self.lost: set[int] = set()

    def webhook_received(self, record_id: int, remote_id: str = "") -> bool:
        if record_id in self.lost:
            self.names += [remote_id] if remote_id else []
            return False
        self.ids.append(record_id)
        return True


@pytest.fixture
def rung() -> Any:
    return RecordedRings()


@pytest.fixture
async def base(rung: Any) -> AsyncGenerator[str]:
    port = unused_port()
    doorbell = WebhookUrls(Vault([NEW, OLD]), "https://bot.example")

    async def health() -> dict[str, bool]:
        return {"gateway": True, "horde": True}

    async def metrics() -> bytes:
        return b"hordecord_up 1\n"

    async with serve_http(("127.0.0.1", port), doorbell, rung, health, metrics):
        yield f"http://127.0.0.1:{port}"


def path_of(address: str) -> str:
    return address.removeprefix("https://bot.example")


async def test_an_address_that_somebody_else_has_is_named_with_its_setting(
    base: str, rung: Any
) -> None:
    port = URL(base).port
    assert port is not None
    nothing: Any = None
    with pytest.raises(SettingsError, match=r"^\[http\] listen: .*in use"):
        async with serve_http(("127.0.0.1", port), nothing, rung, nothing, nothing):
            pass


async def test_a_genuine_ring_makes_us_look(base: str, rung: RecordedRings) -> None:
    address = WebhookUrls(Vault([NEW]), "https://bot.example").address(12)
    async with aiohttp.ClientSession() as session:
        async with session.post(base + path_of(address), data=b"\xff not json") as answer:
            assert answer.status == 200
    assert rung.ids == [12]


async def test_a_ring_made_with_an_older_key_still_counts(base: str, rung: RecordedRings) -> None:
    address = WebhookUrls(Vault([OLD]), "https://bot.example").address(3)
    async with aiohttp.ClientSession() as session:
        async with session.post(base + path_of(address)) as answer:
            assert answer.status == 200
    assert rung.ids == [3]


@pytest.mark.parametrize("path", ["/ring/12/" + "0" * 40, "/ring/12/x", "/ring/13/MARK", "/"])
async def test_other_addresses_do_not_ring(base: str, rung: RecordedRings, path: str) -> None:
    mark = WebhookUrls(Vault([NEW]), "https://bot.example").address(12).rsplit("/", 1)[1]
    async with aiohttp.ClientSession() as session:
        async with session.post(base + path.replace("MARK", mark)) as answer:
            assert answer.status == 404
    assert rung.ids == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b'{"request": "1c3a-77", "img": "x"}', ["1c3a-77"]),
        (b'{"request": "../../v2/x"}', []),
        (b'{"request": ""}', []),
        (b'{"request": 5}', []),
        (b'["request"]', []),
        (b"\xff", []),
        (b"[" * 100_000, []),
        (b'{"request": "' + b"a" * (1024 * 1024) + b'"}', []),
    ],
    ids=range(8),
)
async def test_a_ring_names_what_was_lost_and_nothing_else(
    base: str, rung: RecordedRings, body: bytes, named: list[str]
) -> None:
    rung.lost.add(12)
    address = WebhookUrls(Vault([NEW]), "https://bot.example").address(12)
    async with aiohttp.ClientSession() as session:
        async with session.post(base + path_of(address), data=BytesIO(body)) as answer:
            assert answer.status == 200
    assert rung.names == named


async def test_a_body_that_never_ends_keeps_nobody_waiting(
    base: str, rung: RecordedRings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.monitoring.http_server.BODY_SECONDS", 0.1)
    url = URL(base)
    for lost in (set[int](), {12}):
        rung.lost = lost
        reader, writer = await asyncio.open_connection(url.host, url.port)
        path = path_of(WebhookUrls(Vault([NEW]), "https://bot.example").address(12))
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{{".encode())
        async with asyncio.timeout(2.0):
            assert b" 200 " in await reader.readline()
        writer.close()
        await writer.wait_closed()
    assert rung.ids == [12]


async def test_health_is_said_with_its_parts(base: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{base}/healthz") as answer:
        assert answer.status == 200
        assert await answer.json() == {"gateway": True, "horde": True}


async def test_metrics_are_said_as_prometheus_reads_them(base: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{base}/metrics") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        assert await answer.text() == "hordecord_up 1\n"


def test_no_public_address_no_ring() -> None:
    assert WebhookUrls(Vault([NEW]), "").address(1) == ""


def test_an_address_tells_nothing_of_the_key() -> None:
    address = WebhookUrls(Vault([NEW]), "https://bot.example/").address(1)
    assert address.startswith("https://bot.example/ring/1/")
    assert NEW not in address


@pytest.mark.parametrize(
    "said", [b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9\r\nA\r\n\r\n"]
)
async def test_what_is_not_http_leaves_no_line_in_the_log(
    base: str, said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    url = URL(base)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(said)
    async with asyncio.timeout(10):
        assert b"400" in await reader.read()
    writer.close()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_port_in_use_is_named_with_the_reason(base: str, rung: Any) -> None:
    port = URL(base).port or 0
    with pytest.raises(SettingsError) as caught:
        async with serve_http(("127.0.0.1", port), *([Any] * 4)):  # pyright: ignore[reportArgumentType]
            pass
    assert f"127.0.0.1:{port} cannot be used: address already in use." in str(caught.value)
