"""Lorebooks as files: world info, standalone lorebooks, and the lorebook of a character card."""

from dataclasses import dataclass
from pathlib import PurePath

from bot.chat.files.fields import Fields
from bot.chat.files.json_input import Json, parsed_object
from bot.chat.files.limits import LOREBOOK_BYTES, check_file_size
from bot.chat.files.lorebook_json import NAME_MAX, lorebook_of
from bot.chat.files.png_text import SIGNATURE
from bot.chat.files.world_info import book_of_world_info, is_world_info
from bot.domain.chat.lorebooks import Lorebook
from bot.errors import CardError
from bot.i18n import _


@dataclass(frozen=True, slots=True)
class ImportedLorebook:
    """A lorebook, and the names of fields that the bot does not use."""

    lorebook: Lorebook
    unused: tuple[str, ...]


def read_lorebook(data: bytes, filename: str = "") -> ImportedLorebook:
    """The lorebook of a JSON file, which is named after the file if it has no name.

    Raises CardError.
    """
    check_file_size(data, LOREBOOK_BYTES)
    if data.startswith((SIGNATURE, b"PK\x03\x04")):
        raise CardError(_("This is no lorebook. Import a character card with `/character import`."))
    read = lorebook_of(_book(parsed_object(data, LOREBOOK_BYTES)), "lorebook")
    if not read.lorebook.entries:
        raise CardError(_("This file contains no entries of a lorebook."))
    name = read.lorebook.name or PurePath(filename).stem[:NAME_MAX]
    return ImportedLorebook(read.lorebook.model_copy(update={"name": name}), read.unused)


def _book(raw: Json) -> Json:
    """The object of the lorebook, wherever it is in the file."""
    inside = Fields(raw).inside("data")
    for holder in (inside, raw):
        if book := Fields(holder).inside("character_book"):
            return book
    for book in (raw, inside):
        if "entries" in book:
            return book_of_world_info(book) if is_world_info(book) else book
    raise CardError(_("This file is no lorebook. Use world info or a lorebook as JSON."))
