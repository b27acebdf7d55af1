"""Builds the services that commands and components use, each with its data."""

from bot.accounts.credentials import Credentials
from bot.accounts.own_account import OwnAccount
from bot.accounts.payment import Payment
from bot.accounts.pricing import Pricing
from bot.accounts.shared_keys import SharedKeys
from bot.catalog import Catalog
from bot.client.bot import HordecordBot
from bot.client.gateway import is_alive
from bot.client.services import Services
from bot.domain.requests import Kind
from bot.http.discord_files import DiscordFiles
from bot.i18n import language_of
from bot.monitoring.health import HealthMonitor
from bot.pictures.thumbnails import Thumbnails
from bot.pipeline.pipeline import Pipeline
from bot.resources import Resources
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
    composer = Composer(catalog, presets, defaults, lambda name: prices[name].free_side())
    payment = Payment(out.store, keys, prices, maker_pays=catalog.maker_pays)
    history = History(out.store, pipeline.poller, pipeline.dispatchers)
    submission = Submission(
        store=out.store,
        files=out.result_files,
        composer=composer,
        admission=Admission(out.store, catalog, settings.limits),
        payment=payment,
        prices=prices,
        history=history,
        dispatchers=pipeline.dispatchers,
        poller=pipeline.poller,
        refusals=pipeline.refusals,
    )
    bans = UserBans(out.store, marks, history, submission)
    first = next(iter(out.backends.values()))
    shared_keys = SharedKeys(keys, first, out.hordes.get(first.name))
    guilds = Guilds(out.store, [*out.backends], languages)
    gifts = Gifts(out.store.gifts, keys, shared_keys, first.name)
    account = OwnAccount(keys, out.backends, out.hordes)
    return Services(
        backends=out.backends,
        bans=bans,
        broadcasts=Broadcasts(out.store.notes),
        catalog=catalog,
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
        reaction_gifts=ReactionGifts(out.store, gifts, guilds, languages, keys, bans),
        reports=Reports(out.store),
        shared_keys=shared_keys,
        submission=submission,
        thumbnails=Thumbnails(out.result_files, out.converter),
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
