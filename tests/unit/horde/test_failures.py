"""Every way a call can fail is one typed error, in words for a person and without a secret."""

import asyncio
import logging
import tracemalloc
import zlib
from typing import Any

import aiohttp
import pytest

from bot.errors import BackendDown, BackendError, BadReply, RequestRejected
from bot.horde import transport
from bot.horde.client import HordeClient
from tests.support.horde.endpoint import ID, MIRA
from tests.support.horde.endpoints import IMAGE_INPUT, call_error
from tests.support.horde.scripted_server import Scripted, raw_server, sample

HTML_PAGE = b"<!doctype html><title>oh no</title>"


def client_for(url: str, session: aiohttp.ClientSession) -> HordeClient:
    return HordeClient(session, url, client_agent="a:1:b")


async def test_nobody_listens(session: aiohttp.ClientSession, unused_tcp_port: int):
    error = await call_error(client_for(f"http://127.0.0.1:{unused_tcp_port}/api/v2", session))
    assert isinstance(error, BackendDown)
    assert not error.in_doubt


@pytest.mark.parametrize(
    "url",
    ["http:///api", "ftp://127.0.0.1/api", "nonsense", "", "http://h:99999/api", "http://[::1"],
)
async def test_an_address_that_is_none(url: str, session: aiohttp.ClientSession):
    error = await call_error(client_for(url, session))
    assert isinstance(error, BackendDown)
    assert not error.in_doubt


async def test_no_answer_in_time(session: aiohttp.ClientSession):
    async with raw_server(b"", hang=True) as (url, heard):
        client = client_for(url, session)
        with pytest.raises(BackendDown) as caught:
            await client._request("POST", "/generate/async", body=IMAGE_INPUT, seconds=0.05)
    assert caught.value.in_doubt
    assert heard


LENGTH = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200",
        b"hello, I am no web server\r\n\r\n",
        LENGTH,
        LENGTH + b'{"id": "5f0c1d52',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nnope",
    ],
)
async def test_a_broken_answer(answer: bytes, session: aiohttp.ClientSession):
    async with raw_server(answer) as (url, heard):
        error = await call_error(client_for(url, session))
        assert b"POST /api/v2/generate/async" in heard[0]
    assert isinstance(error, BackendDown)
    assert error.in_doubt  # the call had left


@pytest.mark.parametrize(
    "body",
    [
        b'{"id": "5f0c1d52-8a55',
        b"",
        b"null",
        b"\xff\xfe{",
        b"[" * 100_000,
        b"1" * 5000,
        HTML_PAGE,
    ],
)
async def test_a_success_that_is_no_data(body: bytes, horde: Scripted, client: HordeClient):
    horde.say(body, 202)
    error = await call_error(client)
    assert isinstance(error, BackendDown)
    assert error.in_doubt


@pytest.mark.parametrize("body", [{}, [], "yes", 7, {"id": None, "kudos": 1}, {"id": "a b"}])
async def test_taken_without_a_number(body: Any, horde: Scripted, client: HordeClient):
    horde.say(body, 202)
    error = await call_error(client)
    assert isinstance(error, BackendDown)
    assert error.in_doubt


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("check_image", {"message": "OK"}),  # must not look like an end
        ("check_image", []),
        ("get_alchemy_status", {"state": "done"}),
        ("find_user", {}),
        ("list_models", {"error": 1}),
        ("get_worker", {"name": "no id"}),
    ],
)
async def test_a_success_that_makes_no_sense(
    method: str, body: Any, horde: Scripted, client: HordeClient
):
    horde.say(body)
    assert isinstance(await call_error(client, method), BadReply)


@pytest.mark.parametrize(
    ("status", "body", "in_doubt"),
    [
        (500, {"message": "Internal Server Error"}, False),  # the server's own: nothing was queued
        (500, HTML_PAGE, True),
        (502, HTML_PAGE, True),
        (504, HTML_PAGE, True),
        (503, HTML_PAGE, False),  # a proxy without a server
        (521, HTML_PAGE, False),
        (404, HTML_PAGE, False),
        (404, {"message": "not found"}, False),
        (403, HTML_PAGE, False),
        (301, b"", False),
    ],
)
async def test_server_or_proxy_trouble(
    status: int, body: Any, in_doubt: bool, horde: Scripted, client: HordeClient
):
    horde.say(body, status, Retry_After="7")
    error = await call_error(client)
    assert isinstance(error, BackendDown)
    assert (error.in_doubt, error.status, error.retry_after) == (in_doubt, status, 7.0)


async def test_a_redirection_does_not_take_the_key_along(horde: Scripted, client: HordeClient):
    horde.say(b"", 307, Location=f"{horde.url}/elsewhere")
    await call_error(client)
    assert len(horde.calls) == 1


@pytest.mark.parametrize("key", ["a\nb: c", "ключ", "\udce4", "x" * 300])
async def test_a_key_no_header_can_hold(key: str, horde: Scripted, client: HordeClient):
    with pytest.raises(RequestRejected) as caught:
        await client.find_user(key=key)
    assert caught.value.rc == "InvalidAPIKey"
    assert caught.value.private
    assert not horde.calls


async def test_no_secret_in_texts_and_logs(
    horde: Scripted, client: HordeClient, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG, logger="bot")
    message = f"User with api_key '{MIRA}' not found. You have requested this URI [/{ID}]"
    seen: list[BackendError] = []
    for status in (400, 401, 403, 404, 409, 429, 500, 502):
        for rc in ("UserNotFound", "BadRequest", "RequestNotFound", MIRA, ID):
            horde.say({"message": message, "rc": rc, "errors": {MIRA: message}}, status)
            seen += [await call_error(client, name) for name in ("find_user", "get_image_status")]
    said = [str(error) for error in seen] + [record.getMessage() for record in caplog.records]
    assert len(seen) == 80
    known = [text for text in said if MIRA in text or ID in text]
    assert not known


async def test_answers_have_a_size(
    horde: Scripted, client: HordeClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transport, "JSON_MAX", 1000)
    horde.say([{"name": "m" * 1000}])
    assert isinstance(await call_error(client, "list_models"), BackendDown)
    packed = zlib.compress(b" " * 100_000 + b"[]")
    horde.say(packed, 200, Content_Encoding="deflate")
    assert len(packed) < 1000
    assert isinstance(await call_error(client, "list_models"), BackendDown)


async def test_the_connection_is_used_again(horde: Scripted, client: HordeClient):
    horde.say(sample("check"))
    for _ in range(3):
        await client.check_image(ID)
    assert len(horde.calls) == 3


async def test_a_cancelled_call_stays_cancelled(session: aiohttp.ClientSession):
    async with raw_server(b"", hang=True) as (url, _):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await client_for(url, session).submit_image(IMAGE_INPUT, key=MIRA)


async def test_an_answer_that_is_packed_small_is_not_unpacked_whole(session: aiohttp.ClientSession):
    packed = zlib.compress(b" " * 300_000_000, 9)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: {len(packed)}\r\n\r\n"
    async with raw_server(head.encode() + packed) as (url, _):
        tracemalloc.start()
        try:
            error = await call_error(client_for(url, session))
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(error, BackendDown)
    assert most < 5 * transport.JSON_MAX
