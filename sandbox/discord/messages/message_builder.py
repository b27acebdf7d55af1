"""Builds and edits messages from request bodies: files, URLs and mentions."""

from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.discord.messages.attachments import Attachment, Cdn, Upload
from sandbox.discord.messages.content_access import can_be_pinged
from sandbox.discord.messages.mentions import find_mentions
from sandbox.discord.messages.message_store import (
    EPHEMERAL,
    IS_COMPONENTS_V2,
    LOADING,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Message,
)
from sandbox.discord.messages.stored_components import (
    MessageFiles,
    displayed_texts,
    displayed_urls,
    stored_components,
    stored_embeds,
)
from sandbox.discord.objects.entities import Channel, EntityStore, User
from sandbox.discord.objects.json_objects import user_json
from sandbox.discord.objects.snowflake import iso

Json = dict[str, Any]

POSTED_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message before it is posted; `extra`: fields that the server adds."""

    channel: Channel
    author: User
    payload: Json
    uploads: list[Upload] = field(default_factory=list[Upload])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    kind: int = 0
    flags: int = 0
    ephemeral_for: str | None = None
    extra: Json = field(default_factory=dict[str, Any])
    replied_to: Message | None = None
    avatar_url: str | None = None
    ping: bool = True  # mention the author of the replied message


class MessageBuilder:
    """Builds and edits messages."""

    def __init__(self, entities: EntityStore, cdn: Cdn) -> None:
        self._entities = entities
        self._cdn = cdn

    def build(self, draft: MessageDraft) -> Message:
        payload = draft.payload
        channel = draft.channel
        private = draft.ephemeral_for is not None
        stored = self._store_files(payload, draft.uploads, channel.id, ephemeral=private)
        flags = int(payload.get("flags") or 0) & POSTED_FLAGS | draft.flags
        message = Message(
            body={
                "id": self._entities.ids.next(),
                "channel_id": channel.id,
                "type": draft.kind,
                "author": user_json(draft.author),
                "edited_timestamp": None,
                "pinned": False,
                "tts": bool(payload.get("tts")),
                "flags": flags | (EPHEMERAL if private else 0),
            },
            files=[],
            guild_id=channel.guild_id,
            ephemeral_for=draft.ephemeral_for,
            avatar_url=draft.avatar_url,
        )
        message.pinged = _pinged(draft)
        body, files = self._new_body(message, payload, draft.attachments + stored)
        body["timestamp"] = iso(message.created_at)
        if payload.get("nonce") is not None:
            body["nonce"] = payload["nonce"]
        if draft.replied_to:
            body |= _reply_fields(draft.replied_to)
        message.body, message.files = body | draft.extra, files
        return message

    def edit(self, message: Message, payload: Json, uploads: list[Upload]) -> None:
        """Edit a message as PATCH does: fields missing in the payload stay."""
        private = message.ephemeral_for is not None
        new = self._store_files(payload, uploads, message.channel_id, ephemeral=private)
        kept = _kept_files(message.files, payload)
        was_loading = bool(message.flags & LOADING)
        body, files = self._new_body(message, payload, kept + new)
        body["flags"] = _edited_flags(message.flags, payload)
        message.replace_body(body, files)
        if not was_loading and message.edited_at is not None:
            # The first content of a deferred response does not count as an edit.
            body["edited_timestamp"] = iso(message.edited_at)

    def _store_files(
        self, payload: Json, uploads: list[Upload], channel_id: str, *, ephemeral: bool
    ) -> list[Attachment]:
        about = {str(entry["id"]): entry for entry in payload.get("attachments") or ()}
        stored: list[Attachment] = []
        for index, upload in enumerate(uploads):
            entry = about.get(str(index), {})
            named = replace(upload, filename=entry.get("filename") or upload.filename)
            attachment = self._cdn.store(named, channel_id, ephemeral=ephemeral)
            stored.append(attachment.with_description(entry))
        return stored

    def _new_body(
        self, message: Message, payload: Json, files: list[Attachment]
    ) -> tuple[Json, list[Attachment]]:
        """The body with content, embeds, components, files and mentions of the payload."""
        body: Json = {"content": "", "embeds": [], "components": []}
        body |= message.body
        links = MessageFiles(files, self._cdn.find_by_url)
        if "content" in payload:
            body["content"] = str(payload["content"] or "").strip()
        if "embeds" in payload:
            body["embeds"] = stored_embeds(payload["embeds"] or [], links)
        if "components" in payload:
            body["components"] = stored_components(payload["components"] or [], links)
        shown = displayed_urls(body["components"], body["embeds"])
        # Discord leaves out files that an embed or a component shows.
        body["attachments"] = [file.json() for file in files if file.url not in shown]
        return body | self._mentions(body, payload, message.pinged), files

    def _mentions(self, body: Json, payload: Json, replied: str | None) -> Json:
        texts_shown = [body["content"], *displayed_texts(body["components"])]
        found = find_mentions(texts_shown, payload.get("allowed_mentions"), replied)
        users = [self._entities.users[user] for user in found.users if user in self._entities.users]
        return {
            "mentions": [user_json(user) for user in users],
            "mention_roles": list(found.roles),
            "mention_everyone": found.everyone,
        }


def _kept_files(files: list[Attachment], payload: Json) -> list[Attachment]:
    """The files that the attachments array keeps; without an array all of them."""
    entries = payload.get("attachments", ...)
    if entries is ...:
        return files
    about = {str(entry["id"]): entry for entry in entries or ()}
    return [file.with_description(about[file.id]) for file in files if file.id in about]


def _edited_flags(flags: int, payload: Json) -> int:
    flags &= ~LOADING
    if payload.get("flags") is None:
        return flags
    wanted = int(payload["flags"])
    return flags & ~SUPPRESS_EMBEDS | wanted & (SUPPRESS_EMBEDS | IS_COMPONENTS_V2)


def _pinged(draft: MessageDraft) -> str | None:
    replied = draft.replied_to
    if replied is None or not draft.ping or replied.author_id == draft.author.id:
        return None
    return replied.author_id if can_be_pinged(replied) else None


def _reply_fields(replied: Message) -> Json:
    reference = {"type": 0, "message_id": replied.id, "channel_id": replied.channel_id}
    if replied.guild_id:
        reference["guild_id"] = replied.guild_id
    inner = {k: v for k, v in replied.body.items() if k != "referenced_message"}
    return {
        "message_reference": reference,
        "referenced_message": None if replied.deleted else inner,
    }
