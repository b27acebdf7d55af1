"""Every body between the real bot and Discord, held against Discord's own description."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.support.bots.every_command import use_every_command
from tests.support.bots.process import TOKEN
from tests.support.discord.client import controlling
from tests.support.discord.openapi_check import VARIABLE, Exchanges, checker
from tests.support.paths import ROOT

pytestmark = pytest.mark.wire
START = 20.0


async def ready(log: Path, bot: asyncio.subprocess.Process) -> None:
    end = time.monotonic() + START
    while b" ready" not in log.read_bytes():
        assert bot.returncode is None, log.read_text()
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def test_the_bots_traffic_is_what_discord_describes(tmp_path: Path) -> None:
    spec, seen, log = checker(), Exchanges(), tmp_path / "log"
    async with Sandbox(job_seconds=(0.3, 0.6)) as box:
        box.discord.on_exchange = seen
        assert box.urls.horde is not None
        settings = {
            "HORDECORD_DISCORD__TOKEN": TOKEN,
            "HORDECORD_DISCORD__API": box.urls.discord,
            "HORDECORD_BACKENDS__HORDE__URL": box.urls.horde,
            "HORDECORD_STORE__PATH": str(tmp_path / "bot.db"),
            "HORDECORD_REFERENCE__ENABLED": "false",
            "PYTHONPATH": str(ROOT),
        }
        around = {name: text for name, text in os.environ.items() if name != VARIABLE}
        with log.open("wb") as out:
            command = [sys.executable, "-m", "bot", "run"]
            bot = await asyncio.create_subprocess_exec(
                *command, stdout=out, stderr=out, env=around | settings, cwd=tmp_path
            )
            try:
                await ready(log, bot)
                async with controlling(box.urls.control) as control:
                    await use_every_command(control)
            finally:
                bot.terminate()
                await bot.wait()
    assert len(seen.seen) > 40  # one exchange for each answer, edit and call at start
    assert seen.findings(spec) == []
