"""Services for commands and components: one typed attribute of the bot, filled once at start."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.accounts.credentials import Credentials
from bot.accounts.encryption.webhook_tokens import WebhookTokens
from bot.accounts.payment import Payment
from bot.accounts.shared_keys import SharedKeys
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.catalog import Catalog
from bot.client.character_avatars import CharacterAvatars
from bot.horde.client import HordeClient
from bot.http.discord_files import DiscordFiles
from bot.monitoring.health import HealthMonitor
from bot.pictures.thumbnails import Thumbnails
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The use cases and their data. The keys of mappings are names of backends."""

    backends: Mapping[str, Backend]
    bans: UserBans
    broadcasts: Broadcasts
    catalog: Catalog
    character_avatars: CharacterAvatars
    character_files: CharacterFiles
    chat: Chats
    community: Community
    composer: Composer
    credentials: Credentials
    defaults: Defaults
    discord_files: DiscordFiles
    gifts: Gifts
    guild_cleanup: GuildCleanup
    guilds: Guilds
    health: HealthMonitor
    history: History
    hordes: Mapping[str, HordeClient]
    languages: Languages
    outage_monitors: Mapping[str, OutageMonitor]
    own_styles: OwnStyles
    parties: Parties
    payment: Payment
    people: PeopleSettings
    presets: Presets
    privacy: Privacy
    published_characters: PublishedCharacters
    ratings: Ratings
    reaction_gifts: ReactionGifts
    reports: Reports
    shared_keys: SharedKeys
    submission: Submission
    thumbnails: Thumbnails
    webhook_tokens: WebhookTokens
