"""People, guilds and channels as Discord writes them."""

from typing import Any

from sandbox.discord.permissions import EVERYONE
from sandbox.discord.snowflake import iso
from sandbox.discord.world import AVATAR, DM, GROUP_DM, Channel, Guild, User, World

Json = dict[str, Any]

JOINED = iso(1_700_000_000)
# Message content and member intents are allowed: flags of an application in under 100 guilds.
APPLICATION_FLAGS = 1 << 15 | 1 << 19 | 1 << 13
LOCALE = "en-US"
# What every guild here has in common: no icon, no boosts, nothing switched on.
PLAIN_GUILD: Json = {
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
    "preferred_locale": LOCALE,
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


def user_json(user: User) -> Json:
    """A user object. It is shared: extend it with `|`, never in place."""
    if user.wire is None:
        user.wire = _user(user) | ({"bot": True} if user.bot else {})
    return user.wire


def _user(user: User) -> Json:
    return {
        "id": user.id,
        "username": user.username,
        "discriminator": "0000" if user.bot else "0",
        "avatar": AVATAR,
        "global_name": user.global_name,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }


def member_json(user: User, *, with_user: bool = True) -> Json:
    body: Json = {
        "roles": [],
        "nick": None,
        "avatar": None,
        "banner": None,
        "joined_at": JOINED,
        "premium_since": None,
        "pending": False,
        "communication_disabled_until": None,
        "flags": 0,
        "mute": False,
        "deaf": False,
    }
    return body | {"user": user_json(user)} if with_user else body


def application_json(world: World) -> Json:
    owner = next(world.people())
    return {
        "id": world.application_id,
        "name": world.bot.username,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user_json(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user_json(owner),
        "team": None,
        "summary": "",
        "flags": APPLICATION_FLAGS,
        "flags_new": str(APPLICATION_FLAGS),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}, "1": {}},
    }


def channel_json(world: World, channel: Channel) -> Json:
    """A channel of any type, as in GET /channels/{channel}."""
    body: Json = {
        "id": channel.id,
        "type": channel.type,
        "flags": 0,
        "last_message_id": channel.last_message_id,
    }
    if channel.type in (DM, GROUP_DM):
        body["recipients"] = [user_json(world.users[user]) for user in channel.recipients]
        if channel.type == GROUP_DM:
            body |= {"name": channel.name, "icon": None, "owner_id": channel.recipients[0]}
        return body
    return body | {
        "guild_id": channel.guild_id,
        "name": channel.name,
        "position": channel.position,
        "parent_id": None,
        "topic": None,
        "nsfw": channel.nsfw,
        "rate_limit_per_user": 0,
        "permission_overwrites": _overwrites(world, channel),
    }


def _overwrites(world: World, channel: Channel) -> list[Json]:
    if not channel.denied:
        return []
    return [{"id": world.bot.id, "type": 1, "allow": "0", "deny": str(int(channel.denied))}]


def guild_json(world: World, guild: Guild) -> Json:
    """The guild alone, as in GET /guilds/{guild}."""
    return PLAIN_GUILD | {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner_id,
        "roles": [_role(guild.id, "@everyone", int(EVERYONE))],
        "approximate_member_count": len(world.users),
    }


def guild_create_json(world: World, guild: Guild, *, with_members: bool) -> Json:
    """The GUILD_CREATE event; without the members intent only the bot is listed."""
    members = list(world.users.values()) if with_members else [world.bot]
    return guild_json(world, guild) | {
        "joined_at": JOINED,
        "large": False,
        "unavailable": False,
        "member_count": len(world.users),
        "voice_states": [],
        "members": [member_json(user) for user in members],
        "channels": [channel_json(world, world.channels[channel]) for channel in guild.channels],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def member_in_interaction(world: World, user: User) -> Json:
    """The member who acts, with the permissions in that channel."""
    return member_json(user) | {"permissions": str(int(world.member_permissions(user)))}


def _role(role_id: str, name: str, permissions: int) -> Json:
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
