"""Emojis of the application, which apps upload for their own messages."""

import re
from typing import Any

from aiohttp import web

from sandbox.discord.objects.application_emojis import StoredEmoji
from sandbox.discord.objects.json_objects import user_json
from sandbox.discord.objects.webhooks import picture_of
from sandbox.discord.rest.bodies import json_response, no_content, read_object
from sandbox.discord.rest.errors import refuse, wrong_field
from sandbox.discord.state import Discord

MOST = 2000
BYTES_MAX = 256 * 1024
NAME = re.compile(r"[A-Za-z0-9_]{2,32}")


class EmojiEndpoints:
    """The emojis by id. CdnEndpoints serves their pictures."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._emojis = discord.emojis

    def routes(self) -> list[web.RouteDef]:
        path = "/applications/{application}/emojis"
        return [
            web.get(path, self.all),
            web.post(path, self.create),
            web.delete(path + "/{emoji}", self.delete),
        ]

    async def all(self, _: web.Request) -> web.Response:
        return json_response({"items": [self._json(each) for each in self._emojis.values()]})

    async def create(self, request: web.Request) -> web.Response:
        body = (await read_object(request, self._discord.settings.upload_limit)).json
        name, picture = str(body.get("name", "")), picture_of(str(body.get("image", "")))
        if NAME.fullmatch(name) is None:
            wrong_field(("name",), "STRING_TYPE_REGEX", "String value did not match the pattern.")
        if picture is None or len(picture) > BYTES_MAX:
            wrong_field(("image",), "IMAGE_INVALID", "Invalid image")
        if len(self._emojis) >= MOST:
            refuse(30008)
        emoji = StoredEmoji(self._discord.entities.ids.next(), name, picture)
        self._emojis[emoji.id] = emoji
        return json_response(self._json(emoji), 201)

    async def delete(self, request: web.Request) -> web.Response:
        if self._emojis.pop(request.match_info["emoji"], None) is None:
            refuse(10014)
        return no_content()

    def _json(self, emoji: StoredEmoji) -> dict[str, Any]:
        return {
            "id": emoji.id,
            "name": emoji.name,
            "roles": [],
            "user": user_json(self._discord.entities.bot),
            "require_colons": True,
            "managed": False,
            "animated": False,
            "available": True,
        }
