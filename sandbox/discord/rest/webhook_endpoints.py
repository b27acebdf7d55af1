"""Endpoints of messages by token: of interactions (response and follow-ups) and of webhooks."""

from aiohttp import web

from sandbox.discord.interactions import Interaction
from sandbox.discord.messages.message_store import Message
from sandbox.discord.rest.bodies import json_response, no_content, read_object
from sandbox.discord.rest.errors import invalid_form, refuse
from sandbox.discord.rest.interaction_responses import InteractionResponses
from sandbox.discord.rest.message_edits import check_edit
from sandbox.discord.rest.thread_rules import refuse_deleting
from sandbox.discord.rest.webhook_messages import WebhookMessages
from sandbox.discord.rules import is_empty, message_errors
from sandbox.discord.state import Discord

WEBHOOK = "/webhooks/{app}/{token}"
ORIGINAL = "@original"


class WebhookEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._responses = InteractionResponses(discord)
        self._of_channels = WebhookMessages(discord)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(WEBHOOK, self.execute),
            web.get(WEBHOOK + "/messages/{message}", self.fetch),
            web.patch(WEBHOOK + "/messages/{message}", self.edit),
            web.delete(WEBHOOK + "/messages/{message}", self.delete),
        ]

    async def execute(self, request: web.Request) -> web.Response:
        """Post a follow-up. Interaction webhooks return the message, with or without `wait`."""
        if webhook := self._of_channels.webhook(request):
            return await self._of_channels.execute(webhook, request)
        interaction = self._interaction(request)
        body = await read_object(request, self._discord.settings.upload_limit)
        invalid_form(message_errors(body.json, files=body.names))
        if is_empty(body.json, body.names):
            refuse(50006)
        return json_response(self._responses.follow_up(interaction, body).body)

    async def fetch(self, request: web.Request) -> web.Response:
        if webhook := self._of_channels.webhook(request):
            return await self._of_channels.fetch(webhook, request)
        return json_response(self._message(request, self._interaction(request)).body)

    async def edit(self, request: web.Request) -> web.Response:
        if webhook := self._of_channels.webhook(request):
            return await self._of_channels.edit(webhook, request)
        interaction = self._interaction(request)
        body = await read_object(request, self._discord.settings.upload_limit)
        message = self._message(request, interaction)
        check_edit(message, body.json, body.uploads)
        self._responses.edit(interaction, message, body)
        return json_response(message.body)

    async def delete(self, request: web.Request) -> web.Response:
        if webhook := self._of_channels.webhook(request):
            return await self._of_channels.delete(webhook, request)
        interaction = self._interaction(request)
        message = self._message(request, interaction)
        refuse_deleting(self._responses.channel(interaction))
        if message.id == interaction.original_id:
            interaction.loading = False
        self._discord.delete(message)
        return no_content()

    def _interaction(self, request: web.Request) -> Interaction:
        """The interaction of the token. Before its first response it has no webhook."""
        interaction = self._discord.interactions.by_token(request.match_info["token"])
        wrong_app = request.match_info["app"] != self._discord.entities.application_id
        if interaction is None or wrong_app:
            refuse(10015)
        if self._discord.interactions.token_expired(interaction):
            refuse(50027)
        if not interaction.acked:
            refuse(10015)
        self._responses.channel(interaction)
        return interaction

    def _message(self, request: web.Request, interaction: Interaction) -> Message:
        message_id = request.match_info["message"]
        if message_id == ORIGINAL:
            message_id = interaction.original_id or ""
        message = self._discord.messages.get(message_id)
        reached = interaction.reaches_message(message_id) or message_id == interaction.source_id
        if message is None or message.deleted or not reached:
            refuse(10008)
        return message
