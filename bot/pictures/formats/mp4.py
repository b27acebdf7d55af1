"""Checks that a file is an MP4 or WebM video by its structure. Nothing is decoded."""

import mmap
import os
from typing import BinaryIO

from bot.errors import PictureError
from bot.i18n import _

HEAD = 8  # bytes of the size and the type of a box
BOXES_MAX = 10_000  # top-level boxes; fragmented videos have two for each fragment
BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1"})
WEBM = b"\x1a\x45\xdf\xa3"
DOC_TYPE = b"\x42\x82\x84webm"  # the element DocType of its head
HEAD_MAX = 256  # bytes in which a WebM file names its type
ENDINGS = frozenset({".mp4", ".webm"})
Content = bytes | mmap.mmap


def ending_of_file(file: BinaryIO) -> str:
    """The same as `video_ending` for an open file, of which only parts are read."""
    file.flush()
    if not os.fstat(file.fileno()).st_size:
        raise _unusable()
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return video_ending(content)


def video_ending(data: Content) -> str:
    """Its file ending: mp4 or webm.

    Raises PictureError for any other file, and for one that is cut off.
    """
    if data[: len(WEBM)] == WEBM and DOC_TYPE in data[:HEAD_MAX]:
        return "webm"
    _check_boxes(data)
    return "mp4"


def _check_boxes(data: Content) -> None:
    """The boxes follow each other to the end, and a film and its content are among them."""
    found: set[bytes] = set()
    at = count = 0
    while at < len(data):
        kind, size = _box(data, at)
        if not at and not (kind == b"ftyp" and size >= 16 and _has_brand(data[HEAD:size])):
            raise _unusable()
        found.add(kind)
        at, count = at + size, count + 1
        if count > BOXES_MAX:
            raise _unusable()
    if not {b"moov", b"mdat"} <= found:
        raise _unusable()


def _box(data: Content, at: int) -> tuple[bytes, int]:
    """The type and the size of the box there, which lies within the file."""
    size, kind, head = int.from_bytes(data[at : at + 4]), data[at + 4 : at + HEAD], HEAD
    if size == 1:  # the size has 64 bits and follows the type
        size, head = int.from_bytes(data[at + HEAD : at + 2 * HEAD]), 2 * HEAD
    elif size == 0:  # to the end of the file
        size = len(data) - at
    if size < head or at + size > len(data):
        raise _unusable()
    return kind, size


def _has_brand(box: bytes) -> bool:
    brands = {box[:4], *(box[at : at + 4] for at in range(8, min(len(box), 256), 4))}
    return bool(brands & BRANDS)


def _unusable() -> PictureError:
    return PictureError(_("This is no video, or it is damaged or cut off."))
