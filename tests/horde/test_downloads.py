"""Links come from strangers: what is fetched, from where, and how much of it."""

import asyncio

import aiohttp
import pytest

from bot.errors import BackendDown, BadReply
from bot.horde import downloads
from bot.horde.client import HordeClient
from tests.horde.scripted import Scripted, raw_server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nRIFF"


async def test_bytes_without_any_of_our_headers(horde: Scripted, client: HordeClient):
    horde.say(b"RIFF....WEBP")
    query = "Signature=a%2Bb%2Fc%3D&Expires=19"
    assert await client.fetch(f"{horde.url}/bucket/x.webp?{query}") == b"RIFF....WEBP"
    assert horde.last.path == "/bucket/x.webp"
    assert horde.last.query["Signature"] == "a+b/c="
    sent = {name.lower() for name in horde.last.headers}
    assert not sent & {"apikey", "client-agent", "authorization"}


@pytest.mark.parametrize(
    "link",
    [
        "",
        "N/A",
        "bm90IGFuIGltYWdl",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "//127.0.0.1/x",
        "http://",
        "http://[::1",
        "http://user:pass@127.0.0.1/x",
        "http://127.0.0.1/x y",
        "http://127.0.0.1/x\r\nHost: y",
        "http://127.0.0.1/ü",
        "http://127.0.0.1:99999999/x",
        "http://127.0.0.1/" + "x" * 5000,
        "data:image/png;base64,AAAA",
    ],
)
async def test_what_is_no_link(link: str, client: HordeClient, horde: Scripted):
    with pytest.raises((BadReply, BackendDown)):
        await client.fetch(link)
    assert not horde.calls


@pytest.mark.parametrize("status", [400, 403, 404, 410, 302, 204])
async def test_it_is_not_there(status: int, horde: Scripted, client: HordeClient):
    horde.say(b"", status, Location=f"{horde.url}/secret")
    with pytest.raises(BadReply):
        await client.fetch(f"{horde.url}/x")
    assert len(horde.calls) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_it_may_be_there_later(status: int, horde: Scripted, client: HordeClient):
    horde.say(b"", status)
    with pytest.raises(BackendDown):
        await client.fetch(f"{horde.url}/x")


async def test_empty(horde: Scripted, client: HordeClient):
    horde.say(b"")
    with pytest.raises(BadReply):
        await client.fetch(f"{horde.url}/x")


async def test_too_large(horde: Scripted, client: HordeClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(downloads, "SIZE_MAX", 1000)
    horde.say(b"x" * 1001)
    with pytest.raises(BadReply, match="larger"):
        await client.fetch(f"{horde.url}/x")
    horde.say(b"x" * 1000)
    assert len(await client.fetch(f"{horde.url}/x")) == 1000


async def test_too_large_without_saying_so(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(downloads, "SIZE_MAX", 1000)
    async with raw_server(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000) as (url, _):
        with pytest.raises(BadReply, match="larger"):
            await HordeClient(session, url, client_agent="a").fetch(f"{url}/x")


async def test_a_broken_connection_is_tried_once_more(session: aiohttp.ClientSession):
    async with raw_server(b"", OK) as (url, heard):
        client = HordeClient(session, url.replace("127.0.0.1", "localhost"), client_agent="a")
        assert await client.fetch(f"{url}/x") == b"RIFF"
        assert len(heard) == 2


async def test_a_broken_connection_is_not_tried_for_ever(session: aiohttp.ClientSession):
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nRIFF"
    async with raw_server(half) as (url, heard):
        with pytest.raises(BackendDown):
            await HordeClient(session, url, client_agent="a").fetch(f"{url}/x")
        assert len(heard) == 2


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Addresses by name, instead of asking a name server."""
    known: dict[str, list[str]] = {}
    loop_class = asyncio.base_events.BaseEventLoop

    async def getaddrinfo(_: object, host: str, port: object, **__: object):
        if host not in known:
            raise OSError("unknown")
        return [(2, 1, 6, "", (address, 0)) for address in known[host]]

    monkeypatch.setattr(loop_class, "getaddrinfo", getaddrinfo)
    return known


PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    ("addresses", "allowed"),
    [
        ([PUBLIC], True),
        (["2606:2800:220:1::1"], True),
        (["127.0.0.1"], False),
        (["10.1.2.3"], False),
        (["192.168.0.9"], False),
        (["169.254.169.254"], False),
        (["::1"], False),
        (["fe80::1%eth0"], False),
        (["::ffff:127.0.0.1"], False),
        ([PUBLIC, "10.0.0.1"], False),
        (["0.0.0.0"], False),
    ],
)
async def test_a_public_horde_leads_to_no_private_place(
    addresses: list[str], allowed: bool, names: dict[str, list[str]], session: aiohttp.ClientSession
):
    names.update({"horde.test": [PUBLIC], "link.test": addresses})
    fetching = downloads.Downloads(session, "https://horde.test/api/v2")
    assert await fetching._allowed("link.test") is allowed


async def test_refused_before_anything_is_sent(
    names: dict[str, list[str]], horde: Scripted, session: aiohttp.ClientSession
):
    names.update({"horde.test": [PUBLIC], "127.0.0.1": ["127.0.0.1"]})
    client = HordeClient(session, "https://horde.test/api/v2", client_agent="a")
    with pytest.raises(BadReply, match="private network"):
        await client.fetch(f"{horde.url}/x")
    assert not horde.calls


@pytest.mark.parametrize("host", ["storage.lan", "nowhere.test", PUBLIC])
async def test_a_private_horde_has_its_storage_where_it_likes(
    host: str, names: dict[str, list[str]], session: aiohttp.ClientSession
):
    names.update({"horde.lan": ["192.168.1.5"], "storage.lan": ["192.168.1.6"], PUBLIC: [PUBLIC]})
    assert await downloads.Downloads(session, "http://horde.lan/api/v2")._allowed(host)
