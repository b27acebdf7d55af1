"""All checks of an installation in their order, and the clock by each answer."""

import asyncio
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp

from bot.cli.check_backend import examine_backend
from bot.cli.check_discord import examine_login
from bot.cli.check_disk import examine_disk
from bot.cli.check_finding import Finding
from bot.cli.check_http import examine_http
from bot.cli.check_permissions import examine_permissions
from bot.settings import Settings
from bot.storage.process_lock import is_locked

TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
SKEW_MAX = 30.0  # seconds; links and interaction tokens end at times that Discord names


async def examine(settings: Settings) -> list[Finding]:
    """All checks that do not start the bot; takes at most some 30 seconds."""
    skews: list[float] = []
    async with aiohttp.ClientSession(
        timeout=TIMEOUT, trace_configs=[_clock(skews)], trust_env=True
    ) as session:
        found = await examine_login(settings.discord, session)
        if all(finding.ok for finding in found if finding.name == "Discord login"):
            found += await examine_permissions(settings.discord, session)
        for name, backend in settings.backends.items():
            found += await examine_backend(name, backend, session)
    found += await asyncio.to_thread(examine_disk, settings.store)
    # else the running bot itself listens
    if not await asyncio.to_thread(is_locked, settings.store.path):
        found += await examine_http(settings.http)
    if skews:
        skew = min(skews, key=abs)
        text = f"{abs(skew):.0f} s {'behind' if skew > 0 else 'ahead of'} the servers' clocks"
        mend = "Set the clock of the machine with NTP."
        found.append(Finding("Clock", abs(skew) < SKEW_MAX, text, mend))
    return found


def _clock(skews: list[float]) -> aiohttp.TraceConfig:
    """Compares the local clock with the Date of each answer."""

    async def ended(
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        await asyncio.sleep(0)
        try:
            date = parsedate_to_datetime(params.response.headers.get("Date", ""))
        except ValueError:
            return
        skews.append(date.replace(tzinfo=date.tzinfo or UTC).timestamp() + 0.5 - time.time())

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    return trace
