"""The endpoint for the first response to an interaction."""

from enum import IntEnum
from typing import Any

from aiohttp import web

from sandbox.discord.interactions import Interaction
from sandbox.discord.messages.message_store import EPHEMERAL, Message
from sandbox.discord.rest.bodies import (
    RequestBody,
    json_response,
    no_content,
    query_flag,
    read_object,
)
from sandbox.discord.rest.errors import invalid_form, refuse
from sandbox.discord.rest.interaction_responses import InteractionResponses
from sandbox.discord.rest.message_edits import file_names, layout_change_errors, refuse_empty
from sandbox.discord.rest.thread_rules import refuse_editing
from sandbox.discord.rules import callback_errors, is_empty
from sandbox.discord.state import Discord

Json = dict[str, Any]


class ResponseType(IntEnum):
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class CallbackEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._responses = InteractionResponses(discord)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/interactions/{id}/{token}/callback", self.respond)]

    async def respond(self, request: web.Request) -> web.Response:
        self._unanswered_interaction(request)
        body = await read_object(request, self._discord.settings.upload_limit)
        # Meanwhile another response or the deadline may have come first.
        interaction = self._unanswered_interaction(request)
        self._check(interaction, body)
        reply = ResponseType(body.json["type"])
        if reply == ResponseType.MESSAGE and is_empty(_data(body), body.names):
            refuse(50006)
        message = self._apply(interaction, reply, body)
        self._discord.interactions.acknowledge(interaction, reply)
        if not query_flag(request, "with_response"):
            return no_content()
        return json_response(self._callback_json(interaction, reply, message))

    def _unanswered_interaction(self, request: web.Request) -> Interaction:
        """The interaction of the path. Raises ApiError when it has a response or is too old."""
        interaction = self._discord.interactions.get(request.match_info["id"])
        if interaction is None or interaction.token != request.match_info["token"]:
            refuse(10062)
        if interaction.acked:
            refuse(40060)
        if self._discord.interactions.deadline_passed(interaction) or interaction.expired:
            refuse(10062)
        return interaction

    def _apply(
        self, interaction: Interaction, reply: ResponseType, body: RequestBody
    ) -> Message | None:
        data = _data(body)
        match reply:
            case ResponseType.MESSAGE:
                return self._responses.create(interaction, data, body.uploads)
            case ResponseType.DEFERRED_MESSAGE:
                flags = int(data.get("flags") or 0) & EPHEMERAL
                return self._responses.defer(interaction, ephemeral=bool(flags))
            case ResponseType.DEFERRED_UPDATE:
                interaction.original_id = interaction.source_id
            case ResponseType.UPDATE:
                return self._update(interaction, body)
            case ResponseType.CHOICES:
                interaction.choices = data.get("choices") or []
            case ResponseType.MODAL:
                self._discord.show_modal(interaction, data)
        return None

    def _check(self, interaction: Interaction, body: RequestBody) -> None:
        """Raise ApiError 50035 for a response that is invalid for this interaction."""
        source = self._source(interaction)
        errors = callback_errors(
            body.json,
            files=body.names,
            interaction_type=interaction.type,
            from_message=source is not None,
            previous_flags=source.flags if source else 0,
            kept=file_names(source) if source else None,
        )
        if not errors and source and body.json["type"] == ResponseType.UPDATE:
            layout_errors = layout_change_errors(source, _data(body))
            errors = {"data": layout_errors} if layout_errors else None
        invalid_form(errors)

    def _source(self, interaction: Interaction) -> Message | None:
        return self._discord.messages.get(interaction.source_id or "")

    def _update(self, interaction: Interaction, body: RequestBody) -> Message | None:
        message = self._source(interaction)
        if message is None or message.deleted:
            refuse(10008)
        refuse_empty(message, _data(body), body.uploads)
        refuse_editing(self._discord, self._responses.channel(interaction))
        interaction.original_id = message.id
        self._discord.edit(message, _data(body), body.uploads)
        return message

    def _callback_json(
        self, interaction: Interaction, reply: ResponseType, message: Message | None
    ) -> Json:
        about: Json = {
            "id": interaction.id,
            "type": interaction.type,
            "channel_id": interaction.channel_id,
        }
        if interaction.guild_id:
            about["guild_id"] = interaction.guild_id
        if interaction.original_id:
            about["response_message_id"] = interaction.original_id
            about["response_message_loading"] = interaction.loading
            about["response_message_ephemeral"] = bool(interaction.ephemeral)
        if message is None or reply not in (ResponseType.MESSAGE, ResponseType.UPDATE):
            return {"interaction": about}
        return {"interaction": about, "resource": {"type": int(reply), "message": message.body}}


def _data(body: RequestBody) -> Json:
    return body.json.get("data") or {}
