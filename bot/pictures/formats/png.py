"""PNG: a signature, then chunks of length, type, data and checksum."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.pictures.formats.facts import PARTS_MAX, ImageFacts, damaged, exif_orientation

SIGNATURE = b"\x89PNG\r\n\x1a\n"

# What makes the picture look as it does. Everything else is text, times, EXIF or unknown.
_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD".split()
)
_ALPHA_TYPES = {4, 6}
_COLOUR_TYPES = {0, 2, 3, 4, 6}


@dataclass(frozen=True, slots=True)
class _Chunk:
    name: bytes
    start: int  # of the length field
    end: int  # behind the checksum


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Up to and with IEND; checksums of what is needed to decode are checked."""
    start = len(SIGNATURE)
    for _ in range(PARTS_MAX):
        size, name = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8]
        end = start + 12 + size
        if end > len(data):
            raise damaged()
        critical = not name[0] & 0x20
        if critical and zlib.crc32(memoryview(data)[start + 4 : end - 4]) != _number(data, end - 4):
            raise damaged()
        yield _Chunk(name, start, end)
        if name == b"IEND":
            return
        start = end
    raise damaged()


def read_png(data: bytes) -> ImageFacts:
    """Facts of a PNG. Raises PictureError."""
    chunks = list(_chunks(data))
    names = {chunk.name for chunk in chunks}
    header = data[16:29]
    if chunks[0].name != b"IHDR" or chunks[0].end != 33 or b"IDAT" not in names:
        raise damaged()
    if header[9] not in _COLOUR_TYPES:
        raise damaged()
    exif = next((data[c.start + 8 : c.end - 4] for c in chunks if c.name == b"eXIf"), b"")
    return ImageFacts(
        "png",
        int.from_bytes(header[:4], "big"),
        int.from_bytes(header[4:8], "big"),
        animated=b"acTL" in names,
        has_alpha=header[9] in _ALPHA_TYPES or b"tRNS" in names,
        orientation=exif_orientation(exif),
    )


def strip_png(data: bytes) -> bytes:
    """The same picture without text, times, EXIF and whatever stands behind its end."""
    kept = [data[c.start : c.end] for c in _chunks(data) if c.name in _KEPT]
    return b"".join([SIGNATURE, *kept])


def _number(data: bytes, start: int) -> int:
    return int.from_bytes(data[start : start + 4], "big")
