"""The `resolved` field of an interaction: the objects of the selected ids."""

from typing import Any

from sandbox.discord.messages.attachments import Cdn
from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects.entities import Channel, EntityStore
from sandbox.discord.objects.guild_json import guild_json
from sandbox.discord.objects.json_objects import channel_json, member_json, user_json
from sandbox.discord.objects.permissions import EVERYONE

Json = dict[str, Any]


class ResolvedData:
    """Collects objects; each method returns the id, or None for an unknown one."""

    def __init__(self, entities: EntityStore, cdn: Cdn, channel: Channel) -> None:
        self._entities = entities
        self._cdn = cdn
        self._channel = channel
        self._found: dict[str, Json] = {}

    def json(self) -> Json:
        return self._found

    def user(self, user_id: str) -> str | None:
        user = self._entities.users.get(user_id)
        if user is None:
            return None
        self._put("users", user_id, user_json(user))
        if self._channel.guild_id:
            permissions = str(int(self._entities.member_permissions(user)))
            member = member_json(user, with_user=False) | {"permissions": permissions}
            self._put("members", user_id, member)
        return user_id

    def channel(self, channel_id: str) -> str | None:
        channel = self._entities.channels.get(channel_id)
        if channel is None or channel.guild_id != self._channel.guild_id:
            return None
        body = channel_json(self._entities, channel) | {"permissions": str(int(EVERYONE))}
        self._put("channels", channel_id, body)
        return channel_id

    def role(self, role_id: str) -> str | None:
        guild = self._entities.guilds.get(self._channel.guild_id or "")
        roles: list[Json] = guild_json(self._entities, guild)["roles"] if guild else []
        found = next((role for role in roles if role["id"] == role_id), None)
        if found is None:
            return None
        self._put("roles", role_id, found)
        return role_id

    def attachment(self, file_id: str) -> str | None:
        attachment = self._cdn.find(file_id)
        if attachment is None:
            return None
        self._put("attachments", file_id, attachment.json() | {"ephemeral": True})
        return file_id

    def message(self, message: Message) -> str:
        self._put("messages", message.id, message.body)
        return message.id

    def _put(self, kind: str, object_id: str, body: Json) -> None:
        self._found.setdefault(kind, {})[object_id] = body
