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
from bot.accounts.own_account import OwnAccount
from bot.accounts.payment import Payment
from bot.accounts.pricing import Pricing
from bot.accounts.shared_keys import SharedKeys
from bot.catalog import Catalog, open_public
from bot.client.api_endpoint import point_at
from bot.client.bot import HordecordBot
from bot.client.gateway import is_alive
from bot.client.services import Services
from bot.domain.requests import Kind
from bot.errors import clearest
from bot.http.discord_files import DiscordFiles
from bot.i18n import language_of
from bot.monitoring.discord_tracing import DiscordTracing
from bot.monitoring.health import HealthMonitor
from bot.monitoring.http_server import serve_http
from bot.monitoring.webhook import WebhookUrls
from bot.pictures.thumbnails import Thumbnails
from bot.pictures.uploads import UploadedImages
from bot.pipeline.housekeeping import run_housekeeping
from bot.pipeline.pipeline import Pipeline
from bot.resources import Resources, open_resources
from bot.services.admission import Admission
from bot.services.broadcasts import Broadcasts
from bot.services.community.community import Community
from bot.services.composer import Composer
from bot.services.defaults import Defaults
from bot.services.gifts import Gifts, Parties, ReactionGifts
from bot.services.guild_cleanup import GuildCleanup
from bot.services.guilds import Guilds
from bot.services.history import History
from bot.services.person_settings import Languages, PeopleSettings
from bot.services.presets import Presets
from bot.services.privacy import Privacy
from bot.services.reports import Reports
from bot.services.styles.own_styles import OwnStyles
from bot.services.submission import Submission
from bot.services.user_bans import UserBans
from bot.settings import Settings
from bot.ui.account.gift_notices import GiftNotices
from bot.ui.account.party_messages import PartyMessages
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
        self.services = self._services()
        self.bot.attach(
            services=self.services,
            cards=self.delivery,
            notes=out.store.notes,
            extensions=cogs.names(),
        )
        notifications = Notifications(self.bot, self.services.people.notify)
        self.pipeline.settlement.on_shown = notifications.shown
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
            "housekeeping": run_housekeeping(out.store, out.result_files, keep_days=days),
            "gifts": self.services.gifts.run(),
            "parties": self.services.parties.run(),
            "departures": self.services.guild_cleanup.run(),
            **{f"queue {name}": loop.run() for name, loop in pipeline.dispatchers.items()},
            "ready": self._announce(ready),
        }

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

    def _services(self) -> Services:
        """The services that commands and components use."""
        out, marks, prices = self._outside, self.keys.marks, self._prices()
        languages = Languages(out.store, language_of(self._settings.bot.language))
        presets, defaults = Presets(out.store), Defaults(out.store, self.catalog)
        composer = Composer(self.catalog, presets, defaults, lambda name: prices[name].free_side())
        payment = Payment(out.store, self.keys, prices, maker_pays=self.catalog.maker_pays)
        history = History(out.store, self.pipeline.poller, self.pipeline.dispatchers)
        submission = Submission(
            store=out.store,
            files=out.result_files,
            composer=composer,
            admission=Admission(out.store, self.catalog, self._settings.limits),
            payment=payment,
            prices=prices,
            history=history,
            dispatchers=self.pipeline.dispatchers,
            poller=self.pipeline.poller,
            refusals=self.pipeline.refusals,
        )
        bans = UserBans(out.store, marks, history, submission)
        first = next(iter(out.backends.values()))
        shared_keys = SharedKeys(self.keys, first, out.hordes.get(first.name))
        guilds = Guilds(out.store, [*out.backends], languages)
        gifts = Gifts(out.store.gifts, self.keys, shared_keys, first.name)
        account = OwnAccount(self.keys, out.backends, out.hordes)
        return Services(
            backends=out.backends,
            bans=bans,
            broadcasts=Broadcasts(out.store.notes),
            catalog=self.catalog,
            community=Community(out.hordes, out.converter, self.keys, first),
            composer=composer,
            credentials=self.keys,
            defaults=defaults,
            discord_files=self.discord_files,
            gifts=gifts,
            guild_cleanup=GuildCleanup(out.store, bans),
            guilds=guilds,
            health=self._watch(submission),
            history=history,
            hordes=out.hordes,
            languages=languages,
            outage_monitors=out.outage_monitors,
            own_styles=OwnStyles(account, self.catalog),
            parties=Parties(out.store.parties, gifts, shared_keys),
            payment=payment,
            people=PeopleSettings(out.store),
            presets=presets,
            privacy=Privacy(out.store, out.result_files, submission, marks),
            reaction_gifts=ReactionGifts(out.store, gifts, guilds, languages, self.keys, bans),
            reports=Reports(out.store),
            shared_keys=shared_keys,
            submission=submission,
            thumbnails=Thumbnails(out.result_files, out.converter),
        )

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
            show_timer=out.metrics.card,
            about=self.catalog.about,
        )

    def _catalog(self) -> Catalog:
        out, folder = self._outside, self._settings.store.path.parent / "catalog"
        reference = self._settings.reference
        public = open_public(reference, out.session, folder, out.hordes)
        return Catalog(out.backends, folder, public)

    def _prices(self) -> dict[str, Pricing]:
        """Prices of each backend: they differ between backends."""
        dispatchers = self.pipeline.dispatchers
        return {
            name: Pricing(
                backend, dispatchers[name].queues[Kind.IMAGE], self.keys, self.catalog.about
            )
            for name, backend in self._outside.backends.items()
        }

    def _watch(self, submission: Submission) -> HealthMonitor:
        out, bot, dispatchers = self._outside, self.bot, self.pipeline.dispatchers
        return HealthMonitor(
            metrics=out.metrics,
            store=out.store,
            spool=out.result_files,
            backends={
                n: (b, out.outage_monitors[n], dispatchers[n]) for n, b in out.backends.items()
            },
            submission=submission,
            gateway=lambda: not bot.is_closed() and is_alive(bot.shards.values()),
            guilds=lambda: len(bot.guilds),
        )


def _origin(api: str) -> str:
    """scheme://host:port of another Discord: its uploads come from there."""
    return str(URL(api).origin()) if api else ""
