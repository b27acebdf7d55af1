"""GIF: a screen, then extensions and pictures, each in sub-blocks of up to 255 bytes.

Read as browsers do: bytes between blocks and frames without an area are skipped, and the file may
end anywhere after the first bytes of its first frame.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import PictureError
from bot.i18n import _
from bot.pictures.formats.facts import PARTS_MAX, PIXELS_MAX, TOO_MANY_PIXELS, ImageFacts, damaged

SIGNATURES = (b"GIF87a", b"GIF89a")

BLOCKS_MAX = 12 * PARTS_MAX  # 40 MB are 160,000 blocks, each a length and its bytes

_PICTURE, _EXTENSION, _TRAILER, _CONTROL, _APPLICATION = 0x2C, 0x21, 0x3B, 0xF9, 0xFF
_BLOCK = re.compile(rb"[,!;]")
_LOOPS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")  # extensions with the number of repetitions


class _CutOff(Exception):
    """The file ends within a block."""


@dataclass(frozen=True, slots=True)
class _Block:
    """An extension or a frame; `label` is 0 for a frame. `place`: left, top, width, height."""

    label: int
    data: bytes
    first: bytes
    place: tuple[int, int, int, int] = (0, 0, 0, 0)
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _File:
    """`head`: the signature, the screen and its colours. `ended`: there was a trailer."""

    head: bytes
    blocks: tuple[_Block, ...]
    ended: bool

    @property
    def frames(self) -> list[_Block]:
        """Frames with an area."""
        return [block for block in self.blocks if not block.label]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 6
        self._parts = 0

    def count(self) -> None:
        """One more part. Raises PictureError for a file that has too many."""
        self._parts += 1
        if self._parts > BLOCKS_MAX:
            raise damaged()

    def take(self, count: int) -> bytes:
        self.count()
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise _CutOff
        self.at += count
        return taken

    def table(self, flags: int) -> None:
        """A colour table, if the flags announce one."""
        if flags & 0x80:
            self.take(3 << ((flags & 7) + 1))

    def sub_blocks(self) -> bytes:
        """Skip them all. Returns the first with its length."""
        start = self.at
        while size := self.take(1)[0]:
            self.take(size)
        return self.data[start : start + 1 + self.data[start]]

    def next_kind(self) -> int:
        """The kind of the next block; the trailer's at the end of the file too."""
        self.count()
        found = _BLOCK.search(self.data, self.at)
        if not found:
            raise _CutOff
        self.at = found.end()
        return found[0][0]


def _read(data: bytes) -> _File:
    """Raises PictureError without a frame."""
    reader, blocks, ended = _Reader(data), list[_Block](), False
    head = b""
    try:
        reader.table(reader.take(7)[4])
        head = data[: reader.at]
        for block in _blocks(reader):
            if block.label or all(block.place[2:]):
                blocks.append(block)
        ended = True
    except _CutOff:
        pass  # the part before is used
    file = _File(head, tuple(blocks), ended)
    if not file.frames:
        raise damaged()
    return file


def _blocks(reader: _Reader) -> Iterator[_Block]:
    while (kind := reader.next_kind()) != _TRAILER:
        yield _extension(reader) if kind == _EXTENSION else _frame(reader)


def _extension(reader: _Reader) -> _Block:
    start = reader.at - 1
    label = reader.take(1)[0]
    first = reader.sub_blocks()
    return _Block(label or 1, reader.data[start : reader.at], first)


def _frame(reader: _Reader) -> _Block:
    start = reader.at - 1
    place = reader.take(9)
    reader.table(place[8])
    reader.take(1)  # the code size
    pixels, whole = reader.at, True
    try:
        reader.sub_blocks()
        end = reader.data[start : reader.at]
    except _CutOff:
        end, whole = _closed(reader.data, start, pixels), False
        reader.at = len(reader.data)
    sides = (_short(place, 0), _short(place, 2), _short(place, 4), _short(place, 6))
    if sides[2] * sides[3] > PIXELS_MAX:
        raise PictureError(_(TOO_MANY_PIXELS).format(width=sides[2], height=sides[3]))
    return _Block(0, end, b"", sides, whole)


def _closed(data: bytes, start: int, pixels: int) -> bytes:
    """A frame that the file's end cuts off, with its last sub-block shortened and closed."""
    at = pixels
    while at < len(data) and at + 1 + data[at] <= len(data):
        at += 1 + data[at]
    rest = data[at + 1 :]
    last = bytes([len(rest)]) + rest if rest else b""
    if at == pixels and not rest:
        raise _CutOff
    return data[start:at] + last + b"\x00"


def read_gif(data: bytes) -> ImageFacts:
    """Facts of a GIF; its screen is at least as large as its first frame. Raises PictureError."""
    file = _read(data)
    left, top, wide, high = file.frames[0].place
    controls = (b.first for b in file.blocks if b.label == _CONTROL)
    return ImageFacts(
        "gif",
        max(_short(file.head, 6), left + wide),
        max(_short(file.head, 8), top + high),
        animated=len(file.frames) > 1,
        has_alpha=any(len(first) > 1 and first[1] & 1 for first in controls),
        complete=file.ended and all(frame.whole for frame in file.frames),
        plain=False,
    )


def strip_gif(data: bytes) -> bytes:
    """The same picture without comments, XMP and data after its end."""
    file = _read(data)
    return b"".join([file.head, *(b.data for b in file.blocks if _is_kept(b)), b";"])


def still_gif(data: bytes) -> bytes:
    """The first frame alone, complete enough for a strict decoder."""
    file = _read(data)
    first = file.blocks.index(file.frames[0])
    before = [b.data for b in file.blocks[:first] if b.label == _CONTROL][-1:]
    return b"".join([file.head, *before, file.frames[0].data, b";"])


def _is_kept(block: _Block) -> bool:
    return block.label in {0, _CONTROL} or (
        block.label == _APPLICATION and block.first.startswith(_LOOPS)
    )


def _short(data: bytes, start: int) -> int:
    return int.from_bytes(data[start : start + 2], "little")
