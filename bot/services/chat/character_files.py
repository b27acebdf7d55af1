"""Characters and lorebooks as uploaded and downloaded files, and the files of avatars."""

import asyncio
import logging
import re
import secrets
from dataclasses import dataclass
from typing import Literal

from cachetools import LRUCache

from bot.chat.files import (
    CARD_BYTES,
    LOREBOOK_BYTES,
    card_json,
    card_png,
    lorebook_json,
    read_card,
    read_lorebook,
    world_info_json,
)
from bot.domain.chat.characters import Character, StoredCharacter, StoredLorebook
from bot.errors import BackendDown, BadOption, CardError, PictureError, SpoolError, UserError
from bot.http.discord_files import DiscordFiles
from bot.i18n import N_, _
from bot.i18n.formats import number
from bot.pictures import Converter
from bot.rules.character_checks import is_adult
from bot.services.chat.characters import Characters
from bot.services.chat.lorebooks import Lorebooks
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)

CardForm = Literal["png", "png v2", "json"]
BookForm = Literal["SillyTavern", "lorebook"]
MEGABYTE = 1024 * 1024
IMAGE_BYTES = 25 * MEGABYTE  # of an uploaded avatar
SIDE = 512  # pixels of a stored avatar; Discord shows at most 128
THUMBNAIL_SIDE, THUMBNAILS = 160, 500
UNREAD = N_("The file could not be read from Discord. Try again.")
_STRANGE = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that a member uploaded to Discord. `size`: bytes, as Discord says."""

    url: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True)
class ImportedCharacter:
    """A stored character, and the names of the fields of its card that the bot does not use."""

    stored: StoredCharacter
    unused: tuple[str, ...]
    format: str


class CharacterFiles:
    """Imports and exports characters and lorebooks. Every refusal is a UserError."""

    def __init__(
        self,
        *,
        characters: Characters,
        lorebooks: Lorebooks,
        discord: DiscordFiles,
        spool: ResultFiles,
        converter: Converter,
    ) -> None:
        self._characters = characters
        self._lorebooks = lorebooks
        self._discord = discord
        self._spool = spool
        self._converter = converter
        self._thumbnails: LRUCache[str, bytes] = LRUCache(THUMBNAILS)

    async def import_card(
        self, user_id: int, file: UploadedFile, *, adult: bool = False
    ) -> ImportedCharacter:
        """Store the character of a card. Its image becomes the avatar if it is usable.

        Raises UserError.
        """
        data = await self._fetched(file, CARD_BYTES)
        card = await asyncio.to_thread(read_card, data, file.filename)
        avatar, unused = "", card.unused
        if card.avatar:
            try:
                avatar = await self._put_avatar(user_id, card.avatar)
            except BadOption:
                unused = (*unused, _("the image"))
        adult = adult or await asyncio.to_thread(is_adult, card.character)
        stored = await self._create(user_id, card.character, avatar, adult=adult)
        return ImportedCharacter(stored, unused, card.format)

    async def create(
        self, user_id: int, character: Character, *, adult: bool = False
    ) -> StoredCharacter:
        """Store a new character without an avatar. Raises UserError."""
        return await self._create(user_id, character, "", adult=adult or is_adult(character))

    async def _create(
        self, user_id: int, character: Character, avatar: str, *, adult: bool
    ) -> StoredCharacter:
        try:
            return await self._characters.create(user_id, character, avatar=avatar, adult=adult)
        except UserError:
            await self._drop(avatar)
            raise

    async def put_avatar(self, user_id: int, character_id: int, file: UploadedFile) -> None:
        """Replace the avatar of an own character by an uploaded image. Raises UserError."""
        before = await self._characters.own(user_id, character_id)
        avatar = await self._put_avatar(user_id, await self._fetched(file, IMAGE_BYTES))
        await self._characters.put_avatar(user_id, character_id, avatar)
        await self._drop(before.avatar)

    async def delete(self, user_id: int, character_id: int) -> StoredCharacter:
        """Delete an own character with its avatar. Raises UserError."""
        gone = await self._characters.delete(user_id, character_id)
        await self._drop(gone.avatar)
        return gone

    async def export_card(self, stored: StoredCharacter, form: CardForm) -> tuple[str, bytes]:
        """The name and the bytes of a character as a file. Raises UserError."""
        character, name = stored.character, _file_name(stored.character.name)
        if form == "json":
            return f"{name}.json", await asyncio.to_thread(card_json, character)
        avatar = await self.avatar(stored)
        version = 2 if form == "png v2" else 3
        return f"{name}.png", await asyncio.to_thread(card_png, character, avatar, version)

    async def avatar(self, stored: StoredCharacter) -> bytes | None:
        """The avatar as a PNG; None without one."""
        if not stored.avatar:
            return None
        try:
            return await self._spool.get(stored.avatar)
        except SpoolError as error:
            log.warning("the avatar of character %d cannot be read: %s", stored.id, error)
            return None

    async def thumbnail(self, stored: StoredCharacter) -> bytes | None:
        """A small WebP of the avatar; None without one."""
        if (made := self._thumbnails.get(stored.avatar)) is not None:
            return made
        if (data := await self.avatar(stored)) is None:
            return None
        try:
            converter = self._converter.of(stored.owner_id)
            made = await converter.as_source(data, max_side=THUMBNAIL_SIDE)
        except PictureError:
            return None
        self._thumbnails[stored.avatar] = made
        return made

    async def import_lorebook(
        self, user_id: int, file: UploadedFile
    ) -> tuple[StoredLorebook, tuple[str, ...]]:
        """Store the lorebook of a file. Returns it, and the names of fields that are not used.

        Raises UserError.
        """
        data = await self._fetched(file, LOREBOOK_BYTES)
        read = await asyncio.to_thread(read_lorebook, data, file.filename)
        return await self._lorebooks.create(user_id, read.lorebook), read.unused

    async def export_lorebook(self, stored: StoredLorebook, form: BookForm) -> tuple[str, bytes]:
        """The name and the bytes of a lorebook as a file."""
        write = world_info_json if form == "SillyTavern" else lorebook_json
        data = await asyncio.to_thread(write, stored.lorebook)
        return f"{_file_name(stored.lorebook.name)}.json", data

    async def _put_avatar(self, user_id: int, data: bytes) -> str:
        """The name of the file of an image, which is checked and made smaller. Raises BadOption."""
        name = f"avatar-{secrets.token_hex(12)}.png"
        try:
            converter = self._converter.of(user_id)
            image = await converter.as_source(data, max_side=SIDE, lossless=True)
            await self._spool.put(name, image)
        except (PictureError, SpoolError) as error:
            raise BadOption(str(error)) from None
        return name

    async def _drop(self, avatar: str) -> None:
        if avatar:
            self._thumbnails.pop(avatar, None)
            await self._spool.drop([avatar])

    async def _fetched(self, file: UploadedFile, most: int) -> bytes:
        """The bytes of an upload of at most `most`. Raises UserError."""
        if file.size > most:
            raise _too_large(most)
        try:
            reply = await self._discord.fetch(file.url, most)
        except BackendDown:
            raise UserError(_(UNREAD)) from None
        if reply.status != 200:
            raise UserError(_(UNREAD))
        if reply.raw is None:
            raise _too_large(most)
        return reply.raw


def _too_large(most: int) -> CardError:
    text = _("The file is larger than {limit} MB. Choose a smaller one.")
    return CardError(text.format(limit=number(most // MEGABYTE)))


def _file_name(name: str) -> str:
    """A name for the file of a character, with letters and digits of any language."""
    return _STRANGE.sub("_", name).strip("_")[:60] or "character"
