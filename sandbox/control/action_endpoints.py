"""Endpoints that act for a member: interactions and uploads."""

from aiohttp import BodyPartReader, web
from pydantic import TypeAdapter

from sandbox.discord.client.member_actions import MemberAction, MemberActions
from sandbox.discord.interactions import Interaction
from sandbox.discord.messages.attachments import Attachment, Upload, guess_content_type
from sandbox.discord.rest.bodies import json_response
from sandbox.discord.state import Discord

UPLOADS = "uploads"  # replaces the channel id in the URL of a file that is not posted yet
ACTIONS = TypeAdapter(list[MemberAction])


class ActionEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._actions = MemberActions(discord)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/commands", self.commands),
            web.post("/interactions", self.interact),
            web.get("/interactions/{id}", self.outcome),
            web.post("/uploads", self.upload),
        ]

    async def commands(self, _: web.Request) -> web.Response:
        return json_response(self._discord.commands.all_commands())

    async def interact(self, request: web.Request) -> web.Response:
        """Perform one action or a list of actions.

        With `wait` the answer comes after the first response or the deadline. The actions of a
        list start at the same time; the answer is then a list too.
        """
        body = await request.json()
        actions = ACTIONS.validate_python(body if isinstance(body, list) else [body])
        interactions = [self._actions.perform(action) for action in actions]
        for action, interaction in zip(actions, interactions, strict=True):
            if action.wait:
                await interaction.finished.wait()
        outcomes = [interaction.outcome() for interaction in interactions]
        return json_response(outcomes if isinstance(body, list) else outcomes[0])

    async def outcome(self, request: web.Request) -> web.Response:
        return json_response(self._interaction(request).outcome())

    async def upload(self, request: web.Request) -> web.Response:
        """Store a file that a member selected for an option or a message."""
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                name = part.filename or "unknown"
                data = bytes(await part.read(decode=True))
                upload = Upload(name, data, guess_content_type(name))
                stored = self._discord.cdn.store(upload, UPLOADS, ephemeral=True)
                return json_response(_attachment_json(stored), 201)
        raise ValueError("the form has no field named file")

    def _interaction(self, request: web.Request) -> Interaction:
        found = self._discord.interactions.get(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound(text="there is no such interaction")
        return found


def _attachment_json(attachment: Attachment) -> dict[str, object]:
    return {
        "id": attachment.id,
        "filename": attachment.filename,
        "size": attachment.size,
        "content_type": attachment.content_type,
        "url": attachment.url,
        "width": attachment.width,
        "height": attachment.height,
    }
