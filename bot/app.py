"""The composition root: opens everything in order, runs it, closes it in reverse."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
from yarl import URL

import cogs
from bot.backends import open_backend
from bot.backends.base import Backend
from bot.catalog import Catalog
from bot.client import HordecordBot
from bot.dispatcher import Dispatcher
from bot.endpoint import point_at
from bot.errors import BotError
from bot.keyfile import load_keys
from bot.keys import Keys
from bot.locks import Locks
from bot.outcomes import Outcomes
from bot.pictures import Converter
from bot.records import Record
from bot.resume import Resume, keep_house
from bot.sending import Sender
from bot.service import Service
from bot.settings import Settings
from bot.sources import Sources
from bot.spool import Spool
from bot.steps import Steps
from bot.store import Store
from bot.tracker import Tracker
from bot.ui.delivery import Delivery
from bot.vault import Vault
from bot.weather import Weather
from bot.webhook import Doorbell, serve

log = logging.getLogger(__name__)
MEGABYTE = 1024 * 1024
DRAIN = 4.0  # seconds for submits under way; the whole close has 8
CLOSE = 3.0  # seconds for the gateway
CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class _Outside:
    """What was opened and must be closed: files, connections, processes."""

    store: Store
    vault: Vault
    spool: Spool
    converter: Converter
    session: aiohttp.ClientSession
    backends: dict[str, Backend]
    weathers: dict[str, Weather]


async def run(
    settings: Settings, *, stop: asyncio.Event, ready: Callable[[], None] | None = None
) -> None:
    """The bot, until `stop` is set. `ready` is called once Discord has let it in.

    Raises BotError when it cannot go on: a wrong token, a database that cannot be used.
    """
    if settings.discord.api:
        await point_at(settings.discord.api)
    try:
        async with AsyncExitStack() as stack:
            outside = await _open(settings, stack)
            await House(settings, outside).live(stop, ready)
    except BaseExceptionGroup as group:
        raise _first(group) from group


async def _open(settings: Settings, stack: AsyncExitStack) -> _Outside:
    path = settings.store.path
    store = await stack.enter_async_context(Store.open(path))
    vault = Vault(load_keys(settings.store))
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
    await stack.enter_async_context(session)
    quota = settings.store.spool_megabytes * MEGABYTE
    spool = Spool(path.parent / "spool", quota=quota, days=settings.store.keep_days)
    converter = await stack.enter_async_context(Converter())
    backends = {
        name: open_backend(name, type=backend.type, url=backend.url, session=session)
        for name, backend in settings.backends.items()
    }
    weathers = {name: Weather(backend) for name, backend in backends.items()}
    for weather in weathers.values():
        stack.push_async_callback(weather.close)
    return _Outside(store, vault, spool, converter, session, backends, weathers)


class House:
    """Everything that runs, wired once."""

    def __init__(self, settings: Settings, outside: _Outside) -> None:
        self._settings = settings
        self._outside = out = outside
        self.bot = HordecordBot(settings)
        self.delivery = Delivery(self.bot, out.spool, out.converter)
        self.doorbell = Doorbell(out.vault, settings.webhook.public_url)
        self.catalog = Catalog(out.backends, settings.store.path.parent / "catalog")
        self.keys = Keys(
            out.store,
            out.vault,
            {n: b.api_key.get_secret_value() for n, b in settings.backends.items()},
        )
        self.outcomes = Outcomes(out.store, self.delivery)
        self._locks = Locks()
        self.tracker = Tracker(self._steps(), self._locks)
        self._senders = {name: self._sender(name) for name in out.backends}
        self.dispatchers = {name: self._dispatcher(name) for name in out.backends}
        self.tracker.on_freed = self._wake
        self.service = Service(
            store=out.store,
            spool=out.spool,
            catalog=self.catalog,
            keys=self.keys,
            backends=out.backends,
            dispatchers=self.dispatchers,
            tracker=self.tracker,
            limits=settings.limits,
        )
        self.bot.attach(
            service=self.service,
            catalog=self.catalog,
            cards=self.delivery,
            memory=out.store,
            extensions=cogs.names(),
        )

    async def live(self, stop: asyncio.Event, ready: Callable[[], None] | None) -> None:
        """Run everything until `stop`, then close in an order that loses nothing."""
        out, settings = self._outside, self._settings
        async with AsyncExitStack() as stack:
            if settings.http.address is not None:
                server = serve(settings.http.address, self.doorbell, self.tracker, self.health)
                await stack.enter_async_context(server)
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            running = [
                tasks.create_task(work, name=name)
                for name, work in (
                    ("gateway", self.bot.run_forever(settings.discord.token.get_secret_value())),
                    ("tracker", self.tracker.run()),
                    ("catalog", self.catalog.run()),
                    ("resume", self._resume().run()),
                    ("house", keep_house(out.store, out.spool, keep_days=settings.store.keep_days)),
                    *((f"queue {n}", d.run()) for n, d in self.dispatchers.items()),
                    ("ready", self._announce(ready)),
                )
            ]
            await stop.wait()
            await self._close()
            for task in running:
                task.cancel()

    def health(self) -> dict[str, bool]:
        """What is up, by name."""
        weathers = self._outside.weathers.items()
        gateway = self.bot.online.is_set() and not self.bot.is_closed()
        return {"gateway": gateway} | {name: weather.fine for name, weather in weathers}

    async def _announce(self, ready: Callable[[], None] | None) -> None:
        await self.bot.online.wait()
        await self.bot.wait_until_ready()
        log.info("ready")
        if ready is not None:
            ready()

    async def _close(self) -> None:
        log.info("closing")
        for dispatcher in self.dispatchers.values():
            await dispatcher.drain(DRAIN)
        try:
            async with asyncio.timeout(CLOSE):
                await self.bot.close()
        except TimeoutError:
            log.warning("the gateway did not close in time")

    def _wake(self) -> None:
        for dispatcher in self.dispatchers.values():
            dispatcher.wake()

    def _resend(self, record: Record) -> None:
        self.dispatchers[record.backend].add(record)

    def _resume(self) -> Resume:
        return Resume(self._outside.store, self.tracker, self.dispatchers, self._senders)

    def _steps(self) -> Steps:
        out = self._outside
        return Steps(
            store=out.store,
            spool=out.spool,
            outcomes=self.outcomes,
            backends={
                name: (backend, out.weathers[name]) for name, backend in out.backends.items()
            },
            resend=self._resend,
        )

    def _sender(self, name: str) -> Sender:
        out = self._outside
        hosts = frozenset({_origin(self._settings.discord.api)} - {""})
        return Sender(
            store=out.store,
            backend=out.backends[name],
            weather=out.weathers[name],
            keys=self.keys,
            sources=Sources(out.session, out.spool, out.converter, hosts=hosts),
            presenter=self.delivery,
            outcomes=self.outcomes,
            locks=self._locks,
            ring_at=self.doorbell.address,
        )

    def _dispatcher(self, name: str) -> Dispatcher:
        out = self._outside
        return Dispatcher(
            backend=out.backends[name],
            weather=out.weathers[name],
            sender=self._senders[name],
            tracker=self.tracker,
        )


def _origin(api: str) -> str:
    """scheme://host:port of another Discord: its uploads come from there."""
    return str(URL(api).origin()) if api else ""


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one BotError inside, which says it best; else the group as it is."""
    errors = group.split(BotError)[0]
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return errors or group
