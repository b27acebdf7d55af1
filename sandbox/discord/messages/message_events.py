"""The gateway events about messages: intents and bodies."""

from typing import Any

from sandbox.discord.gateway.protocol import Intents
from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects.channel_types import DM
from sandbox.discord.objects.entities import Channel, EntityStore
from sandbox.discord.objects.json_objects import guild_member_json

Json = dict[str, Any]


def needed_intent(channel: Channel) -> Intents:
    """The intent without which a session hears nothing of the messages in the channel."""
    return Intents.DIRECT_MESSAGES if channel.type == DM else Intents.GUILD_MESSAGES


def message_event_body(entities: EntityStore, message: Message) -> Json:
    """The body of MESSAGE_CREATE and MESSAGE_UPDATE: in a guild with the members.

    A webhook's message has no member.
    """
    guild_id = message.guild_id
    if not guild_id:
        return message.body
    author = entities.users.get(message.author_id)
    member = {"member": guild_member_json(entities, author, guild_id)} if author else {}
    mentions = [
        user | {"member": guild_member_json(entities, entities.users[user["id"]], guild_id)}
        for user in message.body["mentions"]
    ]
    return message.body | {"guild_id": guild_id, "mentions": mentions} | member


def delete_event_body(message: Message) -> Json:
    """The body of MESSAGE_DELETE."""
    guild_fields = {"guild_id": message.guild_id} if message.guild_id else {}
    return {"id": message.id, "channel_id": message.channel_id, **guild_fields}


def bulk_delete_event_body(channel: Channel, messages: list[Message]) -> Json:
    """The body of MESSAGE_DELETE_BULK."""
    ids = [message.id for message in messages]
    return {"ids": ids, "channel_id": channel.id, "guild_id": channel.guild_id}
