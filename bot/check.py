"""`hordecord check`: what is wrong with an installation, and how to mend it. It changes nothing."""

import asyncio
import base64
import binascii
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp

from bot.backends import open_backend
from bot.errors import BackendError, BotError, RequestRejected, VaultError
from bot.keyfile import key_path, load_keys, open_to_others, opens
from bot.settings import ANONYMOUS_KEY, BackendSettings, DiscordSettings, Settings, StoreSettings
from bot.store.database import migrations
from bot.vault import Vault

DISCORD_API = "https://discord.com/api/v10"
TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
FREE_MIN = 200 * 1024 * 1024  # bytes; below it a few hours of pictures fill the disk
SKEW_MAX = 30.0  # s; links and interaction tokens end at times that Discord names
_CONTENT_INTENT = 1 << 18 | 1 << 19  # application flags: allowed, or allowed below 100 servers
_TOKEN = re.compile(r"([\w-]{18,40})\.[\w-]{6}\.[\w-]{27,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. `mend`: what to do when it is not ok."""

    name: str
    ok: bool
    text: str
    mend: str = ""


def table(findings: Sequence[Finding]) -> str:
    """The findings as text, readable without colours."""
    width = max(len(finding.name) for finding in findings)
    lines: list[str] = []
    for finding in findings:
        lines.append(
            f"{'ok   ' if finding.ok else 'WRONG'}  {finding.name:{width}}  {finding.text}"
        )
        if finding.mend and not finding.ok:
            lines.append(f"{'':5}  {'':{width}}  -> {finding.mend}")
    return "\n".join(lines)


async def examine(settings: Settings) -> list[Finding]:
    """Everything that can be known without starting the bot; takes at most some 30 seconds."""
    skews: list[float] = []
    async with aiohttp.ClientSession(timeout=TIMEOUT, trace_configs=[_clock(skews)]) as session:
        found = await _discord(settings.discord, session)
        for name, backend in settings.backends.items():
            found += await _backend(name, backend, session)
    found += await asyncio.to_thread(examine_disk, settings.store)
    if skews:
        skew = min(skews, key=abs)
        text = f"{abs(skew):.0f} s {'behind' if skew > 0 else 'ahead of'} the servers' clocks"
        mend = "Let the machine set its clock (NTP)."
        found.append(Finding("Clock", abs(skew) < SKEW_MAX, text, mend))
    return found


def _clock(skews: list[float]) -> aiohttp.TraceConfig:
    """Compares our clock with the Date of every answer."""

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


async def _discord(discord: DiscordSettings, session: aiohttp.ClientSession) -> list[Finding]:
    token = discord.token.get_secret_value()
    found = [] if discord.api else [_shape(token)]
    api = discord.api.rstrip("/").removesuffix("/api/v10") + "/api/v10"
    base = api if discord.api else DISCORD_API
    try:
        status, user = await _get(session, f"{base}/users/@me", token)
        _, application = await _get(session, f"{base}/oauth2/applications/@me", token)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, TypeError) as error:
        text = f"Discord cannot be reached ({type(error).__name__})"
        mend = "Look at the network, a proxy or a firewall; https://discordstatus.com."
        return [*found, Finding("Discord login", ok=False, text=text, mend=mend)]
    if status != 200:
        text = "Discord does not accept the token" if status == 401 else f"status {status}"
        mend = "Reset the token on the portal's Bot page, and put the new one into the settings."
        return [*found, Finding("Discord login", ok=False, text=text, mend=mend)]
    found.append(Finding("Discord login", ok=True, text=f"as {_plain(user.get('username'))}"))
    return [*found, _intents(discord, application)]


def _shape(token: str) -> Finding:
    mend = "Copy the token from the portal's Bot page; the client secret and the public key differ."
    match = _TOKEN.fullmatch(token)
    ok = match is not None and application_id(token) is not None
    return Finding("Discord token", ok, "looks like one" if ok else "does not look like one", mend)


def application_id(token: str) -> int | None:
    """The id that a bot token begins with, None when it does not look like a token."""
    head = token.partition(".")[0]
    try:
        number = base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return int(number) if number.isdigit() else None


def _intents(discord: DiscordSettings, application: dict[str, Any]) -> Finding:
    if not discord.message_content:
        return Finding("Intents", ok=True, text="no privileged one is needed")
    allowed = bool(int(application.get("flags") or 0) & _CONTENT_INTENT)
    return Finding(
        "Intents",
        allowed,
        f"Message Content is {'on' if allowed else 'off'}",
        "Switch Message Content Intent on, on the portal's Bot page, or set message_content=false.",
    )


