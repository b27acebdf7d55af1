"""GIF: a screen, then extensions and pictures, each in sub-blocks of up to 255 bytes."""

from bot.pictures.formats.facts import PARTS_MAX, ImageFacts, damaged

SIGNATURES = (b"GIF87a", b"GIF89a")

BLOCKS_MAX = 12 * PARTS_MAX  # 40 MB are 160,000 blocks, each a length and its bytes

_PICTURE, _EXTENSION, _TRAILER, _CONTROL = 0x2C, 0x21, 0x3B, 0xF9


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 6
        self._parts = 0

    def take(self, count: int) -> bytes:
        self._parts += 1
        taken = self._data[self._at : self._at + count]
        if len(taken) < count or self._parts > BLOCKS_MAX:
            raise damaged()
        self._at += count
        return taken

    def table(self, flags: int) -> None:
        """A colour table, where the flags say that there is one."""
        if flags & 0x80:
            self.take(3 << ((flags & 7) + 1))

    def sub_blocks(self) -> bytes:
        """Pass them all; gives the first."""
        first = block = self.take(self.take(1)[0])
        while block:
            block = self.take(self.take(1)[0])
        return first or b"\x00"


def read_gif(data: bytes) -> ImageFacts:
    """Facts of a GIF; sides cover every frame. Raises PictureError."""
    reader = _Reader(data)
    screen = reader.take(7)
    width, height = _short(screen, 0), _short(screen, 2)
    reader.table(screen[4])
    frames, has_alpha = 0, False
    while (block := reader.take(1)[0]) != _TRAILER:
        if block == _EXTENSION:
            label = reader.take(1)[0]
            first = reader.sub_blocks()
            has_alpha |= label == _CONTROL and bool(first[0] & 1)
        elif block == _PICTURE:
            place = reader.take(9)
            width = max(width, _short(place, 0) + _short(place, 4))
            height = max(height, _short(place, 2) + _short(place, 6))
            reader.table(place[8])
            reader.take(1)  # the code size
            reader.sub_blocks()
            frames += 1
        else:
            raise damaged()
    if not frames:
        raise damaged()
    return ImageFacts("gif", width, height, animated=frames > 1, has_alpha=has_alpha)


def _short(data: bytes, start: int) -> int:
    return int.from_bytes(data[start : start + 2], "little")
