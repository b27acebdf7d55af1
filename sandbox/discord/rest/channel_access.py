"""Finds the channel and the message of a path, with the permissions that the bot has there."""

from aiohttp import web

from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects.entities import Channel
from sandbox.discord.objects.permissions import Permissions
from sandbox.discord.rest.bodies import RequestBody, read_object
from sandbox.discord.rest.errors import refuse
from sandbox.discord.state import Discord


class ChannelAccess:
    """What the endpoints of channels have in common."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities

    async def read(self, request: web.Request) -> RequestBody:
        """The body of the request, an object. Raises ApiError."""
        return await read_object(request, self._discord.settings.upload_limit)

    def channel(self, request: web.Request, needed: Permissions | None = None) -> Channel:
        """The channel of the path, if the bot can see it and has the needed permission."""
        channel = self._entities.channels.get(request.match_info["channel"])
        if channel is None:
            refuse(10003)
        allowed = self.allowed(channel)
        if Permissions.VIEW_CHANNEL not in allowed:
            refuse(50001)
        if needed and needed not in allowed:
            refuse(50013)
        return channel

    def thread(self, request: web.Request) -> Channel:
        """The same for a thread."""
        channel = self.channel(request)
        return channel if channel.thread else refuse(50024)

    def allowed(self, channel: Channel) -> Permissions:
        return self._entities.bot_permissions(channel)

    def can_send(self, channel: Channel) -> bool:
        """Whether the bot may write in the channel."""
        in_thread = Permissions.SEND_MESSAGES_IN_THREADS
        needed = in_thread if channel.thread else Permissions.SEND_MESSAGES
        return needed in self.allowed(channel)

    def message(self, request: web.Request) -> Message:
        """The message of the path, in the channel of the path."""
        channel = self.channel(request)
        message = self._discord.messages.get(request.match_info["message"])
        if message is None or message.deleted or message.ephemeral_for:
            refuse(10008)
        return message if message.channel_id == channel.id else refuse(10008)
