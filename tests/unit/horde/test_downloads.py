"""Links of strangers: which are loaded, from where, and how much."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.errors import BackendDown, BadReply, ResultTooLarge
from bot.horde import downloads
from bot.horde.client import HordeClient
from bot.http import public_addresses
from tests.support.horde.scripted_server import Scripted, raw_server

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


@pytest.mark.parametrize("head", [b"", b"Content-Length: 5000\r\n"], ids=["unsaid", "said"])
async def test_result_over_the_limit_of_the_caller_is_named_and_not_kept(
    head: bytes, session: aiohttp.ClientSession
):
    async with raw_server(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + b"x" * 5000) as (url, heard):
        client = HordeClient(session, url, client_agent="a")
        with pytest.raises(ResultTooLarge):
            await client.fetch(f"{url}/x", 4999)
        assert len(await client.fetch(f"{url}/x", 5000)) == 5000
        assert len(heard) == 2


async def test_too_large_without_saying_so(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(downloads, "SIZE_MAX", 1000)
    async with raw_server(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000) as (url, _):
        with pytest.raises(BadReply, match="larger"):
            await HordeClient(session, url, client_agent="a").fetch(f"{url}/x")


async def test_a_broken_connection_is_tried_once_more(session: aiohttp.ClientSession):
    async with raw_server(b"", OK) as (url, heard):
        client = HordeClient(session, url, client_agent="a")
        assert await client.fetch(f"{url}/x") == b"RIFF"
        assert len(heard) == 2


async def test_a_broken_connection_is_not_tried_for_ever(session: aiohttp.ClientSession):
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nRIFF"
    async with raw_server(half) as (url, heard):
        with pytest.raises(BackendDown):
            await HordeClient(session, url, client_agent="a").fetch(f"{url}/x")
        assert len(heard) == 2


Names = dict[str, list[str]]
Session = aiohttp.ClientSession


@pytest.fixture
def known_hosts(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Addresses by name, instead of asking a name server. An address is its own."""
    known: Names = {}

    async def getaddrinfo(_: object, host: str, port: int | None, **__: object):
        found = known.get(host, [host] if host[0].isdigit() else [])
        if not found:
            raise OSError("unknown")
        return [(2, 1, 6, "", (address, port or 0)) for address in found]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return known


@pytest.fixture
async def links() -> AsyncIterator[Session]:
    async with public_addresses.open_links() as opened:
        yield opened


