"""Resources of the bot: files, connections, processes. Opened before it runs, closed after."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp

from bot.accounts.key_file import open_vault
from bot.accounts.vault import Vault
from bot.backends import open_backend
from bot.backends.base import Backend
from bot.backends.horde import HordeBackend
from bot.backends.outage_monitor import OutageMonitor
from bot.horde.client import HordeClient
from bot.http.public_addresses import no_cookies, open_links
from bot.monitoring.metrics import Metrics
from bot.pictures import Converter
from bot.settings import Settings
from bot.storage import Store
from bot.storage.files import ResultFiles
from bot.storage.process_lock import only_one

MEGABYTE = 1024 * 1024
CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class Resources:
    """The open resources. `backends` and `outage_monitors` by the names in the settings.

    `hordes`: the clients of the backends that are a Horde, for functions that only a Horde has.
    """

    store: Store
    vault: Vault
    result_files: ResultFiles
    converter: Converter
    session: aiohttp.ClientSession
    backends: dict[str, Backend]
    hordes: dict[str, HordeClient]
    outage_monitors: dict[str, OutageMonitor]
    metrics: Metrics


async def open_resources(settings: Settings, stack: AsyncExitStack) -> Resources:
    """Open everything; `stack` closes it in reverse order.

    Raises BotError for anything that cannot be opened: a database, a key file, an unknown backend.
    """
    path = settings.store.path
    lock = only_one(path)
    await asyncio.to_thread(lock.__enter__)  # may wait for a process that is closing
    stack.push(lock)
    store = await stack.enter_async_context(Store.open(path))
    vault = open_vault(settings.store, await store.resealing.sealed())
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    session = aiohttp.ClientSession(connector=connector, cookie_jar=no_cookies(), trust_env=True)
    await stack.enter_async_context(session)
    links = await stack.enter_async_context(open_links())
    quota = settings.store.spool_megabytes * MEGABYTE
    result_files = ResultFiles(path.parent / "spool", quota=quota, days=settings.store.keep_days)
    converter = await stack.enter_async_context(Converter())
    metrics, backends, hordes = Metrics(), dict[str, Backend](), dict[str, HordeClient]()
    for name, backend in settings.backends.items():
        opened = open_backend(
            name,
            type=backend.type,
            url=backend.url,
            session=session,
            links=links,
            timer=metrics.call,
        )
        backends[name] = opened
        if isinstance(opened, HordeBackend):
            hordes[name] = opened.client
    monitors = {name: OutageMonitor(backend) for name, backend in backends.items()}
    for monitor in monitors.values():
        stack.push_async_callback(monitor.close)
    return Resources(
        store, vault, result_files, converter, session, backends, hordes, monitors, metrics
    )
