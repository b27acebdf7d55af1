"""The JSON of threads and of their members."""

from typing import Any

from sandbox.discord.objects.channel_types import ChannelType
from sandbox.discord.objects.entities import Channel, EntityStore
from sandbox.discord.objects.snowflake import iso

Json = dict[str, Any]


def thread_fields(entities: EntityStore, channel: Channel) -> Json:
    """The fields that only threads have. They have no nsfw field; their parent has it."""
    thread = channel.thread
    assert thread is not None
    about: Json = {
        "archived": thread.archived,
        "archive_timestamp": iso(thread.archived_at),
        "auto_archive_duration": thread.auto_archive_duration,
        "locked": thread.locked,
        "create_timestamp": iso(thread.created_at),
    }
    if channel.type == ChannelType.PRIVATE_THREAD:
        about["invitable"] = thread.invitable
    body: Json = {
        "owner_id": thread.owner_id,
        "thread_metadata": about,
        "rate_limit_per_user": thread.slow_mode,
        "message_count": thread.messages,
        "total_message_sent": thread.messages,
        "member_count": len(thread.members),
        "applied_tags": [],
    }
    if entities.bot.id in thread.members:
        body["member"] = thread_member_json(channel, entities.bot.id)
    return body


def thread_member_json(channel: Channel, user_id: str) -> Json:
    """A member of a thread. The sandbox does not store when members joined."""
    assert channel.thread is not None
    joined = iso(channel.thread.created_at)
    return {"id": channel.id, "user_id": user_id, "join_timestamp": joined, "flags": 0}


def members_update_json(channel: Channel, added: list[str], removed: list[str]) -> Json:
    """The body of the THREAD_MEMBERS_UPDATE event. `added`, `removed`: user ids."""
    assert channel.thread is not None
    return {
        "id": channel.id,
        "guild_id": channel.guild_id,
        "member_count": len(channel.thread.members),
        "added_members": [thread_member_json(channel, user_id) for user_id in added],
        "removed_member_ids": removed,
    }


def deleted_thread_json(channel: Channel) -> Json:
    """The body of the THREAD_DELETE event."""
    return {
        "id": channel.id,
        "guild_id": channel.guild_id,
        "parent_id": channel.parent_id,
        "type": channel.type,
    }
