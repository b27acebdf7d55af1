"""Endpoints that make, list, change and delete webhooks of channels."""

from aiohttp import web

from sandbox.discord.gateway.protocol import Intents
from sandbox.discord.objects.channel_types import GUILD_TYPES, ChannelType
from sandbox.discord.objects.permissions import Permissions
from sandbox.discord.objects.webhooks import (
    MOST_OF_A_CHANNEL,
    Webhook,
    picture_of,
    webhook_json,
)
from sandbox.discord.rest.bodies import json_response, no_content
from sandbox.discord.rest.channel_access import ChannelAccess
from sandbox.discord.rest.errors import invalid_form, refuse
from sandbox.discord.rules import webhook_errors
from sandbox.discord.state import Discord

WITH_WEBHOOKS = GUILD_TYPES - {ChannelType.CATEGORY}


class WebhookManagement:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._webhooks = discord.webhooks
        self._access = ChannelAccess(discord)

    def routes(self) -> list[web.RouteDef]:
        with_token = "/webhooks/{app}/{token}"  # noqa: S105  a path, no secret
        return [
            web.post("/channels/{channel}/webhooks", self.create),
            web.get("/channels/{channel}/webhooks", self.of_channel),
            web.get("/guilds/{guild}/webhooks", self.of_guild),
            web.get("/webhooks/{webhook}", self.fetch),
            web.patch("/webhooks/{webhook}", self.change),
            web.delete("/webhooks/{webhook}", self.delete),
            web.get(with_token, self.fetch),
            web.patch(with_token, self.change),
            web.delete(with_token, self.delete),
        ]

    async def create(self, request: web.Request) -> web.Response:
        channel = self._access.channel(request, Permissions.MANAGE_WEBHOOKS)
        body = await self._access.read(request)
        if channel.type not in WITH_WEBHOOKS or channel.guild_id is None:
            refuse(50024)
        invalid_form(webhook_errors(body.json))
        if len(self._webhooks.of_channel(channel.id)) >= MOST_OF_A_CHANNEL:
            refuse(30007)
        picture = picture_of(body.json.get("avatar") or "")
        name = str(body.json["name"]).strip()
        creator = self._discord.entities.bot
        webhook = self._webhooks.add(channel.id, channel.guild_id, name, picture, creator)
        self._send_event(webhook)
        return json_response(self._json(webhook, private=True))

    async def of_channel(self, request: web.Request) -> web.Response:
        channel = self._access.channel(request, Permissions.MANAGE_WEBHOOKS)
        found = self._webhooks.of_channel(channel.id)
        return json_response([self._json(webhook, private=True) for webhook in found])

    async def of_guild(self, request: web.Request) -> web.Response:
        """The webhooks of a guild, in channels where the bot manages them."""
        if request.match_info["guild"] not in self._discord.entities.guilds:
            refuse(10004)
        found = self._webhooks.of_guild(request.match_info["guild"])
        listed = [webhook for webhook in found if self._manages(webhook)]
        return json_response([self._json(webhook, private=True) for webhook in listed])

    async def fetch(self, request: web.Request) -> web.Response:
        webhook = self._webhook(request)
        return json_response(self._json(webhook, private="token" not in request.match_info))

    async def change(self, request: web.Request) -> web.Response:
        """Change name and avatar; only with a login also the channel."""
        webhook = self._webhook(request)
        body = await self._access.read(request)
        invalid_form(webhook_errors(body.json, editing=True))
        if body.json.get("name"):
            webhook.name = str(body.json["name"]).strip()
        if "avatar" in body.json:
            webhook.avatar = self._webhooks.keep(picture_of(body.json["avatar"] or ""))
        moved = body.json.get("channel_id")
        if moved and "token" not in request.match_info:
            channel = self._discord.entities.channels.get(str(moved))
            webhook.channel_id = channel.id if channel and channel.guild_id else refuse(10003)
        self._send_event(webhook)
        return json_response(self._json(webhook, private="token" not in request.match_info))

    async def delete(self, request: web.Request) -> web.Response:
        webhook = self._webhook(request)
        self._webhooks.remove(webhook.id)
        self._send_event(webhook)
        return no_content()

    def _webhook(self, request: web.Request) -> Webhook:
        """The webhook of the path: by its token, or for a bot that manages webhooks there."""
        parts = request.match_info
        webhook = self._webhooks.get(parts.get("webhook") or parts.get("app") or "")
        if webhook is None:
            refuse(10015)
        token = parts.get("token")
        if token is None:
            return webhook if self._manages(webhook) else refuse(50013)
        return webhook if token == webhook.token else refuse(50027)

    def _manages(self, webhook: Webhook) -> bool:
        channel = self._discord.entities.channels[webhook.channel_id]
        return Permissions.MANAGE_WEBHOOKS in self._access.allowed(channel)

    def _json(self, webhook: Webhook, *, private: bool) -> dict[str, object]:
        application = self._discord.entities.application_id
        return webhook_json(webhook, application, base=self._discord.cdn.base, private=private)

    def _send_event(self, webhook: Webhook) -> None:
        body = {"guild_id": webhook.guild_id, "channel_id": webhook.channel_id}
        gateway = self._discord.gateway
        gateway.emit("WEBHOOKS_UPDATE", body, webhook.guild_id, Intents.GUILD_WEBHOOKS)
