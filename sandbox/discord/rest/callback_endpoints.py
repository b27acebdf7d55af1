"""The first response to an interaction."""

from enum import IntEnum
from typing import Any

from aiohttp import web

from sandbox.discord.interactions import Interaction
from sandbox.discord.messages.message_store import EPHEMERAL, Message
from sandbox.discord.rest.bodies import Body, answer, flag, nothing, read_object
from sandbox.discord.rest.errors import invalid_form, refuse
from sandbox.discord.rest.interaction_responses import Responses
from sandbox.discord.rest.message_edits import kept_names, refuse_empty, turn_errors
from sandbox.discord.rest.thread_rules import refuse_editing
from sandbox.discord.rules import callback_errors, is_empty
from sandbox.discord.state import Discord

Json = dict[str, Any]


class Reply(IntEnum):
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class Callbacks:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._responses = Responses(discord)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/interactions/{id}/{token}/callback", self.respond)]

    async def respond(self, request: web.Request) -> web.Response:
        self._open(request)
        body = await read_object(request, self._discord.knobs.upload_limit)
        # Reading took time: a second response or the deadline may have come first.
        interaction = self._open(request)
        self._check(interaction, body)
        reply = Reply(body.json["type"])
        if reply == Reply.MESSAGE and is_empty(_data(body), body.names):
            refuse(50006)
        message = self._carry_out(interaction, reply, body)
        self._discord.interactions.ack(interaction, reply)
        if not flag(request, "with_response"):
            return nothing()
        return answer(self._described(interaction, reply, message))

    def _open(self, request: web.Request) -> Interaction:
        """The interaction, still waiting for its first response."""
        interaction = self._discord.interactions.get(request.match_info["id"])
        if interaction is None or interaction.token != request.match_info["token"]:
            refuse(10062)
        if interaction.acked:
            refuse(40060)
        if self._discord.interactions.too_late(interaction) or interaction.expired:
            refuse(10062)
        return interaction

    def _carry_out(self, interaction: Interaction, reply: Reply, body: Body) -> Message | None:
        data = _data(body)
        match reply:
            case Reply.MESSAGE:
                return self._responses.first(interaction, data, body.uploads)
            case Reply.DEFERRED_MESSAGE:
                flags = int(data.get("flags") or 0) & EPHEMERAL
                return self._responses.defer(interaction, ephemeral=bool(flags))
            case Reply.DEFERRED_UPDATE:
                interaction.original_id = interaction.source_id
            case Reply.UPDATE:
                return self._update(interaction, body)
            case Reply.CHOICES:
                interaction.choices = data.get("choices") or []
            case Reply.MODAL:
                self._discord.show_modal(interaction, data)
        return None

    def _check(self, interaction: Interaction, body: Body) -> None:
        """Raise 50035 for a response that this interaction cannot have."""
        source = self._source(interaction)
        errors = callback_errors(
            body.json,
            files=body.names,
            interaction_type=interaction.type,
            from_message=source is not None,
            previous_flags=source.flags if source else 0,
            kept=kept_names(source) if source else None,
        )
        if not errors and source and body.json["type"] == Reply.UPDATE:
            turn = turn_errors(source, _data(body))
            errors = {"data": turn} if turn else None
        invalid_form(errors)

    def _source(self, interaction: Interaction) -> Message | None:
        return self._discord.board.get(interaction.source_id or "")

    def _update(self, interaction: Interaction, body: Body) -> Message | None:
        message = self._source(interaction)
        if message is None or message.deleted:
            refuse(10008)
        refuse_empty(message, _data(body), body.uploads)
        refuse_editing(self._discord, self._responses.channel(interaction))
        interaction.original_id = message.id
        self._discord.edit(message, _data(body), body.uploads)
        return message

    def _described(self, interaction: Interaction, reply: Reply, message: Message | None) -> Json:
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
        if message is None or reply not in (Reply.MESSAGE, Reply.UPDATE):
            return {"interaction": about}
        return {"interaction": about, "resource": {"type": int(reply), "message": message.body}}


def _data(body: Body) -> Json:
    return body.json.get("data") or {}
