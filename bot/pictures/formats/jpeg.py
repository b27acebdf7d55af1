"""JPEG: markers with segments; behind each start of scan, compressed data up to the next marker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.pictures.formats.facts import PARTS_MAX, ImageFacts, damaged, exif_orientation

SIGNATURE = b"\xff\xd8\xff"

_SOI, _EOI, _SOS, _COM, _TEM = 0xD8, 0xD9, 0xDA, 0xFE, 0x01
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # not DHT, JPG, DAC
_APPS = range(0xE0, 0xF0)
# Within compressed data FF is followed by 00, by a restart marker or by a fill FF.
_MARKER = re.compile(rb"\xff++[^\x00\xd0-\xd7\xff]")
# Without its fills: else a file of nothing but FF would be looked through from each of them.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass(frozen=True, slots=True)
class _Segment:
    marker: int
    start: int  # of its FF
    body: int  # behind its length
    end: int


def _segments(data: bytes) -> Iterator[_Segment]:
    """Behind SOI, up to and with EOI. A scan's data belongs to its segment."""
    start = 2
    for _ in range(PARTS_MAX):
        found = _MARKER.match(data, start)
        if not found:
            raise damaged()
        segment = _segment(data, found.end() - 2)
        yield segment
        if segment.marker == _EOI:
            return
        start = segment.end
    raise damaged()


def _segment(data: bytes, start: int) -> _Segment:
    marker = data[start + 1]
    if marker in {_EOI, _TEM}:
        return _Segment(marker, start, start + 2, start + 2)
    size = int.from_bytes(data[start + 2 : start + 4], "big")
    end = start + 2 + size
    if size < 2 or end > len(data) or marker == _SOI:
        raise damaged()
    if marker == _SOS:
        following = _NEXT_MARKER.search(data, end)
        if not following:
            raise damaged()
        end = following.start()
    return _Segment(marker, start, start + 4, end)


def read_jpeg(data: bytes) -> ImageFacts:
    """Facts of a JPEG. Raises PictureError."""
    frame, scanned, orientation = b"", False, 1
    for segment in _segments(data):
        if segment.marker in _FRAMES and not frame:
            frame = data[segment.body : segment.end]
        elif segment.marker == _SOS:
            scanned = True
        elif segment.marker == 0xE1 and data.startswith(b"Exif\x00\x00", segment.body):
            orientation = exif_orientation(data[segment.body : segment.end])
    if len(frame) < 6 or not scanned:
        raise damaged()
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    return ImageFacts("jpeg", width, height, orientation=orientation)


def strip_jpeg(data: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC, comments, thumbnails, appended files."""
    kept = [data[s.start : s.end] for s in _segments(data) if _is_kept(data, s)]
    return b"".join([data[:2], *kept])


def _is_kept(data: bytes, segment: _Segment) -> bool:
    if segment.marker == _COM:
        return False
    if segment.marker not in _APPS:
        return True
    return (
        (segment.marker == 0xE0 and data.startswith(b"JFIF\x00", segment.body))
        or (segment.marker == 0xE2 and data.startswith(b"ICC_PROFILE\x00", segment.body))
        or (segment.marker == 0xEE and data.startswith(b"Adobe", segment.body))  # colour transform
    )
