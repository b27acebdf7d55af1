"""Endpoints that act for a member: interactions, uploads, messages."""

from typing import Annotated

from aiohttp import BodyPartReader, web
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter

from sandbox.discord.client.member_actions import MemberAction, MemberActions
from sandbox.discord.interactions import Interaction
from sandbox.discord.messages.attachments import Attachment, Upload, guess_content_type
from sandbox.discord.messages.message_builder import MessageDraft
from sandbox.discord.objects.entities import Channel
from sandbox.discord.rest.bodies import json_response, no_content
from sandbox.discord.state import Discord, message_json

UPLOADS = "uploads"  # replaces the channel id in the URL of a file that is not posted yet
REPLY = 19  # message type
ACTIONS = TypeAdapter(list[MemberAction])


class NewMessage(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    user_id: str
    channel_id: str
    content: str = ""
    attachments: list[str] = []
    reply_to: str | None = None


class NewReaction(BaseModel):
    """A reaction of a member; `emoji` is a Unicode emoji, or NAME:ID of a custom one."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    user_id: str
    message_id: str
    emoji: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


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
            web.post("/messages", self.post_message),
            web.post("/reactions", self.react),
            web.delete("/reactions", self.react),
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

    async def post_message(self, request: web.Request) -> web.Response:
        """Post a message as a member."""
        new = NewMessage.model_validate(await request.json())
        author = self._discord.entities.users.get(new.user_id)
        channel = self._channel(new.channel_id)
        if author is None or not self._discord.entities.can_see(author.id, channel):
            raise ValueError("this person does not see that channel")
        if refusal := self._discord.posting_refusal(author, channel):
            raise ValueError(refusal)
        replied = self._discord.messages.get(new.reply_to) if new.reply_to else None
        draft = MessageDraft(
            channel,
            author,
            {"content": new.content},
            attachments=[self._attachment(file_id) for file_id in new.attachments],
            kind=REPLY if replied else 0,
            replied_to=replied,
        )
        if not new.content.strip() and not draft.attachments:
            raise ValueError("an empty message cannot be sent")
        return json_response(message_json(self._discord.post(draft)), 201)

    async def react(self, request: web.Request) -> web.Response:
        """Add or, with DELETE, remove a reaction of a member."""
        new = NewReaction.model_validate(await request.json())
        user = self._discord.entities.users.get(new.user_id)
        message = self._discord.messages.get(new.message_id)
        if user is None or message is None or not self._discord.can_see(user.id, message):
            raise ValueError("this person sees no such message")
        self._discord.change_reaction(user, message, new.emoji, on=request.method == "POST")
        return no_content()

    def _interaction(self, request: web.Request) -> Interaction:
        found = self._discord.interactions.get(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound(text="there is no such interaction")
        return found

    def _channel(self, channel_id: str) -> Channel:
        channel = self._discord.entities.channels.get(channel_id)
        if channel is None:
            raise web.HTTPNotFound(text="there is no such channel")
        return channel

    def _attachment(self, file_id: str) -> Attachment:
        found = self._discord.cdn.find(file_id)
        if found is None:
            raise ValueError(f"there is no upload {file_id}")
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