async def _get(session: aiohttp.ClientSession, url: str, token: str) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (hordecord, check)"}
    async with session.get(url, headers=headers, allow_redirects=False) as response:
        if response.status != 200:
            return response.status, {}
        return 200, dict(await response.json())


async def _backend(
    name: str, backend: BackendSettings, session: aiohttp.ClientSession
) -> list[Finding]:
    mend = f"Look at [backends.{name}] url, and at the network."
    try:
        server = open_backend(name, type=backend.type, url=backend.url, session=session)
        health = await server.health()
    except BotError as error:
        return [Finding(f"Backend {name}", ok=False, text=str(error), mend=mend)]
    if health.maintenance:
        mend = "Wait; requests are kept until it is over."
    fine = health.ok and not health.maintenance
    found = [Finding(f"Backend {name}", fine, _plain(health.message), mend)]
    if not health.ok:
        return found
    key = backend.api_key.get_secret_value()
    mend = f"Look at [backends.{name}] api_key; 0000000000 is the anonymous one."
    try:
        account = await server.account(key)
    except RequestRejected:
        return [*found, Finding(f"Key of {name}", ok=False, text="not a valid key", mend=mend)]
    except BackendError as error:
        return [*found, Finding(f"Key of {name}", ok=False, text=str(error), mend="Try later.")]
    text = f"{_plain(account.username)}, {account.kudos:,.0f} kudos"
    if key == ANONYMOUS_KEY:
        text = "anonymous: works, with the longest waits"
    return [*found, Finding(f"Key of {name}", ok=True, text=text)]


def examine_disk(store: StoreSettings) -> list[Finding]:
    """What lies in the data folder, and whether there is room in it."""
    folder = store.path.parent
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    mend = f"Give the bot's user the right to write into {existing}."
    try:
        with tempfile.TemporaryFile(dir=existing):
            free = shutil.disk_usage(existing).free
    except OSError as error:
        return [Finding("Data folder", ok=False, text=f"{existing}: {error.strerror}", mend=mend)]
    return [
        Finding("Data folder", ok=True, text=f"{folder} can be written"),
        _database(store.path),
        _keys(store),
        Finding(
            "Disk space",
            free >= FREE_MIN,
            f"{free / 2**30:.1f} GB free, results may take {store.spool_megabytes / 1024:.1f} GB",
            "Make room, or move [store] path to another disk.",
        ),
    ]


def _database(path: Path) -> Finding:
    newest = len(migrations())
    if not path.exists():
        return Finding("Database", ok=True, text=f"{path} will be made, version {newest}")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=2)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
        finally:
            connection.close()
    except sqlite3.Error as error:
        mend = "Look at the file's owner and whether its disk is full, or put a backup back."
        return Finding("Database", ok=False, text=f"{path}: {error}", mend=mend)
    if version > newest:
        mend = "Run the newer version of the bot again, or put an older backup back."
        text = f"version {version} was written by a newer bot; this one knows {newest}"
        return Finding("Database", ok=False, text=text, mend=mend)
    text = f"version {version}" + (f", becomes {newest}" if version < newest else "")
    return Finding("Database", ok=True, text=f"{path}, {text}")


def _keys(store: StoreSettings) -> Finding:
    path = key_path(store)
    if store.secret_keys:
        return Finding("Secret keys", ok=True, text=f"{len(store.secret_keys)} from the settings")
    if not path.exists():
        lost = store.path.exists()
        text = f"{path} {'is missing: stored API keys cannot be read' if lost else 'will be made'}"
        mend = "Put it back from a backup. Without one, people have to log in again."
        return Finding("Secret keys", not lost, text, mend)
    try:
        count = len(load_keys(store))
    except VaultError as error:
        return Finding("Secret keys", ok=False, text=str(error))
    if lost := _lost(store):
        text = f"{path} does not open {lost} of the stored API keys"
        mend = "Put the right one back, or run `hordecord rotate-keys --forget-lost`."
        return Finding("Secret keys", ok=False, text=text, mend=mend)
    if open_to_others(path):
        text = f"{path} can be read by other users of this machine"
        return Finding("Secret keys", ok=False, text=text, mend=f"chmod 600 {path}")
    return Finding("Secret keys", ok=True, text=f"{count} in {path}")


def _lost(store: StoreSettings) -> int:
    """How many stored API keys were sealed with another secret key."""
    if not store.path.exists():
        return 0
    vault, address = Vault(load_keys(store)), f"{store.path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=2)) as database:
            rows = database.execute("SELECT sealed FROM credentials").fetchall()
    except sqlite3.Error:  # said where the database is looked at
        return 0
    return sum(not opens(vault, sealed) for (sealed,) in rows)


def _plain(text: object) -> str:
    """A server's words on one line."""
    return "".join(c if c.isprintable() else " " for c in str(text))[:200]
