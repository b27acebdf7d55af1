"""Endpoints for what members write: messages, edits, deletions, reactions."""

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sandbox.discord.messages.attachments import Attachment
from sandbox.discord.messages.message_builder import MessageDraft
from sandbox.discord.messages.message_store import REPLY, Message, is_replyable
from sandbox.discord.objects.entities import Channel, User
from sandbox.discord.rest.bodies import json_response, no_content
from sandbox.discord.state import Discord

CONTENT_MAX = 2000  # characters that a member without Nitro can send


class NewMessage(BaseModel):
    """A message of a member. `ping`: a reply mentions the author of the replied message."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    user_id: str
    channel_id: str
    content: str = Field(default="", max_length=CONTENT_MAX)
    attachments: list[str] = []
    reply_to: str | None = None
    ping: bool = True


class MessageEdit(BaseModel):
    """An edit; `user_id`: the author."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    user_id: str
    content: str = Field(max_length=CONTENT_MAX)


class BulkDeletion(BaseModel):
    """The messages that a moderation bot deletes at once."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    channel_id: str
    message_ids: list[str] = Field(min_length=1, max_length=100)


class NewReaction(BaseModel):
    """A reaction of a member; `emoji` is a Unicode emoji, or NAME:ID of a custom one."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    user_id: str
    message_id: str
    emoji: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class MessageEndpoints:
    """Endpoints for messages of members, and reactions."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/messages", self.post),
            web.post("/messages/bulk-delete", self.delete_many),
            web.patch("/messages/{id}", self.edit),
            web.delete("/messages/{id}", self.delete),
            web.post("/reactions", self.react),
            web.delete("/reactions", self.react),
        ]

    async def post(self, request: web.Request) -> web.Response:
        """Post a message as a member."""
        new = NewMessage.model_validate(await request.json())
        author, channel = self._user(new.user_id), self._channel(new.channel_id)
        if author is None or not self._entities.can_see(author.id, channel):
            raise ValueError("this person does not see that channel")
        self._check_writing(author, channel)
        replied = self._replied_to(new, author)
        draft = MessageDraft(
            channel,
            author,
            {"content": new.content},
            attachments=[self._attachment(file_id) for file_id in new.attachments],
            kind=REPLY if replied else 0,
            replied_to=replied,
            ping=new.ping,
        )
        if not new.content.strip() and not draft.attachments:
            raise ValueError("an empty message cannot be sent")
        return json_response(self._discord.message_json(self._discord.post(draft)), 201)

    async def edit(self, request: web.Request) -> web.Response:
        """Edit a message as its author."""
        edit = MessageEdit.model_validate(await request.json())
        message, author = self._message(request.match_info["id"]), self._user(edit.user_id)
        if author is None or message.author_id != author.id:
            raise ValueError("only the author edits a message")
        self._check_writing(author, self._channel(message.channel_id))
        if not edit.content.strip() and not message.files:
            raise ValueError("an edit must leave something")
        self._discord.edit(message, {"content": edit.content}, [])
        return json_response(self._discord.message_json(message))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a message as a moderator, dismiss an ephemeral one, or delete one's own.

        `user_id` in the query: the member who deletes; without it a moderator does.
        """
        message = self._message(request.match_info["id"])
        if user_id := request.query.get("user_id"):
            user = self._user(user_id)
            if user is None or not (user.admin or user.id == message.author_id):
                raise ValueError("only its author and moderators delete a message")
        self._discord.delete(message)
        return no_content()

    async def delete_many(self, request: web.Request) -> web.Response:
        """Delete messages of one channel of a guild with one event."""
        wanted = BulkDeletion.model_validate(await request.json())
        channel = self._channel(wanted.channel_id)
        messages = [self._message(message_id) for message_id in wanted.message_ids]
        if not channel.guild_id or any(one.channel_id != channel.id for one in messages):
            raise ValueError("the messages must be in that channel, and the channel in a guild")
        self._discord.delete_many(channel, messages)
        return no_content()

    async def react(self, request: web.Request) -> web.Response:
        """Add or, with DELETE, remove a reaction of a member."""
        new = NewReaction.model_validate(await request.json())
        user = self._user(new.user_id)
        message = self._discord.messages.get(new.message_id)
        if user is None or message is None or not self._discord.can_see(user.id, message):
            raise ValueError("this person sees no such message")
        self._discord.change_reaction(user, message, new.emoji, on=request.method == "POST")
        return no_content()

    def _check_writing(self, user: User, channel: Channel) -> None:
        if refusal := self._discord.channels.posting_refusal(user, channel):
            raise ValueError(refusal)

    def _replied_to(self, new: NewMessage, author: User) -> Message | None:
        if new.reply_to is None:
            return None
        message = self._message(new.reply_to)
        if message.channel_id != new.channel_id or not self._discord.can_see(author.id, message):
            raise ValueError("a reply is in the channel of its message")
        if not is_replyable(message):
            raise ValueError("this message cannot be replied to")
        return message

    def _user(self, user_id: str) -> User | None:
        return self._entities.users.get(user_id)

    def _channel(self, channel_id: str) -> Channel:
        channel = self._entities.channels.get(channel_id)
        if channel is None:
            raise web.HTTPNotFound(text="there is no such channel")
        return channel

    def _message(self, message_id: str) -> Message:
        message = self._discord.messages.get(message_id)
        if message is None or message.deleted:
            raise web.HTTPNotFound(text="there is no such message, or it is deleted")
        return message

    def _attachment(self, file_id: str) -> Attachment:
        found = self._discord.cdn.find(file_id)
        if found is None:
            raise ValueError(f"there is no upload {file_id}")
        return found
