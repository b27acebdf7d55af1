"""PNG: a signature, then chunks of length, type, data and checksum.

Read as browsers do: a chunk beside the pixels with a wrong checksum or length is skipped,
incomplete pixels are used, and the file may end anywhere after its first pixels.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.pictures.formats.facts import PARTS_MAX, ImageFacts, damaged, exif_orientation

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_PIXELS = frozenset({b"PLTE", b"IDAT"})
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
# Chunks that change the display. All others are text, times, EXIF or unknown.
_KEPT = _PIXELS | _ANIMATION | frozenset(b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI".split())
_LENGTHS = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"mDCV": 24, b"cLLI": 8} | {
    b"acTL": 8,
    b"fcTL": 26,
}
_GREY, _RGB, _PALETTE, _GREY_ALPHA, _RGB_ALPHA = 0, 2, 3, 4, 6
_DEPTHS = {_GREY: {1, 2, 4, 8, 16}, _RGB: {8, 16}, _PALETTE: {1, 2, 4, 8}} | {
    _GREY_ALPHA: {8, 16},
    _RGB_ALPHA: {8, 16},
}


@dataclass(frozen=True, slots=True)
class _Chunk:
    name: bytes
    body: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _File:
    """`header`: the body of IHDR. `chunks`: all others except IEND. `ended`: there was an IEND."""

    header: bytes
    chunks: tuple[_Chunk, ...]
    ended: bool


def _read(data: bytes) -> _File:
    """Raises PictureError without pixels."""
    found = list(_chunks(data))
    if not found or found[0].name != b"IHDR" or not found[0].whole or len(found[0].body) != 13:
        raise damaged()
    header = found[0].body
    if header[8] not in _DEPTHS.get(header[9], ()) or header[12] > 1:
        raise damaged()
    # A second header could tell a decoder other sides.
    chunks = tuple(chunk for chunk in found[1:] if chunk.name not in {b"IHDR", b"IEND"})
    if not any(chunk.name == b"IDAT" and chunk.body for chunk in chunks):
        raise damaged()
    return _File(header, chunks, found[-1].name == b"IEND")


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Up to and with IEND, or to the end of the file."""
    start = len(SIGNATURE)
    for _ in range(PARTS_MAX):
        size, name = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8]
        if len(name) < 4 or not name.isalpha():
            return
        body, check = data[start + 8 : start + 8 + size], start + 8 + size
        whole = zlib.crc32(body, zlib.crc32(name)) == int.from_bytes(
            data[check : check + 4], "big"
        ) and check + 4 <= len(data)
        if name == b"IEND":
            yield _Chunk(name, b"")
            return
        if whole or name in _PIXELS or name == b"IHDR":
            yield _Chunk(name, body, whole)
        start = check + 4
    raise damaged()


def read_png(data: bytes) -> ImageFacts:
    """Facts of a PNG. Raises PictureError."""
    file = _read(data)
    names = {chunk.name for chunk in file.chunks if _fits(chunk)}
    depth, colours = file.header[8], file.header[9]
    exif = next((chunk.body for chunk in file.chunks if chunk.name == b"eXIf"), b"")
    return ImageFacts(
        "png",
        int.from_bytes(file.header[:4], "big"),
        int.from_bytes(file.header[4:8], "big"),
        animated=b"acTL" in names,
        has_alpha=colours in {_GREY_ALPHA, _RGB_ALPHA} or b"tRNS" in names,
        orientation=exif_orientation(exif),
        complete=file.ended and all(chunk.whole for chunk in file.chunks),
        plain=depth == 8
        and colours in {_GREY, _RGB, _RGB_ALPHA}
        and not names & {b"tRNS", b"iCCP"},
    )


def strip_png(data: bytes) -> bytes:
    """The same picture without text, times, EXIF and data after its end."""
    file = _read(data)
    return _written(file.header, (c for c in file.chunks if c.name in _KEPT and _fits(c)))


def still_png(data: bytes) -> bytes:
    """The first picture alone, without its metadata, complete enough for a strict decoder."""
    file = _read(data)
    kept = _KEPT - _ANIMATION
    return _written(file.header, (c for c in file.chunks if c.name in kept and _fits(c)))


def _fits(chunk: _Chunk) -> bool:
    """Whether it has the required length of its kind."""
    return len(chunk.body) == _LENGTHS.get(chunk.name, len(chunk.body))


def _written(header: bytes, chunks: Iterable[_Chunk]) -> bytes:
    parts = [SIGNATURE]
    for chunk in (_Chunk(b"IHDR", header), *chunks, _Chunk(b"IEND", b"")):
        check = zlib.crc32(chunk.body, zlib.crc32(chunk.name))
        parts += [len(chunk.body).to_bytes(4, "big"), chunk.name, chunk.body]
        parts.append(check.to_bytes(4, "big"))
    return b"".join(parts)
