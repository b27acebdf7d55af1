"""The composition root: opens everything in order, runs it, closes it in reverse."""

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from yarl import URL

import cogs
from bot.accounts.credentials import Credentials
from bot.catalog import Catalog, open_public
from bot.client.api_endpoint import point_at
from bot.client.bot import HordecordBot
from bot.errors import clearest
from bot.http.discord_files import DiscordFiles
from bot.monitoring.discord_tracing import DiscordTracing
from bot.monitoring.http_server import serve_http
from bot.monitoring.webhook import WebhookUrls
from bot.pictures.uploads import UploadedImages
from bot.pipeline.housekeeping import run_housekeeping
from bot.pipeline.pipeline import Pipeline
from bot.resources import Resources, build_services, open_resources
from bot.settings import Settings
from bot.ui.account.gift_notices import GiftNotices
from bot.ui.account.party_messages import PartyMessages
from bot.ui.chat.refusals import Refusals
from bot.ui.delivery.notifications import Notifications
from bot.ui.delivery.presenter import CardPresenter

log = logging.getLogger(__name__)
DRAIN = 4.0  # seconds for submits under way; the whole close has 8
CLOSE = 3.0  # seconds for the gateway


async def run(
    settings: Settings, *, stop: asyncio.Event, ready: Callable[[], None] | None = None
) -> None:
    """Run the bot until `stop` is set. `ready` is called after the login at Discord.

    Raises BotError when it cannot continue: a wrong token, an unusable database.
    """
    if settings.discord.api:
        await point_at(settings.discord.api)
    try:
        async with AsyncExitStack() as stack:
            outside = await open_resources(settings, stack)
            await Application(settings, outside).live(stop, ready)
    except BaseExceptionGroup as group:
        raise clearest(group) from group


class Application:
    """The whole running application, wired once."""

    def __init__(self, settings: Settings, outside: Resources) -> None:
        self._settings = settings
        self._outside = out = outside
        self.bot = HordecordBot(settings, DiscordTracing(out.metrics))
        self.delivery = CardPresenter(self.bot, out.result_files, out.converter)
        self.webhook_urls = WebhookUrls(out.vault, settings.webhook.public_url)
        self.catalog = self._catalog()
        own_keys = {n: b.api_key.get_secret_value() for n, b in settings.backends.items()}
        self.keys = Credentials(out.store, out.vault, out.backends, own_keys)
        others = frozenset({_origin(settings.discord.api)} - {""})
        self.discord_files = DiscordFiles(out.session, others)
        self.pipeline = self._pipeline()
        self.services = build_services(
            settings,
            out,
            bot=self.bot,
            catalog=self.catalog,
            keys=self.keys,
            pipeline=self.pipeline,
            discord_files=self.discord_files,
        )
        self.bot.attach(
            services=self.services,
            cards=self.delivery,
            notes=out.store.notes,
            extensions=cogs.names(),
        )
        notifications = Notifications(self.bot, self.services.people.notify)
        self.pipeline.settlement.on_shown = notifications.shown
        self.services.chat.opener = self.delivery.open_turn
        self.services.chat.refused = Refusals(self.bot).tell
        self.pipeline.settlement.on_closed = self.services.chat.closed
        self.pipeline.settlement.use_scene = self.services.chat.scenes.use
        self.services.gifts.tell = GiftNotices(self.bot).tell
        self.services.parties.show_end = PartyMessages(self.bot).show_end

    async def live(self, stop: asyncio.Event, ready: Callable[[], None] | None) -> None:
        """Run everything until `stop`, then close in an order that loses nothing."""
        await self.services.bans.load()
        async with AsyncExitStack() as stack:
            if (address := self._settings.http.address) is not None:
                watch, poller = self.services.health, self.pipeline.poller
                server = serve_http(address, self.webhook_urls, poller, watch.health, watch.text)
                await stack.enter_async_context(server)
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            loops = self._loops(ready).items()
            running = [tasks.create_task(loop, name=name) for name, loop in loops]
            await stop.wait()
            await self._close()
            for task in running:
                task.cancel()

    def _loops(self, ready: Callable[[], None] | None) -> dict[str, Coroutine[Any, Any, None]]:
        """What runs at the same time until the bot stops, by the names of the tasks."""
        out, settings, pipeline = self._outside, self._settings, self.pipeline
        days = settings.store.keep_days
        return {
            "gateway": self.bot.run_forever(settings.discord.token.get_secret_value()),
            "poller": pipeline.poller.run(),
            "catalog": self.catalog.run(),
            "lag": out.metrics.watch_loop(),
            "load": self.services.community.chart.keep_samples(),
            "recovery": pipeline.recovery().run(),
            "chat": self._chat(),
            "housekeeping": run_housekeeping(out.store, out.result_files, keep_days=days),
            "gifts": self.services.gifts.run(),
            "parties": self.services.parties.run(),
            "avatars": self.services.character_avatars.run(out.store.chat.characters.avatars),
            "departures": self.services.guild_cleanup.run(),
            **{f"queue {name}": loop.run() for name, loop in pipeline.dispatchers.items()},
            "ready": self._announce(ready),
        }

    async def _chat(self) -> None:
        """Answer the lines that wait, once cards can be posted."""
        await self.bot.online.wait()
        await self.services.chat.run()

    async def _announce(self, ready: Callable[[], None] | None) -> None:
        await self.bot.online.wait()
        await self.bot.wait_until_ready()
        log.info("ready")
        if ready is not None:
            ready()
        # Modules and commands stay for ever: the collector, which stops everything while it looks
        # through 90,000 objects (40 ms), leaves them out from now on.
        gc.collect()
        gc.freeze()

    async def _close(self) -> None:
        log.info("closing")
        await self.pipeline.drain(DRAIN)
        try:
            async with asyncio.timeout(CLOSE):
                await self.bot.close()
        except TimeoutError:
            log.warning("the gateway did not close in time")

    def _pipeline(self) -> Pipeline:
        out = self._outside
        return Pipeline(
            store=out.store,
            files=out.result_files,
            backends={
                name: (backend, out.outage_monitors[name]) for name, backend in out.backends.items()
            },
            credentials=self.keys,
            uploads=UploadedImages(self.discord_files, out.result_files, out.converter),
            presenter=self.delivery,
            webhook_url=self.webhook_urls.address,
            fallbacks={n: b.fallback for n, b in self._settings.backends.items()},
            show_timer=out.metrics.card,
            about=self.catalog.about,
            sampling=self.catalog.sampling_refusal,
        )

    def _catalog(self) -> Catalog:
        out, folder = self._outside, self._settings.store.path.parent / "catalog"
        reference = self._settings.reference
        public = open_public(reference, out.session, folder, out.hordes)
        return Catalog(out.backends, folder, public)


def _origin(api: str) -> str:
    """scheme://host:port of another Discord: its uploads come from there."""
    return str(URL(api).origin()) if api else ""
