from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PictureError
from bot.pictures.formats.mp4 import video_ending

BRAND = b"\x00\x00\x00\x14ftypisom\x00\x00\x02\x00mp41"
FILM, CONTENT = b"\x00\x00\x00\x08moov", b"\x00\x00\x00\x0amdat.."
GOOD = BRAND + FILM + CONTENT


def test_a_video_is_known_by_its_boxes() -> None:
    assert video_ending(GOOD) == "mp4"
    assert video_ending(BRAND + CONTENT + FILM) == "mp4"
    assert video_ending(BRAND + FILM + b"\x00\x00\x00\x00mdat to the end") == "mp4"
    assert video_ending(BRAND + FILM + b"\x00\x00\x00\x01mdat" + (18).to_bytes(8) + b"..") == "mp4"


def test_a_webm_is_known_by_its_type() -> None:
    assert video_ending(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm...") == "webm"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        GOOD[:-1],
        BRAND + FILM,
        BRAND + CONTENT,
        FILM + CONTENT,
        BRAND.replace(b"isom", b"heic").replace(b"mp41", b"mif1") + FILM + CONTENT,
        BRAND + FILM + b"\x00\x00\x00\x07mdat",
        BRAND + FILM + b"\xff\xff\xff\xffmdat",
        BRAND + FILM + b"\x00\x00\x00\x01mdat" + (2**64 - 1).to_bytes(8),
        BRAND + FILM + CONTENT + b"\x00\x00\x00\x08free" * 10_000,
        b"\x1a\x45\xdf\xa3matroska",
    ],
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(PictureError):
        video_ending(data)


@given(st.binary(max_size=200), st.sampled_from([b"", BRAND, BRAND + FILM]))
def test_hostile_files_raise_nothing_else(rest: bytes, start: bytes) -> None:
    with suppress(PictureError):
        assert video_ending(start + rest) in {"mp4", "webm"}
