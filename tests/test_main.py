"""The command line: what it prints and how it exits."""

import asyncio
import base64
import logging
import os
import re
import signal
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from bot import __version__
from bot.__main__ import main
from bot.invite import PERMISSIONS
from sandbox import Sandbox

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no signals to send")

HEAD = base64.urlsafe_b64encode(b"1042424242424242424").decode().rstrip("=")
TOKEN = f"{HEAD}.GkqLmN.{'x' * 38}"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("HORDECORD_"):
            monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def invoke(*arguments: str, **env: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, arguments, env=env)
    return result.exit_code, result.stdout, result.stderr


def test_help_names_every_command() -> None:
    code, out, _ = invoke("--help")
    assert code == 0
    for name in ("run", "try", "check", "keygen", "invite"):
        assert re.search(rf"^  {name} ", out, re.MULTILINE)
    assert __version__ in invoke("--version")[1]


def test_keygen_prints_a_key() -> None:
    code, out, _ = invoke("keygen")
    assert code == 0
    Fernet(out.strip())
    assert out != invoke("keygen")[1]


@pytest.mark.parametrize("command", ["run", "invite"])
def test_wrong_settings_are_one_line_and_exit_2(command: str) -> None:
    code, out, err = invoke(command)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "[discord] token is missing" in err


def test_a_config_that_is_not_there() -> None:
    code, _, err = invoke("run", "--config", "nowhere.toml")
    assert code == 2
    assert err.startswith("hordecord: nowhere.toml cannot be read")


def test_an_api_that_is_not_loopback_is_refused_before_anything_is_sent() -> None:
    code, _, err = invoke(
        "run", HORDECORD_DISCORD__TOKEN=TOKEN, HORDECORD_DISCORD__API="https://evil.example"
    )
    assert code == 2
    assert "[discord] api" in err
    assert TOKEN not in err


def test_an_unknown_kind_of_backend_exits_2() -> None:
    code, _, err = invoke(
        "run", HORDECORD_DISCORD__TOKEN=TOKEN, HORDECORD_BACKENDS__HORDE__TYPE="unheard"
    )
    assert code == 2
    assert "[backends.horde] type" in err


def test_trouble_that_is_no_setting_exits_1(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    code, _, err = invoke(
        "run", HORDECORD_DISCORD__TOKEN=TOKEN, HORDECORD_STORE__PATH="file/hordecord.db"
    )
    assert code == 1
    assert err.startswith("hordecord: ")


def test_check_of_wrong_settings_is_a_table_and_exits_1() -> None:
    code, out, _ = invoke("check")
    assert code == 1
    assert out.startswith("WRONG  Settings  [discord] token is missing")


def test_invite_prints_both_links_and_each_reason() -> None:
    code, out, _ = invoke("invite", HORDECORD_DISCORD__TOKEN=TOKEN)
    assert code == 0
    links = re.findall(r"https://\S+", out)
    assert all("client_id=1042424242424242424" in link for link in links)
    assert "scope=bot+applications.commands" in links[0]
    # View Channels, Send Messages, Embed Links, Attach Files, Read Message History, ... in Threads
    assert f"permissions={1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 38}" in links[0]
    assert links[1].endswith("integration_type=1&scope=applications.commands")
    assert all(reason in out for reason in PERMISSIONS.values())
    assert TOKEN not in out


def test_invite_without_an_id_in_the_token_and_without_network() -> None:
    code, out, err = invoke(
        "invite",
        HORDECORD_DISCORD__TOKEN="no-id-in-here",
        HORDECORD_DISCORD__API="http://127.0.0.1:9",
    )
    assert (code, out) == (1, "")
    assert "hordecord check" in err
    assert "no-id-in-here" not in err


def child_env(**env: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "HORDECORD" not in name}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | env


def test_the_process_itself_exits_2() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        env=child_env(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1


async def start(*arguments: str, **env: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env=child_env(**env),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def until(stream: asyncio.StreamReader | None, text: bytes) -> bytes:
    """The first line with that text; an end of the stream before it fails the test."""
    assert stream
    seen = b""
    async with asyncio.timeout(30):
        async for line in stream:
            seen += line
            if text in line:
                return line
    raise AssertionError(f"ended without {text!r}: {seen!r}")


async def ended(process: Process, number: signal.Signals) -> tuple[int, str, float]:
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


def pointed_at(box: Sandbox) -> dict[str, str]:
    assert box.urls.horde
    return {
        "HORDECORD_DISCORD__TOKEN": TOKEN,
        "HORDECORD_DISCORD__API": box.urls.discord,
        "HORDECORD_BACKENDS__HORDE__URL": box.urls.horde,
        "HORDECORD_REFERENCE__ENABLED": "false",
    }


@pytest.mark.wire
@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_closes_cleanly_on_a_signal(box: Sandbox, number: signal.Signals) -> None:
    process = await start("run", **pointed_at(box))
    await until(process.stderr, b"ready")
    code, err, seconds = await ended(process, number)
    assert code == 0, err
    assert seconds < 8
    assert "Traceback" not in err
    assert not list(Path("data").glob("*-wal"))  # the database was closed, not left


@pytest.mark.wire
@posix
async def test_run_can_be_stopped_while_discord_is_away(tmp_path: Path) -> None:
    async with Sandbox() as box:
        env = pointed_at(box)
        process = await start("run", **env)
        await until(process.stderr, b"ready")
    code, err, seconds = await ended(process, signal.SIGTERM)
    assert code == 0, err
    assert seconds < 8


@pytest.mark.wire
@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_try_prints_its_address_and_leaves_nothing(
    number: signal.Signals, tmp_path: Path
) -> None:
    process = await start("try", "--no-browser", TMPDIR=str(tmp_path), HORDECORD_LOG__LEVEL="x")
    line = await until(process.stdout, b"Open")
    match = re.fullmatch(rb"Open (http://127\.0\.0\.1:\d+/)\n", line)
    assert match
    async with aiohttp.ClientSession() as session, session.get(match[1].decode()) as page:
        assert page.status == 200
    assert list(tmp_path.iterdir())
    code, err, seconds = await ended(process, number)
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
    process = await start("check", **pointed_at(box))
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert process.returncode == 0, (out, err)
    assert b"WRONG" not in out
    assert TOKEN.encode() not in out + err