PUBLIC = "93.184.216.34"
OPEN = "127.0.0.2"  # in the place of a public address


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one public address, and it is on this machine."""
    monkeypatch.setattr(public_addresses, "is_public", OPEN.__eq__)


def client_with_links(names: Names, session: Session, links: Session) -> HordeClient:
    """A client of a public Horde."""
    names["horde.test"] = [PUBLIC]
    return HordeClient(session, "https://horde.test/api/v2", client_agent="a", links=links)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
        "192.168.0.9", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:7f00:1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2001:0:1::1", "fc00::1",
        "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_what_is_not_the_open_internet(address: str) -> None:
    assert not public_addresses.is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_what_is_the_open_internet(address: str) -> None:
    assert public_addresses.is_public(address)


async def test_a_link_into_the_private_network_is_refused_before_anything_is_sent(
    known_hosts: Names, horde: Scripted, session: Session, links: Session
):
    known_hosts["evil.test"] = ["127.0.0.1"]
    client = client_with_links(known_hosts, session, links)
    for url in (horde.url, horde.url.replace("127.0.0.1", "evil.test")):
        with pytest.raises(BadReply, match="private network"):
            await client.fetch(f"{url}/x")
    assert not horde.calls


@pytest.mark.usefixtures("internet")
async def test_of_several_addresses_only_a_public_one_is_connected_to(
    known_hosts: Names, session: Session, links: Session
):
    known_hosts["both.test"] = ["127.0.0.1", OPEN]
    async with raw_server(OK, host=OPEN) as (url, heard):
        client = client_with_links(known_hosts, session, links)
        assert await client.fetch(url.replace(OPEN, "both.test")) == b"RIFF"
    assert len(heard) == 1


@pytest.mark.usefixtures("internet")
async def test_a_name_that_leads_elsewhere_after_it_was_judged(
    known_hosts: Names, horde: Scripted, session: Session, links: Session
):
    known_hosts["evil.test"] = [OPEN]
    client = client_with_links(known_hosts, session, links)
    async with raw_server(OK, host=OPEN) as (url, _):
        assert await client.fetch(url.replace(OPEN, "evil.test")) == b"RIFF"
    known_hosts["evil.test"] = ["127.0.0.1"]
    connector = links.connector
    assert isinstance(connector, aiohttp.TCPConnector)
    connector.clear_dns_cache()  # the name's own time is over
    with pytest.raises(BadReply, match="private network"):
        await client.fetch(horde.url.replace("127.0.0.1", "evil.test"))
    assert not horde.calls


async def test_results_are_downloaded_through_the_proxy_of_the_environment(
    known_hosts: Names, links: Session, monkeypatch: pytest.MonkeyPatch
):
    """Where nothing else leads out, a result of a worker would never arrive."""
    known_hosts.update({"r2.test": [PUBLIC], "evil.test": ["10.1.2.3"]})
    async with raw_server(OK) as (url, heard), Session(trust_env=True) as session:
        proxy = url.removesuffix("/api/v2")
        known_hosts["::1"] = ["::1"]
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        client = client_with_links(known_hosts, session, links)
        assert await client.fetch("http://r2.test/x?Signature=a%2Bb") == b"RIFF"
        assert heard[0].startswith(b"GET http://r2.test/x?Signature=a%2Bb ")
        for private in ("http://evil.test/x", "http://10.1.2.3/x", "http://[::1]/x"):
            with pytest.raises(BadReply, match="private network"):
                await client.fetch(private)
        assert len(heard) == 1


@pytest.mark.usefixtures("internet")
async def test_what_is_packed_is_not_unpacked(known_hosts: Names, session: Session, links: Session):
    packed = gzip.compress(b"\0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    async with raw_server(head.encode() + packed, host=OPEN) as (url, _):
        assert await client_with_links(known_hosts, session, links).fetch(url) == packed


@pytest.mark.usefixtures("internet")
async def test_no_cookie_of_a_stranger_is_kept(
    known_hosts: Names, session: Session, links: Session
):
    known_hosts["evil.test"] = [OPEN]
    cookie = OK.replace(b"Content", b"Set-Cookie: who=you\r\nContent")
    async with raw_server(cookie, host=OPEN) as (url, heard):
        for _ in range(2):
            await client_with_links(known_hosts, session, links).fetch(
                url.replace(OPEN, "evil.test")
            )
    assert b"who" not in b"".join(heard)


async def test_a_private_horde_has_its_storage_where_it_likes(
    known_hosts: Names, horde: Scripted, session: Session, links: Session
):
    known_hosts.update({"horde.lan": ["192.168.1.5"], "storage.lan": ["127.0.0.1"]})
    horde.say(b"RIFF")
    client = HordeClient(session, "http://horde.lan/api/v2", client_agent="a", links=links)
    assert await client.fetch(horde.url.replace("127.0.0.1", "storage.lan")) == b"RIFF"


async def test_without_a_way_for_links_only_the_horde_itself_is_asked(
    horde: Scripted, client: HordeClient
):
    with pytest.raises(BadReply, match="not stored at the Horde"):
        await client.fetch(horde.url.replace("127.0.0.1", "localhost"))
    assert not horde.calls


@pytest.mark.parametrize(("limit", "fits"), [(300_000, True), (299_999, False)])
async def test_large_result_is_written_to_a_file_up_to_its_limit(
    horde: Scripted, tmp_path: Path, limit: int, fits: bool
) -> None:
    horde.say(bytes(300_000))
    async with aiohttp.ClientSession() as session:
        files = downloads.Downloads(session, horde.url)
        with (tmp_path / "video").open("w+b") as file:
            if fits:
                await files.save(f"{horde.url}/1.mp4", file, limit)
                assert file.tell() == 300_000
            else:
                with pytest.raises(ResultTooLarge):
                    await files.save(f"{horde.url}/1.mp4", file, limit)


async def test_broken_download_into_a_file_begins_again(tmp_path: Path) -> None:
    broken = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nRIFF"
    async with raw_server(broken, OK) as (url, _), aiohttp.ClientSession() as session:
        with (tmp_path / "video").open("w+b") as file:
            await downloads.Downloads(session, url).save(f"{url}/1.mp4", file, 100)
            file.seek(0)
            assert file.read() == b"RIFF"
