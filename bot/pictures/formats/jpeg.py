"""JPEG: markers with segments; after each start of scan, compressed data up to the next marker.

Read as browsers do: bytes between segments are skipped, and the file may end anywhere within its
compressed data.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.pictures.formats.facts import PARTS_MAX, ImageFacts, damaged, exif_orientation

SIGNATURE = b"\xff\xd8\xff"

_SOI, _EOI, _SOS, _COM, _TEM = 0xD8, 0xD9, 0xDA, 0xFE, 0x01
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # not DHT, JPG, DAC
_APPS = range(0xE0, 0xF0)
_EXIF, _PROFILE = b"Exif\x00\x00", b"ICC_PROFILE\x00"
_END = b"\xff\xd9"
# Within compressed data FF is followed by 00, by a restart marker or by a fill FF. Fills are not
# part of the match: else a file of nothing but FF would be searched from each of them.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass(frozen=True, slots=True)
class _Segment:
    marker: int
    start: int  # position of its FF
    body: int  # position after its length
    end: int


@dataclass(frozen=True, slots=True)
class _File:
    """`segments`: one frame and at least one scan. `ended`: there was an end mark."""

    segments: tuple[_Segment, ...]
    ended: bool


def _read(data: bytes) -> _File:
    """Raises PictureError without pixels."""
    segments: list[_Segment] = []
    framed, ended = False, False
    for segment in _segments(data):
        if segment.marker == _EOI:
            ended = True
        elif segment.marker not in _FRAMES:
            segments.append(segment)
        elif not framed:  # a second one could tell a decoder other sides
            framed = True
            segments.append(segment)
    scans = (s for s in segments if s.marker == _SOS)
    if not framed or not any(s.end > _scan_start(data, s) for s in scans):
        raise damaged()
    return _File(tuple(segments), ended)


def _segments(data: bytes) -> Iterator[_Segment]:
    """After SOI, up to and with EOI, or to the end of the file. A scan's data belongs to it."""
    start = 2
    for _ in range(PARTS_MAX):
        found = _MARKER.search(data, start)
        segment = _segment(data, found.start()) if found else None
        if segment is None:
            return
        yield segment
        if segment.marker == _EOI:
            return
        start = segment.end
    raise damaged()


def _segment(data: bytes, start: int) -> _Segment | None:
    marker = data[start + 1]
    if marker in {_EOI, _TEM}:
        return _Segment(marker, start, start + 2, start + 2)
    size = int.from_bytes(data[start + 2 : start + 4], "big")
    end = start + 2 + size
    if size < 2 or end > len(data) or marker == _SOI:
        return None
    if marker == _SOS:
        following = _MARKER.search(data, end)
        end = following.start() if following else len(data)
    return _Segment(marker, start, start + 4, end)


def _scan_start(data: bytes, segment: _Segment) -> int:
    return segment.start + 2 + int.from_bytes(data[segment.start + 2 : segment.start + 4], "big")


def read_jpeg(data: bytes) -> ImageFacts:
    """Facts of a JPEG. Raises PictureError."""
    file = _read(data)
    frame = next(data[s.body : s.end] for s in file.segments if s.marker in _FRAMES)
    if len(frame) < 6:
        raise damaged()
    exif = (s for s in file.segments if s.marker == 0xE1 and data.startswith(_EXIF, s.body))
    profiles = (s for s in file.segments if s.marker == 0xE2 and data.startswith(_PROFILE, s.body))
    first = next(exif, None)
    return ImageFacts(
        "jpeg",
        int.from_bytes(frame[3:5], "big"),
        int.from_bytes(frame[1:3], "big"),
        orientation=exif_orientation(data[first.body : first.end]) if first else 1,
        complete=file.ended,
        plain=frame[0] == 8 and frame[5] in {1, 3} and next(profiles, None) is None,
    )


def strip_jpeg(data: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC, comments, thumbnails, appended files."""
    segments = _read(data).segments
    kept = [data[s.start : s.end] for s in segments if _is_kept(data, s)]
    return b"".join([data[:2], *kept, _END])


def _is_kept(data: bytes, segment: _Segment) -> bool:
    if segment.marker == _COM:
        return False
    if segment.marker not in _APPS:
        return True
    return (
        (segment.marker == 0xE0 and data.startswith(b"JFIF\x00", segment.body))
        or (segment.marker == 0xE2 and data.startswith(_PROFILE, segment.body))
        or (segment.marker == 0xEE and data.startswith(b"Adobe", segment.body))  # colour transform
    )
