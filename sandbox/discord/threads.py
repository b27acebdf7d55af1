"""Starts threads: of a message, without one, and as posts of a forum."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.messages.attachments import Attachment, Upload
from sandbox.discord.messages.message_builder import MessageDraft
from sandbox.discord.messages.message_store import (
    HAS_THREAD,
    THREAD_CREATED,
    THREAD_STARTER,
    Message,
)
from sandbox.discord.objects.channel_types import ChannelType
from sandbox.discord.objects.entities import Channel, User
from sandbox.discord.objects.json_objects import channel_json
from sandbox.discord.state import Discord

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ThreadDraft:
    """A thread before it is started. `private`, `invitable`, `minutes` (until it is archived),
    `slow_mode` (seconds): as of Discord's fields. `members`: user ids besides the owner's.
    """

    parent: Channel
    name: str
    owner: User
    private: bool = False
    invitable: bool = True
    minutes: int | None = None
    slow_mode: int = 0
    members: list[str] = field(default_factory=list[str])


def start_thread(discord: Discord, draft: ThreadDraft, message: Message | None = None) -> Channel:
    """Start a thread, of a message or without one. Raises ValueError where there can be none.

    A public thread without a message is announced in its channel; one of a message begins with a
    reference to that message.
    """
    thread = _add(discord, draft, message.id if message else None)
    if message:
        _attach(discord, thread, message)
        starter = MessageDraft(
            thread, draft.owner, {}, kind=THREAD_STARTER, replied_to=message, ping=False
        )
        discord.post(starter)
    elif not draft.private and draft.parent.type != ChannelType.FORUM:
        reference = {"type": 0, "channel_id": thread.id, "guild_id": thread.guild_id}
        extra = {"message_reference": reference}
        notice = MessageDraft(
            draft.parent, draft.owner, {"content": draft.name}, kind=THREAD_CREATED, extra=extra
        )
        discord.post(notice)
    return thread


def start_post(
    discord: Discord,
    draft: ThreadDraft,
    payload: Json,
    uploads: list[Upload] | None = None,
    attachments: list[Attachment] | None = None,
    extra: Json | None = None,
) -> tuple[Channel, Message]:
    """Start a post of a forum with its first message, which has the id of the post."""
    thread = _add(discord, draft, None)
    message = discord.post(
        MessageDraft(
            thread,
            draft.owner,
            payload,
            uploads or [],
            attachments or [],
            extra={"id": thread.id, **(extra or {})},
        )
    )
    return thread, message


def _add(discord: Discord, draft: ThreadDraft, thread_id: str | None) -> Channel:
    entities = discord.entities
    channel = entities.add_thread(
        draft.parent, draft.name, draft.owner, private=draft.private, thread_id=thread_id
    )
    assert channel.thread is not None
    channel.thread.invitable = draft.invitable
    channel.thread.auto_archive_duration = draft.minutes or channel.thread.auto_archive_duration
    channel.thread.slow_mode = draft.slow_mode
    channel.thread.members.update(draft.members)
    body = channel_json(entities, channel) | {"newly_created": True}
    discord.channels.send_event("THREAD_CREATE", channel, body)
    return channel


def _attach(discord: Discord, thread: Channel, message: Message) -> None:
    """Show the thread below its message, which gets MESSAGE_UPDATE."""
    shown = {"thread": channel_json(discord.entities, thread)}
    flags = {"flags": message.flags | HAS_THREAD}
    message.body = message.body | shown | flags
    discord.announce_update(message)
