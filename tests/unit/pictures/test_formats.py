"""Containers: facts and stripping without decoding, for true pictures and for any bytes."""

import io
import struct
import time
import zlib
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from bot.errors import PictureError
from bot.pictures import ImageFacts, inspect, strip
from tests.support.builders import encoded

SECRET_METADATA = b"a-secret-in-the-metadata"
ICC = b"a colour profile, kept as it is " * 20
SECRET_XMP = b"<x:xmpmeta>" + SECRET_METADATA + b"</x:xmpmeta>"


def secret_exif(orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = SECRET_METADATA.decode()  # ImageDescription
    return tags.tobytes()


def drawing(mode: str = "RGB", size: tuple[int, int] = (37, 21)) -> Image.Image:
    picture = Image.new("RGBA", size, (200, 30, 60, 255 if mode == "RGB" else 90))
    ImageDraw.Draw(picture).line((0, 0, *size), fill=(10, 250, 90, 255), width=3)
    return picture.convert(mode)


def text_chunks() -> PngInfo:
    info = PngInfo()
    info.add_text("prompt", SECRET_METADATA.decode())
    info.add_text("zip", SECRET_METADATA.decode(), zip=True)
    info.add_itxt("note", SECRET_METADATA.decode())
    return info


frames = [drawing(), drawing().rotate(90), drawing().rotate(180)]
many = {"save_all": True, "append_images": frames[1:], "duration": 40}

FILES_WITH_FACTS: dict[str, tuple[bytes, ImageFacts]] = {
    "webp": (encoded(drawing(), "WEBP"), ImageFacts("webp", 37, 21)),
    "webp lossless": (encoded(drawing(), "WEBP", lossless=True), ImageFacts("webp", 37, 21)),
    "webp alpha": (encoded(drawing("RGBA"), "WEBP"), ImageFacts("webp", 37, 21, has_alpha=True)),
    "webp lossless alpha": (
        encoded(drawing("RGBA"), "WEBP", lossless=True),
        ImageFacts("webp", 37, 21, has_alpha=True),
    ),
    "webp everything": (
        encoded(drawing("RGBA"), "WEBP", exif=secret_exif(6), xmp=SECRET_XMP, icc_profile=ICC),
        ImageFacts("webp", 37, 21, has_alpha=True, orientation=6, plain=False),
    ),
    "webp animated": (
        encoded(frames[0], "WEBP", exif=secret_exif(), **many),
        ImageFacts("webp", 37, 21, animated=True),
    ),
    "png": (encoded(drawing(), "PNG"), ImageFacts("png", 37, 21)),
    "png alpha": (encoded(drawing("RGBA"), "PNG"), ImageFacts("png", 37, 21, has_alpha=True)),
    "png palette": (
        encoded(drawing().convert("P"), "PNG", transparency=0),
        ImageFacts("png", 37, 21, has_alpha=True, plain=False),
    ),
    "png everything": (
        encoded(drawing(), "PNG", pnginfo=text_chunks(), exif=secret_exif(3), icc_profile=ICC),
        ImageFacts("png", 37, 21, orientation=3, plain=False),
    ),
    "png animated": (encoded(frames[0], "PNG", **many), ImageFacts("png", 37, 21, animated=True)),
    "jpeg": (encoded(drawing(), "JPEG"), ImageFacts("jpeg", 37, 21)),
    "jpeg progressive": (
        encoded(drawing(size=(300, 200)), "JPEG", progressive=True, restart_marker_blocks=4),
        ImageFacts("jpeg", 300, 200),
    ),
    "jpeg grey": (encoded(drawing("L"), "JPEG"), ImageFacts("jpeg", 37, 21)),
    "jpeg cmyk": (
        encoded(drawing().convert("CMYK"), "JPEG"),
        ImageFacts("jpeg", 37, 21, plain=False),
    ),
    "jpeg everything": (
        encoded(
            drawing(),
            "JPEG",
            exif=secret_exif(8),
            xmp=SECRET_XMP,
            comment=SECRET_METADATA,
            icc_profile=ICC,
            dpi=(9, 9),
        )
        + SECRET_METADATA,
        ImageFacts("jpeg", 37, 21, orientation=8, plain=False),
    ),
    "gif": (encoded(drawing(), "GIF"), ImageFacts("gif", 37, 21, plain=False)),
    # Pillow leaves out what did not change, by transparency.
    "gif animated": (
        encoded(frames[0], "GIF", **many),
        ImageFacts("gif", 37, 21, animated=True, has_alpha=True, plain=False),
    ),
    "gif transparent": (
        encoded(drawing().quantize(4), "GIF", transparency=0),
        ImageFacts("gif", 37, 21, has_alpha=True, plain=False),
    ),
}
each = pytest.mark.parametrize("name", FILES_WITH_FACTS)


def pixels(data: bytes) -> list[tuple[str, bytes]]:
    with Image.open(io.BytesIO(data)) as picture:
        shown: list[tuple[str, bytes]] = []
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            shown.append((picture.mode, picture.tobytes()))
        return shown


def result(verb: Callable[[bytes], object], data: bytes) -> object:
    """What the verb gives, or its PictureError; anything else it raises fails the test."""
    try:
        return verb(data)
    except PictureError as error:
        return error


@each
def test_facts(name: str) -> None:
    data, facts = FILES_WITH_FACTS[name]
    assert inspect(data) == facts


@each
def test_stripped_pictures_have_the_same_pixels_and_no_metadata(name: str) -> None:
    data, facts = FILES_WITH_FACTS[name]
    stripped = strip(data)
    assert pixels(stripped) == pixels(data)
    assert SECRET_METADATA not in stripped
    after = inspect(stripped)
    assert (after.format, after.width, after.height) == (facts.format, 37, 21) or "prog" in name
    assert (after.animated, after.has_alpha) == (facts.animated, facts.has_alpha)
    with Image.open(io.BytesIO(stripped)) as picture:
        assert not picture.getexif() or facts.format == "gif"
        assert ("icc_profile" in picture.info) == ("everything" in name)


@each
def test_stripping_twice_is_stripping_once(name: str) -> None:
    stripped = strip(FILES_WITH_FACTS[name][0])
    assert strip(stripped) == stripped


@each
def test_the_metadata_was_there_before(name: str) -> None:
    if "everything" in name:
        assert SECRET_METADATA in FILES_WITH_FACTS[name][0]


@each
def test_a_cut_off_picture_is_refused_or_known_as_one(name: str) -> None:
    data = FILES_WITH_FACTS[name][0].removesuffix(SECRET_METADATA)
    for end in {len(data) - 4, len(data) // 2, 40, 20, 13, 5, 0}:
        found = result(inspect, data[:end])
        if isinstance(found, ImageFacts):
            assert not found.complete or end > len(data) // 2
    assert isinstance(result(inspect, data[:13]), PictureError)


@pytest.mark.parametrize(
    "data", [b"", b"<html/>", b"BM" + b"\0" * 60, b"\0" * 1000, b"RIFF\xff\xff\xff\xffWAVEfmt "]
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(PictureError, match="not an image"):
        inspect(data)


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    end = chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + end


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def vp8l(width: int, height: int) -> bytes:
    return b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + b"\0" * 8


def test_bombs_are_refused_unopened() -> None:
    for data in (png_header(30_000, 30_000), riff((b"VP8L", vp8l(16_384, 16_384)))):
        with pytest.raises(PictureError, match="64 megapixels"):
            inspect(data)
    assert inspect(png_header(8_000, 8_000)).width == 8_000


def test_a_webp_canvas_cannot_hide_a_larger_frame() -> None:
    canvas = b"\0\0\0\0" + b"\x0f\0\0" + b"\x0f\0\0"
    assert inspect(riff((b"VP8X", canvas), (b"VP8L", vp8l(16, 16)))).width == 16
    frame = bytes(6) + b"\xff\xff\0" * 2 + bytes(12)
    for data in (
        riff((b"VP8X", canvas), (b"VP8L", vp8l(9_000, 9_000))),
        riff((b"VP8X", b"\x02" + canvas[1:]), (b"ANMF", frame)),
    ):
        with pytest.raises(PictureError, match="damaged"):
            inspect(data)


def test_no_size_and_too_many_bytes() -> None:
    with pytest.raises(PictureError, match="damaged"):
        inspect(png_header(0, 5))
    with pytest.raises(PictureError, match="40 MB"):
        inspect(FILES_WITH_FACTS["png"][0] + bytes(40_000_000))


def test_a_damaged_png_is_noticed_by_its_checksum() -> None:
    data = bytearray(encoded(drawing("RGB", (200, 200)), "PNG"))
    data[80] ^= 0xFF
    assert not inspect(bytes(data)).complete
    data[20] ^= 0xFF  # in the header
    with pytest.raises(PictureError, match="damaged"):
        inspect(bytes(data))


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff" * 30_000_000,
        b"\xff\xd8\xff" + b"\xfe\x00\x02\xff" * 8_000_000,
        b"\xff\xd8\xff\xda\x00\x02" + b"\xff\x00" * 15_000_000,
        b"\x89PNG\r\n\x1a\n" + (b"\0\0\0\0abcd" + bytes(4)) * 3_000_000,
        b"RIFF" + struct.pack("<I", 24_000_004) + b"WEBP" + b"abcd\0\0\0\0" * 3_000_000,
        b"GIF89a" + bytes(7) + b"!\xfe" + b"\x01a" * 15_000_000,
        b"GIF89a" + bytes(7) + (b"," + bytes(11)) * 3_000_000,
    ],
    ids=["jpeg fill", "jpeg segments", "jpeg scan", "png", "webp", "gif sub-blocks", "gif frames"],
)
def test_hostile_files_take_little_time(data: bytes) -> None:
    start = time.process_time()
    assert isinstance(result(strip, data), PictureError)
    assert time.process_time() - start < 2


def test_metadata_that_points_anywhere_does_not_matter() -> None:
    for block in (b"II*\0\xff\xff\xff\xff", b"MM\0*", b"II*\0\x08\0\0\0\xff\xff", b""):
        data = encoded(drawing(), "JPEG", exif=b"Exif\0\0" + block)
        assert inspect(data).orientation == 1


starts = st.sampled_from(
    [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\x20\0\0\0WEBP"]
)


@given(starts, st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_a_picture_or_an_error(start: bytes, rest: bytes) -> None:
    assert isinstance(result(inspect, start + rest), ImageFacts | PictureError)
    assert isinstance(result(strip, start + rest), bytes | PictureError)


@given(
    st.sampled_from(sorted(FILES_WITH_FACTS)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=0, max_size=5)), min_size=1, max_size=4),
    st.floats(0.5, 1),
)
@settings(deadline=None, max_examples=400)
@example("webp everything", [(0.0, b"RIFF")], 1.0)
def test_mutated_pictures_are_a_picture_or_an_error(
    name: str, changes: list[tuple[float, bytes]], keep: float
) -> None:
    data = bytearray(FILES_WITH_FACTS[name][0])
    for place, content in changes:
        start = int(place * len(data))
        data[start : start + len(content)] = content
    mutated = bytes(data[: int(keep * len(data))])
    stripped = result(strip, mutated)
    assert isinstance(stripped, bytes | PictureError)
    if isinstance(stripped, bytes):
        before, after = inspect(mutated), inspect(stripped)
        assert (before.format, before.width, before.height) == (
            after.format,
            after.width,
            after.height,
        )
