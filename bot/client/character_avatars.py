"""Addresses of characters' avatars, which Discord downloads for messages of webhooks.

A bot at home has no public address. So an avatar is stored as an emoji of the application, which is
used nowhere else: its address does not expire, unlike that of an attachment. Its name consists of
the character's id and a hash of the name of the file, so a new avatar has a new emoji.
"""

import asyncio
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable, Collection

import discord

from bot.client.error_messages import TROUBLE
from bot.domain.chat.characters import StoredCharacter
from bot.errors import StoreError
from bot.pictures.thumbnails import Thumbnails

log = logging.getLogger(__name__)
SIDE = 128  # pixels of an emoji
FULL = 30008  # an application has at most 2,000 emojis
DROPPED = 50  # oldest ones that are deleted then
SWEEP_EVERY = 3_600.0  # seconds
_OURS = re.compile(r"avatar_([0-9]+)_([0-9a-f]{10})")


class CharacterAvatars:
    """The emojis of the application, as far as they are avatars."""

    def __init__(self, client: discord.Client, thumbnails: Thumbnails) -> None:
        self._client = client
        self._thumbnails = thumbnails
        self._lock = asyncio.Lock()
        self._known: dict[str, discord.Emoji] | None = None

    async def url_of(self, stored: StoredCharacter) -> str:
        """The address of the avatar; "" without one, or while it cannot be stored."""
        if not stored.avatar:
            return ""
        async with self._lock:
            try:
                return await self._url(stored)
            except TROUBLE as error:
                log.info("an avatar is not shown: %s", error or type(error).__name__)
                return ""

    async def sweep(self, files: Collection[str]) -> None:
        """Delete the avatars whose files are not among those any more."""
        kept = {_hash(file) for file in files}
        async with self._lock:
            gone = [name for name in await self._emojis() if name.rpartition("_")[2] not in kept]
            await self._drop(gone)

    async def run(self, files: Callable[[], Awaitable[Collection[str]]]) -> None:
        """Sweep once an hour. `files`: gives the names of the files of all avatars."""
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            try:
                await self.sweep(await files())
            except (StoreError, *TROUBLE) as error:
                log.info("old avatars are not deleted yet: %s", error or type(error).__name__)

    async def _url(self, stored: StoredCharacter) -> str:
        known, name = await self._emojis(), f"avatar_{stored.id}_{_hash(stored.avatar)}"
        if name not in known:
            picture = await self._thumbnails.of_file(stored.avatar, stored.owner_id, SIDE)
            if picture is None:
                return ""
            await self._drop([each for each in known if each.startswith(f"avatar_{stored.id}_")])
            known[name] = await self._stored(name, picture)
        return known[name].url

    async def _stored(self, name: str, picture: bytes) -> discord.Emoji:
        try:
            return await self._client.create_application_emoji(name=name, image=picture)
        except discord.HTTPException as error:
            if error.code != FULL:
                raise
        known = await self._emojis()
        await self._drop(sorted(known, key=lambda each: known[each].id)[:DROPPED])
        return await self._client.create_application_emoji(name=name, image=picture)

    async def _drop(self, names: Collection[str]) -> None:
        known = await self._emojis()
        for name in names:
            try:
                await known[name].delete()
            except discord.NotFound:
                log.info("an avatar was deleted before")
            del known[name]

    async def _emojis(self) -> dict[str, discord.Emoji]:
        """All avatars, asked for once."""
        if self._known is None:
            found = await self._client.fetch_application_emojis()
            self._known = {each.name: each for each in found if _OURS.fullmatch(each.name)}
        return self._known


def _hash(file: str) -> str:
    return hashlib.sha256(file.encode()).hexdigest()[:10]
