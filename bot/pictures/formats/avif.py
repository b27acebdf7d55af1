"""AVIF: boxes of a length and a type, some with boxes inside. Only the sides are read."""

from collections.abc import Iterator

from bot.pictures.formats.facts import PARTS_MAX, ImageFacts, damaged

BRANDS = (b"avif", b"avis")
_MOVING = b"avis"
# Boxes that contain the properties of pictures, and how many bytes come before their inner boxes.
_HOLDERS = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0, b"mdia": 0} | {
    b"minf": 0,
    b"stbl": 0,
    b"stsd": 8,
}
_DEPTH_MAX = 8
# EXIF's orientation by the mirror that follows the quarter turns to the left: none (-1), top and
# bottom swapped (0) or left and right (1); then by the number of these turns.
_TURNED = {-1: (1, 8, 3, 6), 0: (4, 5, 2, 7), 1: (2, 7, 4, 5)}


def brands_of(data: bytes) -> list[bytes]:
    """The major and the compatible brands of an ISO media file; [] for another file."""
    size = int.from_bytes(data[:4], "big")
    if data[4:8] != b"ftyp" or not 16 <= size <= 1024:
        return []
    return [data[8:12], *(data[at : at + 4] for at in range(16, min(size, len(data)) - 3, 4))]


def is_avif(data: bytes) -> bool:
    """Whether the first bytes are those of an AVIF."""
    return any(brand in BRANDS for brand in brands_of(data))


def read_avif(data: bytes) -> ImageFacts:
    """Facts of an AVIF; its largest sides. Raises PictureError."""
    sides: list[tuple[int, int]] = []
    turn, mirror = 0, -1
    for name, body in _boxes(data, 0, len(data), 0):
        if name == b"ispe" and len(body) >= 12:
            sides.append((_number(body[4:8]), _number(body[8:12])))
        elif name == b"av01" and len(body) >= 28:  # of a track: 24 bytes come before its sides
            sides.append((_number(body[24:26]), _number(body[26:28])))
        elif name == b"irot" and body:
            turn = body[0] & 3
        elif name == b"imir" and body:
            mirror = body[0] & 1
    if not sides:
        raise damaged()
    width, height = max(sides, key=lambda each: each[0] * each[1])
    return ImageFacts(
        "avif",
        width,
        height,
        animated=data[8:12] == _MOVING,
        has_alpha=b"auxC" in data[: 64 * 1024],
        orientation=_TURNED[mirror][turn],
        plain=False,
    )


def _boxes(data: bytes, start: int, end: int, depth: int) -> Iterator[tuple[bytes, bytes]]:
    """The small boxes, and those inside holders. Raises PictureError for too many."""
    for _ in range(PARTS_MAX):
        size, name, body = _number(data[start : start + 4]), data[start + 4 : start + 8], start + 8
        if size == 1:
            size, body = _number(data[start + 8 : start + 16]), start + 16
        elif size == 0:
            size = end - start
        stop = min(start + size, end)
        if len(name) < 4 or size < body - start or start >= end:
            return
        if name in _HOLDERS and depth < _DEPTH_MAX:
            yield from _boxes(data, body + _HOLDERS[name], stop, depth + 1)
        else:
            yield name, data[body : min(stop, body + 64)]
        start = stop
    raise damaged()


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
