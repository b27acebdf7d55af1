"""The JSON of users, members, channels and the application."""

from typing import Any

from sandbox.discord.objects.channel_types import DM, GROUP_DM, ChannelType
from sandbox.discord.objects.entities import AVATAR, Channel, EntityStore, User
from sandbox.discord.objects.snowflake import iso
from sandbox.discord.objects.thread_json import thread_fields
from sandbox.discord.settings import Settings

Json = dict[str, Any]

JOINED_AT = iso(1_700_000_000)
# The presence and member intents are allowed: flags of an application in under 100 guilds.
APPLICATION_FLAGS = 1 << 13 | 1 << 15
MESSAGE_CONTENT_LIMITED = 1 << 19
_VOICE_FIELDS: Json = {
    "bitrate": 64_000,
    "user_limit": 0,
    "rtc_region": None,
    "video_quality_mode": 1,
}
# The fields that only channels of one type have.
EXTRA_CHANNEL_FIELDS: dict[int, Json] = {
    ChannelType.VOICE: _VOICE_FIELDS,
    ChannelType.STAGE: _VOICE_FIELDS,
    ChannelType.FORUM: {
        "available_tags": [],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
        "default_auto_archive_duration": 4320,
        "default_thread_rate_limit_per_user": 0,
    },
}


def user_json(user: User) -> Json:
    """A user object. Messages share it: extend it with `|`, never in place."""
    if user.cached_json is None:
        user.cached_json = _new_user_json(user) | ({"bot": True} if user.bot else {})
    return user.cached_json


def _new_user_json(user: User) -> Json:
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
        "joined_at": JOINED_AT,
        "premium_since": None,
        "pending": False,
        "communication_disabled_until": None,
        "flags": 0,
        "mute": False,
        "deaf": False,
    }
    return body | {"user": user_json(user)} if with_user else body


def application_flags(settings: Settings) -> int:
    """The flags of the application; they tell which privileged intents it has."""
    return APPLICATION_FLAGS | (MESSAGE_CONTENT_LIMITED if settings.message_content else 0)


def application_json(entities: EntityStore, settings: Settings) -> Json:
    owner = next(entities.human_users())
    flags = application_flags(settings)
    return {
        "id": entities.application_id,
        "name": entities.bot.username,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user_json(entities.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user_json(owner),
        "team": None,
        "summary": "",
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": len(entities.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}, "1": {}},
    }


def channel_json(entities: EntityStore, channel: Channel) -> Json:
    """A channel of any type, as in GET /channels/{channel}."""
    body: Json = {
        "id": channel.id,
        "type": channel.type,
        "flags": 0,
        "last_message_id": channel.last_message_id,
    }
    if channel.type in (DM, GROUP_DM):
        body["recipients"] = [user_json(entities.users[user]) for user in channel.recipients]
        if channel.type == GROUP_DM:
            body |= {"name": channel.name, "icon": None, "owner_id": channel.recipients[0]}
        return body
    body |= {
        "guild_id": channel.guild_id,
        "name": channel.name,
        "parent_id": channel.parent_id,
        "rate_limit_per_user": 0,
    }
    if channel.thread:
        return body | thread_fields(entities, channel)
    return (
        body
        | EXTRA_CHANNEL_FIELDS.get(channel.type, {})
        | {
            "position": channel.position,
            "topic": None,
            "nsfw": channel.nsfw,
            "permission_overwrites": _overwrites(entities, channel),
        }
    )


def _overwrites(entities: EntityStore, channel: Channel) -> list[Json]:
    if not channel.denied and not channel.allowed:
        return []
    allow, deny = str(int(channel.allowed)), str(int(channel.denied))
    return [{"id": entities.bot.id, "type": 1, "allow": allow, "deny": deny}]


def guild_member_json(entities: EntityStore, user: User, guild_id: str) -> Json:
    """The member of a message event: with roles, without the user."""
    return member_json(user, with_user=False) | {"roles": entities.roles_of(user, guild_id)}


def member_in_interaction(entities: EntityStore, user: User, guild_id: str) -> Json:
    """The member of an interaction, with permissions and roles."""
    permissions = str(int(entities.member_permissions(user)))
    roles = entities.roles_of(user, guild_id)
    return member_json(user) | {"permissions": permissions, "roles": roles}
