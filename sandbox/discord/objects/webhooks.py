"""Webhooks of channels, which bots make and post with under names and avatars of their own."""

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.discord.objects.entities import User
from sandbox.discord.objects.json_objects import user_json

Json = dict[str, Any]

MOST_OF_A_CHANNEL = 15
INCOMING = 1  # webhook type
DATA_URI = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]+)")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(slots=True)
class Webhook:
    """A webhook. `avatar`: the hash of an uploaded picture, or None."""

    id: str
    token: str
    channel_id: str
    guild_id: str
    name: str
    avatar: str | None
    creator: User


@dataclass(slots=True)
class WebhookStore:
    """All webhooks by id, and their uploaded avatars by hash."""

    next_id: Callable[[], str]
    _webhooks: dict[str, Webhook] = field(default_factory=dict[str, Webhook])
    _pictures: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def add(
        self, channel_id: str, guild_id: str, name: str, avatar: bytes | None, creator: User
    ) -> Webhook:
        picture = self.keep(avatar)
        token = secrets.token_urlsafe(51)
        webhook = Webhook(self.next_id(), token, channel_id, guild_id, name, picture, creator)
        self._webhooks[webhook.id] = webhook
        return webhook

    def get(self, webhook_id: str) -> Webhook | None:
        return self._webhooks.get(webhook_id)

    def of_channel(self, channel_id: str) -> list[Webhook]:
        return [one for one in self._webhooks.values() if one.channel_id == channel_id]

    def of_guild(self, guild_id: str) -> list[Webhook]:
        return [one for one in self._webhooks.values() if one.guild_id == guild_id]

    def remove(self, webhook_id: str) -> None:
        del self._webhooks[webhook_id]

    def forget_channel(self, channel_id: str) -> None:
        """Remove the webhooks of a deleted channel."""
        for webhook in self.of_channel(channel_id):
            del self._webhooks[webhook.id]

    def keep(self, picture: bytes | None) -> str | None:
        """Store an avatar; returns its hash."""
        if picture is None:
            return None
        name = hashlib.md5(picture, usedforsecurity=False).hexdigest()
        self._pictures[name] = picture
        return name

    def picture(self, name: str) -> bytes | None:
        return self._pictures.get(name)


def webhook_json(webhook: Webhook, application_id: str, *, base: str, private: bool) -> Json:
    """A webhook as its application sees it; `private`: with its creator, for calls with a login."""
    body: Json = {
        "id": webhook.id,
        "type": INCOMING,
        "guild_id": webhook.guild_id,
        "channel_id": webhook.channel_id,
        "name": webhook.name,
        "avatar": webhook.avatar,
        "application_id": application_id,
        "token": webhook.token,
        "url": f"{base}/api/webhooks/{webhook.id}/{webhook.token}",
    }
    return body | ({"user": user_json(webhook.creator)} if private else {})


def author_json(webhook: Webhook, username: str | None, avatar_url: str | None) -> Json:
    """The author of a message: a user with the webhook's id, and the name of this message."""
    avatar = url_hash(avatar_url) if avatar_url else webhook.avatar
    return {
        "id": webhook.id,
        "username": username or webhook.name,
        "avatar": avatar,
        "discriminator": "0000",
        "global_name": None,
        "public_flags": 0,
        "flags": 0,
        "bot": True,
        "primary_guild": None,
    }


def url_hash(url: str) -> str:
    """The hash of the avatar with this address. Nothing is fetched."""
    return hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()


def is_local(url: str) -> bool:
    """Whether the page may show the picture at this address."""
    return urlsplit(url).hostname in LOOPBACK


def picture_of(data_uri: str) -> bytes | None:
    """The picture of a data URI; None for another text."""
    match = DATA_URI.fullmatch(data_uri)
    if match is None:
        return None
    try:
        return base64.b64decode(match[1])
    except binascii.Error:
        return None
