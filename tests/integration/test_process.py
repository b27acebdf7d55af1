"""The whole process: how it is started, told to stop and ends."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from sandbox import Sandbox
from tests.support.bots.process import child_environment, sandbox_settings
from tests.support.credentials import BOT_TOKEN

needs_signals = pytest.mark.skipif(os.name != "posix", reason="Windows has no signals to send")


@pytest.fixture(autouse=True)
def _in_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_process_itself_exits_2() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1


@needs_signals
@pytest.mark.parametrize("command", ["run", "try"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_before_the_command_line_is_loaded_ends_it_cleanly(
    command: str, number: signal.Signals
) -> None:
    send = f"start.importlib.import_module = lambda _: os.kill(os.getpid(), {int(number)})"
    lines = ("import os, sys", "import bot.__main__ as start", send)
    code = "\n".join((*lines, f"sys.argv = ['hordecord', '{command}']", "start.main()"))
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


async def start(*arguments: str, **env: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env=child_environment(**env),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def line_with(stream: asyncio.StreamReader | None, text: bytes) -> bytes:
    """The first line with that text; an end of the stream before it fails the test."""
    assert stream
    seen = b""
    async with asyncio.timeout(30):
        async for line in stream:
            seen += line
            if text in line:
                return line
    raise AssertionError(f"ended without {text!r}: {seen!r}")


async def end_process(process: Process, number: signal.Signals) -> tuple[int, str, float]:
    """Exit code, the rest of stderr, and seconds it took."""
    began = time.monotonic()
    process.send_signal(number)
    async with asyncio.timeout(20):
        _, err = await process.communicate()
    return process.returncode or 0, err.decode(), time.monotonic() - began


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox() as box:
        yield box


def settings_for_sandbox(box: Sandbox) -> dict[str, str]:
    return sandbox_settings(box.urls) | {"HORDECORD_REFERENCE__ENABLED": "false"}


@pytest.mark.wire
@needs_signals
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_closes_cleanly_on_a_signal(box: Sandbox, number: signal.Signals) -> None:
    process = await start("run", **settings_for_sandbox(box))
    await line_with(process.stderr, b"ready")
    code, err, seconds = await end_process(process, number)
    assert code == 0, err
    assert seconds < 8
    assert "Traceback" not in err
    assert not list(Path("data").glob("*-wal"))  # the database was closed, not left


@pytest.mark.wire
@needs_signals
async def test_run_can_be_stopped_while_discord_is_away(tmp_path: Path) -> None:
    async with Sandbox() as box:
        env = settings_for_sandbox(box)
        process = await start("run", **env)
        await line_with(process.stderr, b"ready")
    code, err, seconds = await end_process(process, signal.SIGTERM)
    assert code == 0, err
    assert seconds < 8


@pytest.mark.wire
@needs_signals
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_try_prints_its_address_and_leaves_nothing(
    number: signal.Signals, tmp_path: Path
) -> None:
    process = await start("try", "--no-browser", TMPDIR=str(tmp_path), HORDECORD_LOG__LEVEL="x")
    line = await line_with(process.stdout, b"Open")
    match = re.fullmatch(rb"Open (http://127\.0\.0\.1:\d+/)\n", line)
    assert match
    await line_with(process.stdout, b"RichTrustedSandboxKey2")
    await line_with(process.stdout, b"Ctrl+C")
    async with aiohttp.ClientSession() as session, session.get(match[1].decode()) as page:
        assert page.status == 200
    assert list(tmp_path.iterdir())
    code, err, seconds = await end_process(process, number)
    assert code == 0, err
    assert seconds < 8
    assert not list(tmp_path.iterdir())


@pytest.mark.wire
async def test_try_says_when_its_port_is_taken(box: Sandbox) -> None:
    port = box.urls.page.rpartition(":")[2].strip("/")
    process = await start("try", "--no-browser", "--port", port)
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert err.decode().startswith(f"hordecord: Port {port} cannot be used: ")
    assert err.count(b"\n") == 1


@pytest.mark.wire
async def test_check_of_a_whole_world_is_all_ok(box: Sandbox) -> None:
    process = await start("check", **settings_for_sandbox(box))
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert process.returncode == 0, (out, err)
    assert b"WRONG" not in out
    assert BOT_TOKEN.encode() not in out + err
