"""BMP: a file header, then a picture header of one of several lengths."""

from bot.pictures.formats.facts import ImageFacts, damaged

SIGNATURE = b"BM"
_OLD = 12  # bytes of OS/2's header, whose sides are short
_HEADERS = frozenset({_OLD, 40, 52, 56, 64, 108, 124})
_DEPTHS = frozenset({1, 4, 8, 16, 24, 32})


def is_bmp(data: bytes) -> bool:
    """Whether the first bytes are those of a BMP: text may begin with its two letters too."""
    return data.startswith(SIGNATURE) and _number(data, 14, 4) in _HEADERS


def read_bmp(data: bytes) -> ImageFacts:
    """Facts of a BMP. Raises PictureError."""
    size = _number(data, 14, 4)
    if len(data) < 14 + size:
        raise damaged()
    if size == _OLD:
        width, height, depth = _number(data, 18, 2), _number(data, 20, 2), _number(data, 24, 2)
    else:
        width = _number(data, 18, 4)
        height = abs(int.from_bytes(data[22:26], "little", signed=True))  # negative: top first
        depth = _number(data, 28, 2)
    if depth not in _DEPTHS:
        raise damaged()
    return ImageFacts("bmp", width, height, has_alpha=depth == 32, plain=False)


def _number(data: bytes, start: int, size: int) -> int:
    return int.from_bytes(data[start : start + size], "little")
