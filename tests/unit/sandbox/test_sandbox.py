"""Both servers and the page together, in this process and as one of their own."""

import asyncio
import gc
import json
import os
import signal
import sys

import aiohttp
import discord
import pytest

from sandbox import Sandbox
from tests.support.discord.local_discord import LocalDiscord, png_file
from tests.support.waiting import WAIT_MAX


async def test_the_page_is_served_fresh(local: LocalDiscord) -> None:
    async with aiohttp.ClientSession() as http, http.get(local.box.urls.page) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    status, _ = await local.fetch(local.box.urls.page + "%2e%2e/box.py")
    assert status == 404


async def test_a_sandbox_leaves_nothing_behind() -> None:
    tasks = asyncio.all_tasks()
    async with Sandbox(job_seconds=(0.01, 0.01)) as box, aiohttp.ClientSession() as http:
        urls = box.urls.by_name()
        assert set(urls) == {"discord", "gateway", "page", "horde", "control"}
        socket = await http.ws_connect(box.urls.gateway)
        assert (await socket.receive_json())["op"] == 10
        stream = await http.get(f"{box.urls.control}/events")
        assert stream.status == 200
    with pytest.raises(aiohttp.ClientConnectionError):
        async with aiohttp.ClientSession() as http:
            await http.get(box.urls.page)
    assert asyncio.all_tasks() == tasks
    gc.collect()  # an open socket would warn here, and a warning fails the test


@pytest.mark.parametrize("live", [True, False])
async def test_the_page_can_tell_whose_horde_it_is(live: bool) -> None:
    horde = None if live else ("127.0.0.1", 0)
    async with Sandbox(horde=horde) as box, aiohttp.ClientSession() as http:
        async with http.get(f"{box.urls.control}/world") as answer:
            world = await answer.json()
            assert world["live"] is live
            assert world["optional_servers"] == []


async def test_the_page_names_the_optional_servers() -> None:
    optional = {"openai": ("127.0.0.1", 0), "a1111": ("127.0.0.1", 0)}
    async with Sandbox(optional=optional) as box, aiohttp.ClientSession() as http:
        async with http.get(f"{box.urls.control}/world") as answer:
            assert (await answer.json())["optional_servers"] == ["a1111", "openai"]


async def test_a_taken_port_is_an_error_and_leaves_nothing_behind(local: LocalDiscord) -> None:
    port = int(local.box.discord.address.rpartition(":")[2])
    tasks = asyncio.all_tasks()
    with pytest.raises(OSError, match="in use"):
        async with Sandbox(discord=("127.0.0.1", port)):
            pass
    assert asyncio.all_tasks() == tasks


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
async def test_the_servers_as_a_process(end: signal.Signals) -> None:
    places = ["--discord", "127.0.0.1:0", "--horde", "127.0.0.1:0"]
    speed = ["--job-seconds", "0.1-0.2", "--latency", "1-2"]
    command = [sys.executable, "-W", "error", "-m", "sandbox", *places, *speed]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        urls = json.loads(await asyncio.wait_for(process.stdout.readline(), WAIT_MAX))
        assert set(urls) == {"discord", "gateway", "page", "horde", "control"}
        async with aiohttp.ClientSession() as http:
            async with http.get(urls["control"] + "/world") as answer:
                assert answer.status == 200
            async with http.get(urls["horde"] + "/status/heartbeat") as answer:
                assert answer.status == 200
    finally:
        process.send_signal(end)
    assert await asyncio.wait_for(process.wait(), WAIT_MAX) == 0


async def test_a_burst(local: LocalDiscord) -> None:
    """Many at once: all are answered in time."""

    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(file=png_file(), ephemeral=True)

    await local.start(do)
    act = {"kind": "command", "name": "do", "user_id": local.ada, "channel_id": local.general}
    status, done = await local.control.request("POST", "interactions", json=[act] * 200)
    assert status == 200
    assert all(one["acked"] for one in done)
    assert len({one["message_id"] for one in done}) == 200
    assert (
        len((await local.control.get("messages", channel_id=local.general, limit=500))["messages"])
        == 200
    )
