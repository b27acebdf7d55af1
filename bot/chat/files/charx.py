"""CHARX: a zip file with `card.json` and the files that it names. Nothing is written to a disk."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import cast

from bot.chat.files.json_input import Json, parsed_object
from bot.chat.files.limits import CARD_BYTES, TEXT_BYTES
from bot.errors import CardError
from bot.i18n import _

CARD = "card.json"
FILES_MAX = 2_000
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others need much memory
_PREFIXES = ("embeded://", "embedded://")  # the specification has the first spelling
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,  # encrypted, or a method that is not implemented
    ValueError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class CharxContent:
    """`others`: the number of files besides the card and its avatar."""

    card: Json
    avatar: bytes | None
    others: int


def is_zip(data: bytes) -> bool:
    """Whether the bytes are a zip file, also one that is appended to a JPEG."""
    return data.startswith(b"PK\x03\x04") or (
        data.startswith(b"\xff\xd8") and zipfile.is_zipfile(io.BytesIO(data))
    )


def read_charx(data: bytes) -> CharxContent:
    """The card and the avatar of a CHARX file. Raises CardError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _content(archive)
    except _FAULTS:
        raise CardError(_("This CHARX file is damaged. Export it again.")) from None


def _content(archive: zipfile.ZipFile) -> CharxContent:
    files = {file.filename: file for file in archive.infolist() if not file.is_dir()}
    if len(files) > FILES_MAX:
        raise CardError(_("This CHARX file contains too many files."))
    if CARD not in files:
        text = _("This zip file is no character card: it has no file `card.json`.")
        raise CardError(text)
    card = parsed_object(_bytes_of(archive, files[CARD], TEXT_BYTES))
    name = next((name for name in icon_names(card) if name in files), "")
    avatar = _bytes_of(archive, files[name], CARD_BYTES) if name else None
    return CharxContent(card, avatar, len(files) - 1 - bool(name))


def _bytes_of(archive: zipfile.ZipFile, file: zipfile.ZipInfo, most: int) -> bytes:
    """At most `most` bytes, whatever the file says about its size. Raises CardError for more."""
    if file.compress_type not in _METHODS:
        raise CardError(_("This CHARX file is compressed in an unknown way. Export it again."))
    with archive.open(file) as content:
        found = content.read(most + 1)
    if len(found) > most:
        raise CardError(_("A file in this CHARX file is too large when it is unpacked."))
    return found


def icon_names(card: Json) -> list[str]:
    """The names of files that may be the avatar: the icon "main" first."""
    return [
        uri[len(prefix) :] for uri in icons(card) for prefix in _PREFIXES if uri.startswith(prefix)
    ]


def icons(card: Json) -> list[str]:
    """The addresses of the icons among the assets of a card, "main" first."""
    data = card.get("data")
    assets = cast("Json", data).get("assets") if isinstance(data, dict) else None
    found = cast("list[object]", assets) if isinstance(assets, list) else []
    wanted = [cast("Json", one) for one in found if isinstance(one, dict)]
    wanted = [asset for asset in wanted if asset.get("type") == "icon"]
    wanted.sort(key=lambda asset: asset.get("name") != "main")
    return [uri for asset in wanted if isinstance(uri := asset.get("uri"), str)]
