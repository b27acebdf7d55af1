"""WebP: a RIFF file of chunks. A plain one contains VP8 or VP8L; VP8X announces all others.

The length of the whole file is ignored, because readers use that of the chunks. Missing pixels at
the end are filled with zeros: a decoder accepts no incomplete frame.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.pictures.formats.facts import PARTS_MAX, ImageFacts, damaged, exif_orientation

_ALPHA, _EXIF, _XMP, _ANIMATION = 0x10, 0x08, 0x04, 0x02  # flags of VP8X
_STILL = (b"VP8 ", b"VP8L")
_PIXELS = frozenset({*_STILL, b"ALPH", b"ANMF"})
_KEPT = _PIXELS | {b"VP8X", b"ANIM", b"ICCP"}
_START_MIN = 32  # bytes of a frame that a decoder needs at least
_FILL_MAX = 4 * 1024 * 1024  # zeros added at most


@dataclass(frozen=True, slots=True)
class _Chunk:
    name: bytes
    body: bytes
    whole: bool = True


def is_webp(data: bytes) -> bool:
    """Whether the first bytes are those of a WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _read(data: bytes) -> list[_Chunk]:
    """The displayed chunks: of a still picture the first one, of an animation all frames.

    Raises PictureError without any.
    """
    chunks = list(_chunks(data))
    if not chunks:
        raise damaged()
    if chunks[0].name in _STILL:
        return chunks[:1]
    if chunks[0].name != b"VP8X" or len(chunks[0].body) < 10:
        raise damaged()
    moves = bool(chunks[0].body[0] & _ANIMATION)
    found: dict[bytes, _Chunk] = {}
    frames = [c for c in chunks if moves and c.name == b"ANMF"]
    for chunk in chunks[1:]:
        if chunk.name not in {b"ANMF", b"VP8X"} and not (moves and chunk.name in _PIXELS):
            found.setdefault(b"VP8 " if chunk.name == b"VP8L" else chunk.name, chunk)
    if not frames and b"VP8 " not in found:
        raise damaged()
    complete = [frame for frame in frames if frame.whole]
    return [chunks[0], *found.values(), *(complete or frames[:1])]


def _chunks(data: bytes) -> Iterator[_Chunk]:
    told = 8 + int.from_bytes(data[4:8], "little")
    end = min(told, len(data)) if told > 20 else len(data)
    start = 12
    for _ in range(PARTS_MAX):
        name, size = data[start : start + 4], int.from_bytes(data[start + 4 : start + 8], "little")
        if start >= end or len(data) < start + 8 or not name.isascii():
            return
        body = data[start + 8 : start + 8 + size]
        missing = size - len(body)
        if not missing:
            yield _Chunk(name, body)
        elif name in _PIXELS and len(body) >= _START_MIN:
            yield _Chunk(name, body + bytes(min(missing, _FILL_MAX)), whole=False)
        start += 8 + size + size % 2
    raise damaged()


def read_webp(data: bytes) -> ImageFacts:
    """Facts of a WebP. Raises PictureError."""
    chunks = _read(data)
    if chunks[0].name in _STILL:
        width, height, has_alpha = _bitstream(chunks[0])
        whole = chunks[0].whole and _is_whole(data)
        return ImageFacts("webp", width, height, has_alpha=has_alpha, complete=whole)
    return _extended(chunks, whole=_is_whole(data))


def _extended(chunks: list[_Chunk], *, whole: bool) -> ImageFacts:
    flags, canvas = chunks[0].body[0], chunks[0].body
    width, height = _three(canvas, 4) + 1, _three(canvas, 7) + 1
    for frame in chunks:
        if frame.name in {b"ANMF", *_STILL}:
            _check_sides(frame, width, height)
    exif = next((c.body for c in chunks if c.name == b"EXIF"), b"")
    return ImageFacts(
        "webp",
        width,
        height,
        animated=bool(flags & _ANIMATION),
        has_alpha=bool(flags & _ALPHA),
        orientation=exif_orientation(exif),
        complete=whole and all(chunk.whole for chunk in chunks),
        plain=all(chunk.name != b"ICCP" for chunk in chunks),
    )


def _check_sides(frame: _Chunk, width: int, height: int) -> None:
    """Refuse a frame of another size than its canvas: a decoder allocates memory for the frame."""
    body = frame.body
    if frame.name == b"ANMF":
        right = 2 * _three(body, 0) + _three(body, 6) + 1
        lower = 2 * _three(body, 3) + _three(body, 9) + 1
        if len(body) < 24 or right > width or lower > height:
            raise damaged()
    elif _bitstream(frame)[:2] != (width, height):
        raise damaged()


def _is_whole(data: bytes) -> bool:
    """Complete, except a last byte that fills it up to an even length."""
    return 8 + int.from_bytes(data[4:8], "little") <= len(data) + 1


def _bitstream(chunk: _Chunk) -> tuple[int, int, bool]:
    """Width, height, alpha from the first bytes of a VP8 key frame or a VP8L stream."""
    body = chunk.body
    if chunk.name == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        sides = int.from_bytes(body[6:10], "little")
        return sides & 0x3FFF, sides >> 16 & 0x3FFF, False
    if chunk.name == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    raise damaged()


def strip_webp(data: bytes) -> bytes:
    """The same picture without EXIF, XMP and unknown chunks."""
    return _written(_read(data))


def still_webp(data: bytes) -> bytes:
    """The first picture alone, without its metadata, complete enough for a strict decoder."""
    chunks = _read(data)
    later = [chunk for chunk in chunks if chunk.name == b"ANMF"][1:]
    return _written(chunk for chunk in chunks if chunk not in later)


def _written(chunks: Iterable[_Chunk]) -> bytes:
    parts: list[bytes] = []
    for chunk in chunks:
        if chunk.name in _KEPT:
            body = chunk.body
            if chunk.name == b"VP8X":
                body = bytes([body[0] & ~(_EXIF | _XMP)]) + body[1:]
            parts += [chunk.name, len(body).to_bytes(4, "little"), body, b"\x00" * (len(body) % 2)]
    content = b"".join(parts)
    return b"RIFF" + (4 + len(content)).to_bytes(4, "little") + b"WEBP" + content


def _three(data: bytes, start: int) -> int:
    return int.from_bytes(data[start : start + 3], "little")
