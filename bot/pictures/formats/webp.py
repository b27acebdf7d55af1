"""WebP: a RIFF file of chunks. A plain one holds VP8 or VP8L; VP8X announces everything else."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.pictures.formats.facts import PARTS_MAX, ImageFacts, damaged, exif_orientation

_ALPHA, _EXIF, _XMP, _ANIMATION = 0x10, 0x08, 0x04, 0x02  # flags of VP8X
_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})


@dataclass(frozen=True, slots=True)
class _Chunk:
    name: bytes
    body: bytes


def is_webp(data: bytes) -> bool:
    """The first bytes are those of a WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _chunks(data: bytes) -> Iterator[_Chunk]:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise damaged()
    start = 12
    for _ in range(PARTS_MAX):
        if start >= end:
            return
        size = int.from_bytes(data[start + 4 : start + 8], "little")
        if start + 8 + size > end:
            raise damaged()
        yield _Chunk(data[start : start + 4], data[start + 8 : start + 8 + size])
        start += 8 + size + size % 2
    raise damaged()


def read_webp(data: bytes) -> ImageFacts:
    """Facts of a WebP. Raises PictureError."""
    chunks = list(_chunks(data))
    if not chunks:
        raise damaged()
    if chunks[0].name in {b"VP8 ", b"VP8L"}:
        width, height, has_alpha = _bitstream(chunks[0])
        return ImageFacts("webp", width, height, has_alpha=has_alpha)
    if chunks[0].name == b"VP8X" and len(chunks[0].body) >= 10:
        return _extended(chunks)
    raise damaged()


def _extended(chunks: list[_Chunk]) -> ImageFacts:
    flags, canvas = chunks[0].body[0], chunks[0].body
    width, height = _three(canvas, 4) + 1, _three(canvas, 7) + 1
    animated = bool(flags & _ANIMATION)
    frames = [c for c in chunks if c.name == (b"ANMF" if animated else b"VP8 ")]
    if not animated:
        frames += [c for c in chunks if c.name == b"VP8L"]
    if not frames:
        raise damaged()
    for frame in frames:
        _fits(frame, width, height)
    exif = next((c.body for c in chunks if c.name == b"EXIF"), b"")
    return ImageFacts(
        "webp",
        width,
        height,
        animated=animated,
        has_alpha=bool(flags & _ALPHA),
        orientation=exif_orientation(exif),
    )


def _fits(frame: _Chunk, width: int, height: int) -> None:
    """Refuse a frame of another size than its canvas: a decoder takes memory for the frame."""
    body = frame.body
    if frame.name == b"ANMF":
        right = 2 * _three(body, 0) + _three(body, 6) + 1
        lower = 2 * _three(body, 3) + _three(body, 9) + 1
        if len(body) < 24 or right > width or lower > height:
            raise damaged()
    elif _bitstream(frame)[:2] != (width, height):
        raise damaged()


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
    """The same picture without EXIF, XMP and chunks that nobody knows."""
    parts: list[bytes] = []
    for chunk in _chunks(data):
        if chunk.name in _KEPT:
            body = chunk.body
            if chunk.name == b"VP8X":
                body = bytes([body[0] & ~(_EXIF | _XMP)]) + body[1:]
            parts += [chunk.name, len(body).to_bytes(4, "little"), body, b"\x00" * (len(body) % 2)]
    content = b"".join(parts)
    return b"RIFF" + (4 + len(content)).to_bytes(4, "little") + b"WEBP" + content


def _three(data: bytes, start: int) -> int:
    return int.from_bytes(data[start : start + 3], "little")
