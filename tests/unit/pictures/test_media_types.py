"""What Discord says about a file, which may be missing or oddly written."""

import re

import pytest

from bot.pictures.media_types import refusal


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (None, "photo"),
        ("", "photo.png"),
        ("application/octet-stream", "photo"),
        ("text/plain", "photo.PNG"),
        ("IMAGE/JPG ; x=y", "photo"),
        ("image/x-png", "a"),
        ("image/apng", "a"),
        ("image/avif", "a"),
        ("image/bmp", "a"),
        ("image/something-new", "a"),
    ],
)
def test_a_file_that_may_be_a_picture_is_not_refused(kind: str | None, name: str) -> None:
    assert not refusal(kind, name)


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("image/heic", "photo", "HEIC .* PNG or JPEG"),
        (None, "photo.HEIF", "HEIC .* PNG or JPEG"),
        ("application/octet-stream", "photo.jxl", "JPEG XL .* PNG or JPEG"),
        ("image/tiff", "scan.tif", "TIFF"),
        ("image/svg+xml", "drawing.svg", "SVG .* PNG"),
        ("image/x-icon", "a.ico", "ICO"),
        ("image/jp2", "a", "JPEG 2000"),
        ("video/mp4", "film.mp4", "PNG, JPEG"),
        ("text/plain; charset=utf-8", "notes.txt", "PNG, JPEG"),
        ("application/pdf", "a.pdf", "PNG, JPEG"),
    ],
)
def test_another_file_is_refused_with_what_to_do(kind: str | None, name: str, words: str) -> None:
    assert re.search(words, refusal(kind, name))
