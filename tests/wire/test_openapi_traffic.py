"""Every body between the real bot and Discord, held against Discord's own description."""

import asyncio
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.support.bots.every_command import use_every_command
from tests.support.bots.process import BotProcess
from tests.support.discord.client import controlling
from tests.support.discord.openapi_check import Exchanges, checker

pytestmark = pytest.mark.wire


async def test_the_bots_traffic_is_what_discord_describes(tmp_path: Path) -> None:
    spec, seen = checker(), Exchanges()
    async with Sandbox(job_seconds=(0.3, 0.6)) as box, controlling(box.urls.control) as control:
        box.discord.on_exchange = seen
        bot = BotProcess(tmp_path, box.urls)
        try:
            await asyncio.to_thread(bot.start_bot, HORDECORD_REFERENCE__ENABLED="false")
            await use_every_command(control)
        finally:
            await asyncio.to_thread(bot.close)
    assert len(seen.seen) > 40  # one exchange for each answer, edit and call at start
    assert seen.findings(spec) == []
