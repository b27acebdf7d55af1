"""The JSON of guilds and roles."""

from sandbox.discord.objects.entities import EntityStore, Guild
from sandbox.discord.objects.json_objects import JOINED_AT, Json, channel_json, member_json
from sandbox.discord.objects.permissions import BOT, EVERYONE

# The fields that are equal in every guild: no icon, no boosts, no features.
GUILD_DEFAULTS: Json = {
    "icon": None,
    "description": None,
    "home_header": None,
    "splash": None,
    "discovery_splash": None,
    "features": [],
    "banner": None,
    "application_id": None,
    "region": "us-east",
    "afk_channel_id": None,
    "afk_timeout": 300,
    "system_channel_id": None,
    "system_channel_flags": 0,
    "widget_enabled": False,
    "widget_channel_id": None,
    "verification_level": 0,
    "default_message_notifications": 0,
    "mfa_level": 0,
    "explicit_content_filter": 0,
    "max_presences": None,
    "max_members": 500_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "vanity_url_code": None,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "rules_channel_id": None,
    "safety_alerts_channel_id": None,
    "public_updates_channel_id": None,
    "premium_progress_bar_enabled": False,
    "nsfw": False,
    "nsfw_level": 0,
    "emojis": [],
    "stickers": [],
    "incidents_data": None,
}


def guild_json(entities: EntityStore, guild: Guild) -> Json:
    """The guild without channels and members, as in GET /guilds/{guild}."""
    return GUILD_DEFAULTS | {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner_id,
        "preferred_locale": guild.locale,
        "roles": [
            role_json(guild.id, "@everyone", int(EVERYONE)),
            *_bot_roles(entities, guild),
            *(role_json(role.id, role.name, 0) for role in guild.roles.values()),
        ],
        "approximate_member_count": len(entities.users),
    }


def guild_create_json(entities: EntityStore, guild: Guild, *, with_members: bool) -> Json:
    """The GUILD_CREATE event; without the members intent only the bot is listed."""
    members = list(entities.users.values()) if with_members else [entities.bot]
    return guild_json(entities, guild) | {
        "joined_at": JOINED_AT,
        "large": False,
        "unavailable": False,
        "member_count": len(entities.users),
        "voice_states": [],
        "members": [
            member_json(user) | {"roles": entities.roles_of(user, guild.id)} for user in members
        ],
        "channels": [
            channel_json(entities, entities.channels[channel]) for channel in guild.channels
        ],
        "threads": [
            channel_json(entities, thread)
            for thread in entities.threads(guild.id)
            if thread.thread and not thread.thread.archived and entities.bot_is_in(thread)
        ],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def _bot_roles(entities: EntityStore, guild: Guild) -> list[Json]:
    """The role that the bot's invitation made."""
    if not guild.has_bot:
        return []
    role = role_json(guild.bot_role, entities.bot.username, int(BOT))
    return [role | {"managed": True, "tags": {"bot_id": entities.bot.id}}]


def role_json(role_id: str, name: str, permissions: int) -> Json:
    """A role object."""
    return {
        "id": role_id,
        "name": name,
        "description": None,
        "permissions": str(permissions),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
