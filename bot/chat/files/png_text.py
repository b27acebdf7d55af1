"""Text chunks of a PNG: finds those that contain a character card, and writes them.

Chunks are also read after the pixels, with a wrong checksum and as tEXt, zTXt or iTXt, because
editors write all of these. The pixels are not checked here.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.chat.files.limits import TEXT_BYTES
from bot.errors import CardError
from bot.i18n import _

SIGNATURE = b"\x89PNG\r\n\x1a\n"
V2_KEYWORD, V3_KEYWORD = "chara", "ccv3"
CHUNKS_MAX = 30_000  # real files stay far below
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_ENCODED_MAX = TEXT_BYTES * 3 // 2  # bytes of base64 with its line breaks
_BLANKS = re.compile(rb"\s+")


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    body: bytes


def card_texts(data: bytes) -> list[tuple[str, bytes]]:
    """Keyword and JSON of each card in a PNG: version 3 before 2, and the last written first.

    Raises CardError for a compressed text that is damaged or too large.
    """
    found = [text for chunk in _chunks(data) if (text := _card_text(chunk))]
    found.reverse()
    return sorted(found, key=lambda text: text[0] != V3_KEYWORD)


def with_card_texts(data: bytes, texts: dict[str, bytes]) -> bytes:
    """The PNG with these JSON texts before its pixels and without the cards that it had."""
    kept = [chunk for chunk in _chunks(data) if _keyword(chunk) not in {V2_KEYWORD, V3_KEYWORD}]
    if not kept or kept[0].kind != b"IHDR":
        raise CardError(_("This image is not a PNG, so it cannot contain a character card."))
    written = [
        _Chunk(b"tEXt", keyword.encode() + b"\0" + base64.b64encode(text))
        for keyword, text in texts.items()
    ]
    chunks = [kept[0], *written, *kept[1:], _Chunk(b"IEND", b"")]
    return SIGNATURE + b"".join(_packed(chunk) for chunk in chunks)


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """All chunks except IEND; what follows IEND is read too."""
    start = len(SIGNATURE)
    for _number in range(CHUNKS_MAX):
        size, kind = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8]
        if len(kind) < 4 or not kind.isalpha():
            return
        if kind != b"IEND":
            yield _Chunk(kind, data[start + 8 : start + 8 + size])
        start += 12 + size
    raise CardError(_("This image has too many parts. Export the card again."))


def _packed(chunk: _Chunk) -> bytes:
    check = zlib.crc32(chunk.body, zlib.crc32(chunk.kind))
    size = len(chunk.body).to_bytes(4, "big")
    return size + chunk.kind + chunk.body + check.to_bytes(4, "big")


def _keyword(chunk: _Chunk) -> str:
    if chunk.kind not in _TEXTS:
        return ""
    return chunk.body[:80].partition(b"\0")[0].decode("latin-1").lower()


def _card_text(chunk: _Chunk) -> tuple[str, bytes] | None:
    keyword = _keyword(chunk)
    if keyword not in {V2_KEYWORD, V3_KEYWORD}:
        return None
    return keyword, _json_of(_content(chunk))


def _content(chunk: _Chunk) -> bytes:
    """The text of a chunk, decompressed."""
    text = chunk.body.partition(b"\0")[2]
    if chunk.kind == b"zTXt":
        return _decompressed(text[1:])
    if chunk.kind == b"iTXt":
        compressed, text = text[:1] == b"\1", text[2:]
        text = text.partition(b"\0")[2].partition(b"\0")[2]  # language and translated keyword
        return _decompressed(text) if compressed else text
    return text


def _decompressed(data: bytes) -> bytes:
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(data, _ENCODED_MAX)
    except zlib.error:
        return b""  # it is reported as a card that cannot be read
    if reader.unconsumed_tail:
        raise CardError(_("The text of the card in this image is larger than 5 MB."))
    return text


def _json_of(text: bytes) -> bytes:
    """The JSON in base64, with or without line breaks and padding, or as it is."""
    packed = _BLANKS.sub(b"", text).rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error:
        return text
