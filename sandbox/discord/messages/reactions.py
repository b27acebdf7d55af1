"""Reactions to messages: the events about them, and their JSON for the page."""

from typing import Any

from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects.entities import User
from sandbox.discord.objects.json_objects import member_json

Json = dict[str, Any]
EMOJI_MAX = 20  # different emoji on one message


def change(user: User, message: Message, emoji: str, *, on: bool) -> bool:
    """Add or remove a reaction. False when nothing changed: a member reacts once with an emoji.

    Raises ValueError for one emoji too many.
    """
    users = message.reactions.get(emoji, [])
    if (user.id in users) is on:
        return False
    if not users and len(message.reactions) >= EMOJI_MAX:
        raise ValueError(f"a message has at most {EMOJI_MAX} different reactions")
    left = [*users, user.id] if on else [each for each in users if each != user.id]
    message.reactions[emoji] = left
    if not left:
        del message.reactions[emoji]
    return True


def event_body(user: User, message: Message, emoji: str, *, on: bool) -> Json:
    """The body of MESSAGE_REACTION_ADD or, with `on` false, of MESSAGE_REACTION_REMOVE."""
    body: Json = {
        "user_id": user.id,
        "channel_id": message.channel_id,
        "message_id": message.id,
        "emoji": _emoji_json(emoji),
        "burst": False,
        "type": 0,
    }
    if message.guild_id:
        body["guild_id"] = message.guild_id
    if on:
        body["message_author_id"] = message.author_id
        body |= {"member": member_json(user, with_user=True)} if message.guild_id else {}
    return body


def reactions_json(message: Message) -> list[Json]:
    """For the page: each emoji as a member names it, and the ids of the users, oldest first."""
    return [{"emoji": emoji, "user_ids": users} for emoji, users in message.reactions.items()]


def _emoji_json(emoji: str) -> Json:
    name, _, emoji_id = emoji.partition(":")
    return {"id": emoji_id or None, "name": name}
