"""Reads a character card from a PNG, a JSON or a CHARX file, whatever the name of the file is."""

import base64
import binascii
from dataclasses import dataclass

from bot.chat.files.card_json import CardFormat, card_fields
from bot.chat.files.charx import icons, is_zip, read_charx
from bot.chat.files.json_input import Json, decoded_text, parsed_object
from bot.chat.files.limits import CARD_BYTES, check_file_size
from bot.chat.files.png_text import SIGNATURE, card_texts
from bot.domain.chat.characters import Character
from bot.errors import CardError
from bot.i18n import _, ngettext

_OTHER_IMAGES = {b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"BM": "BMP"}
_DATA_URI = "data:image/"


@dataclass(frozen=True, slots=True)
class ImportedCard:
    """A character, and the image of its card as it was in the file, not checked yet.

    `unused`: names of fields, or of other contents, that the bot does not use.
    """

    character: Character
    avatar: bytes | None
    unused: tuple[str, ...]
    format: CardFormat


def read_card(data: bytes, filename: str = "") -> ImportedCard:
    """The character of a file. Raises CardError.

    `filename`: its ending decides only what a message says about a file that is no card.
    """
    check_file_size(data, CARD_BYTES)
    if data.startswith(SIGNATURE):
        return _of_png(data)
    if is_zip(data):
        content = read_charx(data)
        return _imported(content.card, content.avatar, _others(content.others))
    if name := _image_name(data):
        raise CardError(_lost(name, filename))
    if not decoded_text(data[:1_000]).lstrip().startswith("{"):
        raise CardError(_("This file is no character card. Use a PNG, JSON or CHARX file."))
    card = parsed_object(data)
    return _imported(card, _embedded(card), ())


def _imported(card: Json, avatar: bytes | None, others: tuple[str, ...]) -> ImportedCard:
    read = card_fields(card)
    return ImportedCard(read.character, avatar, (*read.unused, *others), read.format)


def _of_png(data: bytes) -> ImportedCard:
    """The first of its cards that can be read; else the fault of the first one."""
    fault = CardError(
        _(
            "This image contains no character card. Use the original file; copies and screenshots "
            "lose the card."
        )
    )
    texts = card_texts(data)
    for number, (_keyword, text) in enumerate(texts):
        try:
            return _imported(parsed_object(text), data, ())
        except CardError as error:
            fault = fault if number else _in_image(error, text)
    raise fault


def _in_image(error: CardError, text: bytes) -> CardError:
    """A text that is no JSON at all was damaged on its way."""
    if decoded_text(text[:1_000]).lstrip().startswith("{"):
        return error
    return CardError(_("The character card in this image is damaged. Export it again."))


def _others(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    text = ngettext("{count} other file", "{count} other files", count)
    return (text.format(count=count),)


def _embedded(card: Json) -> bytes | None:
    """The image in the text of a card; None without one. Nothing is ever downloaded."""
    old = card.get("avatar")
    for uri in (*icons(card), *([old] if isinstance(old, str) else ())):
        if uri.startswith(_DATA_URI) and ";base64," in uri[:100]:
            try:
                return base64.b64decode(uri.partition(",")[2], validate=False)
            except binascii.Error:
                return None
    return None


def _image_name(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return "AVIF"
    return next((name for start, name in _OTHER_IMAGES.items() if data.startswith(start)), "")


def _lost(name: str, filename: str) -> str:
    if filename.lower().endswith(".png"):
        text = _(
            "This file is a {format} image that was renamed to PNG, and its card is lost. Use the "
            "original file."
        )
    else:
        text = _("A {format} image contains no character card. Use the original PNG file.")
    return text.format(format=name)
