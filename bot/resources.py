"""Resources of the bot (files, connections, processes), and the services built on them.

Resources are opened before the bot runs and closed after it.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp

from bot.accounts.credentials import Credentials
from bot.accounts.encryption.key_file import open_vault
from bot.accounts.encryption.vault import Vault
from bot.accounts.encryption.webhook_tokens import WebhookTokens
from bot.accounts.own_account import OwnAccount
from bot.accounts.payment import Payment
from bot.accounts.pricing import Pricing
from bot.accounts.shared_keys import SharedKeys
from bot.backends import open_backend
from bot.backends.base import Backend
from bot.backends.horde.backend import HordeBackend
from bot.backends.outage_monitor import OutageMonitor
from bot.catalog import Catalog
from bot.client.bot import HordecordBot
from bot.client.character_avatars import CharacterAvatars
from bot.client.gateway import is_alive
from bot.client.services import Services
from bot.domain.requests import Kind
from bot.horde.client import HordeClient
from bot.http.discord_files import DiscordFiles
from bot.http.public_addresses import no_cookies, open_links
from bot.i18n import language_of
from bot.monitoring.health import HealthMonitor
from bot.monitoring.metrics import Metrics
from bot.pictures import Converter
from bot.pictures.thumbnails import Thumbnails
from bot.pipeline.pipeline import Pipeline
from bot.services.admission import Admission
from bot.services.broadcasts import Broadcasts
from bot.services.chat.character_files import CharacterFiles
from bot.services.chat.chats import Chats
from bot.services.chat.published_characters import PublishedCharacters
from bot.services.community.community import Community
from bot.services.community.ratings import Ratings
from bot.services.composer import Composer
from bot.services.defaults import Defaults
from bot.services.gifts import Gifts, Parties, ReactionGifts
from bot.services.guilds import Guilds
from bot.services.history import History
from bot.services.person_settings import Languages, PeopleSettings
from bot.services.personal_data.guild_cleanup import GuildCleanup
from bot.services.personal_data.privacy import Privacy
from bot.services.presets import Presets
from bot.services.reports import Reports
from bot.services.styles.own_styles import OwnStyles
from bot.services.submission import Submission
from bot.services.user_bans import UserBans
from bot.settings import Settings
from bot.storage import Store
from bot.storage.files import ResultFiles
from bot.storage.process_lock import only_one

MEGABYTE = 1024 * 1024
CONNECTIONS = 100
# To one backend: a blocking call has its connection for minutes.
BACKEND_CONNECTIONS = 500


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
    session = await stack.enter_async_context(_session(CONNECTIONS))
    links = await stack.enter_async_context(open_links())
    quota = settings.store.spool_megabytes * MEGABYTE
    result_files = ResultFiles(path.parent / "spool", quota=quota, days=settings.store.keep_days)
    converter = await stack.enter_async_context(Converter())
    metrics, backends, hordes = Metrics(), dict[str, Backend](), dict[str, HordeClient]()
    for name, backend in settings.backends.items():
        # Each has its own, so that the calls of one never wait for those of another.
        calls = await stack.enter_async_context(_session(BACKEND_CONNECTIONS))
        opened = open_backend(name, backend, session=calls, links=links, timer=metrics.call)
        backends[name] = opened
        stack.push_async_callback(opened.close)
        if isinstance(opened, HordeBackend):
            hordes[name] = opened.client
    monitors = {name: OutageMonitor(backend) for name, backend in backends.items()}
    for monitor in monitors.values():
        stack.push_async_callback(monitor.close)
    return Resources(
        store, vault, result_files, converter, session, backends, hordes, monitors, metrics
    )


def _session(connections: int) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=connections)
    return aiohttp.ClientSession(connector=connector, cookie_jar=no_cookies(), trust_env=True)


def build_services(
    settings: Settings,
    out: Resources,
    *,
    bot: HordecordBot,
    catalog: Catalog,
    keys: Credentials,
    pipeline: Pipeline,
    discord_files: DiscordFiles,
) -> Services:
    """The services that commands and components use."""
    marks, prices = keys.marks, _prices(out, catalog, keys, pipeline)
    languages = Languages(out.store, language_of(settings.bot.language))
    presets, defaults = Presets(out.store), Defaults(out.store, catalog)
    abilities = {name: backend.capabilities for name, backend in out.backends.items()}
    composer = Composer(
        catalog, presets, defaults, lambda name: prices[name].free_side(), abilities
    )
    payment = Payment(out.store, keys, prices, maker_pays=catalog.maker_pays)
    history = History(out.store, pipeline.poller, pipeline.dispatchers)
    admission = Admission(out.store, catalog, settings.limits, abilities)
    submission = Submission(
        store=out.store,
        files=out.result_files,
        composer=composer,
        admission=admission,
        payment=payment,
        prices=prices,
        history=history,
        dispatchers=pipeline.dispatchers,
        poller=pipeline.poller,
        refusals=pipeline.refusals,
        mover=pipeline.mover,
    )
    bans = UserBans(out.store, marks, history, submission)
    # The Horde of accounts, kudos and gifts.
    first = out.backends[next(iter(out.hordes), next(iter(out.backends)))]
    shared_keys = SharedKeys(keys, first, out.hordes.get(first.name))
    guilds = Guilds(out.store, abilities, languages)
    gifts = Gifts(out.store.gifts, keys, shared_keys, first.name)
    thumbnails = Thumbnails(out.result_files, out.converter)
    account = OwnAccount(keys, out.backends, out.hordes)
    chat = Chats(
        store=out.store,
        catalog=catalog,
        guilds=guilds,
        admission=admission,
        submission=submission,
    )
    return Services(
        backends=out.backends,
        bans=bans,
        broadcasts=Broadcasts(out.store.notes),
        catalog=catalog,
        character_avatars=CharacterAvatars(bot, thumbnails),
        character_files=CharacterFiles(
            characters=chat.characters,
            lorebooks=chat.lorebooks,
            discord=discord_files,
            spool=out.result_files,
            converter=out.converter,
        ),
        chat=chat,
        community=Community(out.hordes, out.converter, keys, first),
        composer=composer,
        credentials=keys,
        defaults=defaults,
        discord_files=discord_files,
        gifts=gifts,
        guild_cleanup=GuildCleanup(out.store, bans),
        guilds=guilds,
        health=_health(out, bot, pipeline, submission),
        history=history,
        hordes=out.hordes,
        languages=languages,
        outage_monitors=out.outage_monitors,
        own_styles=OwnStyles(account, catalog),
        parties=Parties(out.store.parties, gifts, shared_keys),
        payment=payment,
        people=PeopleSettings(out.store),
        presets=presets,
        privacy=Privacy(out.store, out.result_files, submission, marks),
        published_characters=PublishedCharacters(chat.characters, guilds),
        ratings=Ratings(history, keys, out.hordes),
        reaction_gifts=ReactionGifts(out.store, gifts, guilds, languages, keys, bans),
        reports=Reports(out.store),
        shared_keys=shared_keys,
        submission=submission,
        thumbnails=thumbnails,
        webhook_tokens=WebhookTokens(out.store, out.vault),
    )


def _prices(
    out: Resources, catalog: Catalog, keys: Credentials, pipeline: Pipeline
) -> dict[str, Pricing]:
    """Prices of each backend: they differ between backends."""
    dispatchers = pipeline.dispatchers
    return {
        name: Pricing(backend, dispatchers[name].queues[Kind.IMAGE], keys, catalog.about)
        for name, backend in out.backends.items()
    }


def _health(
    out: Resources, bot: HordecordBot, pipeline: Pipeline, submission: Submission
) -> HealthMonitor:
    dispatchers = pipeline.dispatchers
    return HealthMonitor(
        metrics=out.metrics,
        store=out.store,
        spool=out.result_files,
        backends={n: (b, out.outage_monitors[n], dispatchers[n]) for n, b in out.backends.items()},
        submission=submission,
        gateway=lambda: not bot.is_closed() and is_alive(bot.shards.values()),
        guilds=lambda: len(bot.guilds),
    )
