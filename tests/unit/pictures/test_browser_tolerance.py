"""Files that browsers show although a strict reader refuses them: the right pixels come out."""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from bot.errors import PictureError
from bot.pictures import Converter, ImageFacts, inspect, strip
from bot.pictures.formats.inspect import still
from tests.support.builders import encoded
from tests.support.pictures import BLUE, RED, colour_at, halves, is_near, opened, png_chunk

SIZE = (64, 48)
PNG_START = b"\x89PNG\r\n\x1a\n"


def noise_image(size: tuple[int, int] = (256, 256)) -> Image.Image:
    grey = Image.effect_noise(size, 90)
    return Image.merge("RGB", (grey, grey.rotate(90), grey.rotate(180)))


def is_halves(picture: Image.Image) -> bool:
    middle = picture.height // 2
    left, right = colour_at(picture, 4, middle), colour_at(picture, picture.width - 5, middle)
    return is_near(left, RED) and is_near(right, BLUE)


# PNG


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = 8
    while start < len(data):
        size = int.from_bytes(data[start : start + 4], "big")
        yield data[start + 4 : start + 8], data[start + 8 : start + 8 + size]
        start += 12 + size


def png_of(*parts: bytes) -> bytes:
    return PNG_START + b"".join(parts)


def with_chunk(data: bytes, added: bytes) -> bytes:
    """A PNG with that behind its header."""
    return data[:33] + added + data[33:]


PLAIN_PNG = encoded(halves(), "PNG")
ANCILLARY = (
    *(b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"pHYs", b"gAMA", b"cHRM", b"sRGB", b"iCCP"),
    *(b"cICP", b"sBIT", b"bKGD", b"hIST", b"tRNS", b"sPLT", b"acTL", b"fcTL", b"abCd"),
)
MENDED: dict[str, bytes] = {
    **{
        f"PNG, {name.decode()} with a bad checksum": with_chunk(
            PLAIN_PNG, png_chunk(name, b"\x00" * 9, 0)
        )
        for name in ANCILLARY
    },
    **{
        f"PNG, {name.decode()} of a wrong length": with_chunk(PLAIN_PNG, png_chunk(name, b"\x00"))
        for name in (b"gAMA", b"cHRM", b"pHYs", b"tIME", b"acTL", b"fcTL", b"cICP")
    },
    "PNG without an end": PLAIN_PNG[:-12],
    "PNG cut off within its end": PLAIN_PNG[:-5],
    "PNG with an appended file": PLAIN_PNG + b"PK\x03\x04" * 20,
    "PNG with a bad checksum of its pixels": re.sub(
        rb"(IDAT.*)....(....IEND)", rb"\1abcd\2", PLAIN_PNG, flags=re.DOTALL
    ),
    "PNG with 2 MB of packed text": with_chunk(
        PLAIN_PNG, png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2_000_000)))
    ),
    "PNG with a profile that is none": with_chunk(
        PLAIN_PNG, png_chunk(b"iCCP", b"p\0\0" + zlib.compress(b"no profile"))
    ),
    "PNG with a profile that is not packed": with_chunk(PLAIN_PNG, png_chunk(b"iCCP", b"p\0\0abc")),
    "PNG with a profile of 20 MB": with_chunk(
        PLAIN_PNG, png_chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(20_000_000)))
    ),
    "GIF without a trailer": encoded(halves(), "GIF")[:-1],
    "GIF with NUL before its trailer": encoded(halves(), "GIF")[:-1] + b"\0\0;",
    "GIF that ends in NUL without a trailer": encoded(halves(), "GIF")[:-1] + bytes(5),
    "GIF with an appended file": encoded(halves(), "GIF") + b"PK\x03\x04" * 20,
    "GIF without a screen": encoded(halves(), "GIF")[:6] + bytes(4) + encoded(halves(), "GIF")[10:],
    "GIF with a comment cut off": encoded(halves(), "GIF")[:-1] + b"!\xfe\xffabc",
    "JPEG without an end": encoded(halves(), "JPEG")[:-2],
    "JPEG with half an end": encoded(halves(), "JPEG")[:-1],
    "JPEG that ends in NUL": encoded(halves(), "JPEG")[:-2] + bytes(14),
    "JPEG with NUL behind its end": encoded(halves(), "JPEG") + bytes(14),
    "JPEG with NUL between segments": re.sub(
        rb"\xff(\xdb|\xc4|\xc0|\xda)(?=\x00)", b"\0\0\xff\\1", encoded(halves(), "JPEG")
    ),
    "JPEG with fill bytes": re.sub(
        rb"\xff(\xdb|\xc4|\xc0|\xda)(?=\x00)", b"\xff\xff\xff\\1", encoded(halves(), "JPEG")
    ),
    "JPEG, progressive, without an end": encoded(halves(), "JPEG", progressive=True)[:-2],
    "JPEG with a profile that is none": encoded(halves(), "JPEG", icc_profile=b"none" * 50),
    "JPEG with a large EXIF block": encoded(halves(), "JPEG", exif=b"Exif\0\0" + bytes(60_000)),
    "WebP whose length is too large": b"RIFF\xff\xff\0\0" + encoded(halves(), "WEBP")[8:],
    "WebP whose length is too small": b"RIFF\x20\0\0\0" + encoded(halves(), "WEBP")[8:],
    "WebP without a length": b"RIFF\0\0\0\0" + encoded(halves(), "WEBP")[8:],
    "WebP with appended bytes": encoded(halves(), "WEBP") + b"PK\x03\x04" * 20,
    "WebP, lossless, whose length is too large": b"RIFF\xff\xff\0\0"
    + encoded(halves(), "WEBP", lossless=True)[8:],
    "WebP with a profile that is none": encoded(halves(), "WEBP", icc_profile=b"none" * 50),
    "BMP": encoded(halves(), "BMP"),
    "BMP of a palette": encoded(halves().quantize(4), "BMP"),
    "AVIF": encoded(halves(), "AVIF"),
}


@pytest.mark.parametrize("name", MENDED)
async def test_what_browsers_show_is_used(converter: Converter, name: str) -> None:
    data = MENDED[name]
    facts = inspect(data)
    assert (facts.width, facts.height) == SIZE
    picture = opened(await converter.as_source(data))
    assert (picture.format, picture.mode, picture.size) == ("WEBP", "RGB", SIZE)
    assert is_halves(picture)


@pytest.mark.parametrize("name", [name for name in MENDED if name[:3] not in {"AVI", "BMP"}])
def test_what_was_mended_is_whole_for_strict_readers(name: str) -> None:
    for verb in (strip, still):
        mended = verb(MENDED[name])
        assert inspect(mended).complete
        assert b"PK\x03\x04" not in mended
        if "profile of 20 MB" not in name:
            assert is_halves(opened(mended))


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 95}),
        ("JPEG", {"progressive": True}),
        ("GIF", {"interlace": 0}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"quality": 80}),
    ],
)
@pytest.mark.parametrize("share", [0.5, 0.95])
async def test_of_a_cut_off_picture_what_is_there_is_used(
    converter: Converter, form: str, options: dict[str, Any], share: float
) -> None:
    picture = noise_image()
    picture.paste(RED, (0, 0, 256, 60))
    data = encoded(picture, form, **options)
    cut = data[: int(share * len(data))]
    assert not inspect(cut).complete
    found = opened(await converter.as_source(cut))
    assert found.size == (256, 256)
    assert is_near(colour_at(found.crop((0, 0, 256, 56)).reduce((256, 56)), 0, 0), RED, 40)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_that_ends_before_its_pixels_is_refused(form: str) -> None:
    data = encoded(halves(), form)
    for end in range(12, 30):
        with pytest.raises(PictureError):
            inspect(data[:end])


async def test_of_broken_pixels_the_ones_before_are_used(converter: Converter) -> None:
    data = bytearray(encoded(noise_image(), "PNG"))
    middle = len(data) // 2
    data[middle : middle + 20] = bytes(20)
    before = opened(encoded(noise_image(), "PNG")).size
    assert opened(await converter.as_source(bytes(data))).size == before


# Depths and modes


def raw_png(size: tuple[int, int], depth: int, kind: int, rows: bytes, *between: bytes) -> bytes:
    """A PNG of these samples, each row without its filter."""
    row = len(rows) // size[1]
    lines = b"".join(b"\0" + rows[at : at + row] for at in range(0, len(rows), row))
    head = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + bytes([depth, kind, 0, 0, 0])
    pixels = png_chunk(b"IDAT", zlib.compress(lines))
    return png_of(png_chunk(b"IHDR", head), *between, pixels, png_chunk(b"IEND", b""))


def two(left: bytes, right: bytes) -> bytes:
    """Samples of 64 x 48 points, one half of each row each."""
    return (left * 32 + right * 32) * 48


def short(*levels: int) -> bytes:
    return b"".join(level.to_bytes(2, "big") for level in levels)


GREY_KEYS = {
    1: (b"\x00" * 4 + b"\xff" * 4, 0),
    2: (b"\x55" * 8 + b"\xff" * 8, 1),
    4: (b"\x44" * 16 + b"\xff" * 16, 4),
    8: (b"\x44" * 32 + b"\xff" * 32, 0x44),
    16: (short(0x4411) * 32 + short(0x4412) * 32, 0x4411),
}


@pytest.mark.parametrize("depth", GREY_KEYS)
async def test_grey_of_any_depth_with_a_transparent_level(converter: Converter, depth: int) -> None:
    row, key = GREY_KEYS[depth]
    data = raw_png(SIZE, depth, 0, row * 48, png_chunk(b"tRNS", short(key)))
    found = opened(await converter.as_source(data, lossless=True))
    assert found.mode == "RGBA"
    assert [found.getchannel("A").getpixel((x, 20)) for x in (5, 60)] == [0, 255]


@pytest.mark.parametrize("depth", GREY_KEYS)
async def test_grey_of_any_depth(converter: Converter, depth: int) -> None:
    data = raw_png(SIZE, depth, 0, GREY_KEYS[depth][0] * 48)
    found = opened(await converter.as_source(data, lossless=True))
    dark = {1: 0, 2: 0x55}.get(depth, 0x44)
    light = 0x44 if depth == 16 else 255
    assert found.mode == "RGB"
    assert [colour_at(found, 5, 20), colour_at(found, 60, 20)] == [(dark,) * 3, (light,) * 3]


async def test_colours_of_sixteen_bits_with_a_transparent_one(converter: Converter) -> None:
    red, blue = short(0xD01C, 0x1C1C, 0x1616), short(0x1717, 0x3D3D, 0xD1D1)
    key = png_chunk(b"tRNS", short(0x1717, 0x3D3D, 0xD1D1))
    found = opened(await converter.as_source(raw_png(SIZE, 16, 2, two(red, blue), key)))
    assert is_near(colour_at(found, 5, 20), RED)
    assert [found.getchannel("A").getpixel((x, 20)) for x in (5, 60)] == [255, 0]


async def test_sixteen_bits_with_alpha(converter: Converter) -> None:
    data = raw_png(SIZE, 16, 6, two(short(0xD01C, 0x1C00, 0x1600, 0xFFFF), short(0, 0, 0, 0)))
    found = opened(await converter.as_source(data))
    assert is_near(colour_at(found, 5, 20), RED)
    assert [found.getchannel("A").getpixel((x, 20)) for x in (5, 60)] == [255, 0]


@pytest.mark.parametrize("mode", ["LA", "PA", "P", "L", "1", "CMYK", "RGBA", "I;16"])
async def test_modes_become_eight_bits_of_rgb(converter: Converter, mode: str) -> None:
    picture = Image.new("L", SIZE, 0)
    picture.paste(255, (32, 0, 64, 48))
    form = "JPEG" if mode == "CMYK" else "PNG"
    if mode == "PA":
        data = encoded(picture.convert("RGB").quantize(2), "PNG", transparency=0)
    elif mode == "I;16":
        grey = Image.new("I;16", SIZE, 0)
        grey.paste(65535, (32, 0, 64, 48))
        data = encoded(grey, "PNG")
    else:
        data = encoded(picture.convert("RGB").convert(mode) if mode != "LA" else
                     picture.convert("LA"), form)  # fmt: skip
    found = opened(await converter.as_source(data, lossless=True))
    assert found.mode in {"RGB", "RGBA"}
    assert is_near(colour_at(found, 60, 20), (255, 255, 255), 4)
    assert is_near(colour_at(found, 5, 20), (0, 0, 0), 4)


async def test_a_print_of_adobe_is_not_a_negative(converter: Converter) -> None:
    data = encoded(halves().convert("CMYK"), "JPEG", quality=95)
    assert b"Adobe" in data
    assert is_halves(opened(await converter.as_source(data)))
    assert not inspect(data).plain


def profile(space: Literal["LAB", "sRGB"]) -> bytes:
    made = ImageCms.createProfile(space)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - its type is unknown
    return ImageCms.ImageCmsProfile(made).tobytes()  # pyright: ignore[reportUnknownArgumentType]


async def test_a_profile_of_megabytes_is_used(converter: Converter) -> None:
    srgb = profile("sRGB")
    large = (len(srgb) + 2_000_000).to_bytes(4, "big") + srgb[4:] + bytes(2_000_000)
    for form in ("PNG", "JPEG", "WEBP"):
        data = encoded(halves(), form, icc_profile=large)
        assert not inspect(data).plain
        found = opened(await converter.as_source(data))
        assert "icc_profile" not in found.info
        assert is_halves(found)


async def test_a_profile_of_another_kind_of_picture_is_passed_over(converter: Converter) -> None:
    data = encoded(halves(), "PNG", icc_profile=profile("LAB"))
    assert is_halves(opened(await converter.as_source(data)))


# Orientation

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"'
    b"/></rdf:RDF></x:xmpmeta>"
)


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def xmp_text() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return info


def raw_exif() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    block = b"Exif\0\0" + exif(6).removeprefix(b"Exif\0\0")
    info.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n")
    return info


UNTURNED: dict[str, Callable[[Image.Image], bytes]] = {
    "PNG with XMP": lambda picture: encoded(picture, "PNG", pnginfo=xmp_text()),
    "PNG with EXIF as text": lambda picture: encoded(picture, "PNG", pnginfo=raw_exif()),
    "JPEG with XMP": lambda picture: encoded(picture, "JPEG", xmp=XMP),
    "WebP with XMP": lambda picture: encoded(picture, "WEBP", xmp=XMP),
    "moving WebP with XMP": lambda picture: encoded(
        picture, "WEBP", xmp=XMP, save_all=True, append_images=[noise_image(picture.size)]
    ),
    "AVIF with XMP": lambda picture: encoded(picture, "AVIF", xmp=XMP),
    "JPEG with an orientation of 9": lambda picture: encoded(picture, "JPEG", exif=exif(9)),
}


@pytest.mark.parametrize("name", UNTURNED)
@pytest.mark.parametrize("size", [(200, 100), (4000, 2000)])
async def test_orientation_that_no_browser_follows(
    converter: Converter, name: str, size: tuple[int, int]
) -> None:
    data = UNTURNED[name](halves(*size))
    assert inspect(data).orientation == 1
    found = opened(await converter.as_source(data, max_side=200))
    assert found.size == (200, 100)
    assert is_halves(found)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_pictures_are_upright(converter: Converter, form: str, orientation: int) -> None:
    upright = halves(60, 40)
    upright.paste((255, 255, 255), (0, 0, 20, 12))  # so that no two turns look alike
    stored = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}[orientation]
    how = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(stored)
    turned = upright.transpose(how) if how is not None else upright
    data = encoded(turned, form, exif=exif(orientation))
    facts = inspect(data)
    assert (facts.orientation, facts.upright) == (orientation, (60, 40))
    found = opened(await converter.as_source(data))
    assert found.size == (60, 40)
    assert is_near(colour_at(found, 6, 4), (255, 255, 255), 30)
    assert is_near(colour_at(found, 6, 34), RED, 40)
    assert is_near(colour_at(found, 54, 6), BLUE, 40)


# Moving pictures


def moving(form: str, **options: Any) -> bytes:
    more = [Image.new("RGB", SIZE, "white")]
    return encoded(halves(), form, save_all=True, append_images=more, duration=50, **options)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
async def test_the_first_frame_of_a_moving_picture(converter: Converter, form: str) -> None:
    data = moving(form)
    assert inspect(data).animated
    assert is_halves(opened(await converter.as_source(data)))


async def test_a_frame_without_an_area_is_none(converter: Converter) -> None:
    data = encoded(halves(), "GIF")
    frame = b"," + bytes(9) + b"\x02\x02\x44\x01\x00"
    start = data.index(b",")
    odd = data[:start] + frame + data[start:]
    assert inspect(odd) == ImageFacts("gif", *SIZE, plain=False)
    assert is_halves(opened(await converter.as_source(odd)))
    with pytest.raises(PictureError):
        inspect(data[:start] + frame + b";")


async def test_bytes_between_the_frames_of_a_gif(converter: Converter) -> None:
    data = moving("GIF")
    between = data.rindex(b"!\xf9\x04")
    odd = data[:between] + bytes(3) + data[between:]
    assert inspect(odd).complete
    assert len(strip(odd)) <= len(data)
    assert getattr(opened(strip(odd)), "n_frames", 1) == 2
    assert is_halves(opened(await converter.as_source(odd)))


def test_a_gif_keeps_its_loop_and_loses_its_comment() -> None:
    data = moving("GIF", loop=3, comment=b"made at home")
    stripped = strip(data + b"<script>")
    assert b"made at home" in data
    assert b"made at home" not in stripped
    assert b"<script>" not in stripped
    assert opened(stripped).info["loop"] == 3


async def test_of_a_moving_webp_that_is_cut_off_whole_frames_are_kept(
    converter: Converter,
) -> None:
    data = moving("WEBP", lossless=True)
    cut = data[:-20]
    assert not inspect(cut).complete
    assert is_halves(opened(await converter.as_source(cut)))


async def test_a_camera_that_appends_a_second_jpeg(converter: Converter) -> None:
    data = encoded(halves(), "MPO", save_all=True, append_images=[noise_image(SIZE)])
    assert inspect(data).format == "jpeg"
    assert is_halves(opened(await converter.as_source(data)))


# What must stay refused


def test_a_second_header_does_not_replace_the_first() -> None:
    large = (9000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    data = with_chunk(PLAIN_PNG, png_chunk(b"IHDR", large))
    assert opened(still(data)).size == SIZE
    frame = re.search(rb"\xff\xc0\x00\x11.{15}", encoded(halves(), "JPEG"), re.DOTALL)
    assert frame
    jpeg = encoded(halves(), "JPEG")
    large_frame = frame[0][:5] + (9000).to_bytes(2, "big") * 2 + frame[0][9:]
    odd = jpeg[: frame.end()] + large_frame + jpeg[frame.end() :]
    assert opened(still(odd)).size == SIZE


@pytest.mark.parametrize("form", ["BMP", "AVIF"])
def test_bombs_in_other_containers(form: str) -> None:
    data = bytearray(encoded(halves(), form))
    if form == "BMP":
        data[18:26] = (30_000).to_bytes(4, "little") * 2
    else:
        at = data.index(b"ispe") + 8
        data[at : at + 8] = (30_000).to_bytes(4, "big") * 2
    with pytest.raises(PictureError, match="64 megapixels"):
        inspect(bytes(data))


async def test_an_avif_that_hides_larger_sides_gets_those_that_it_names(
    converter: Converter,
) -> None:
    data = bytearray(encoded(Image.new("RGB", (9000, 8000)), "AVIF", speed=10, quality=1))
    at = data.index(b"ispe") + 8
    data[at : at + 8] = (64).to_bytes(4, "big") * 2
    assert inspect(bytes(data)).width == 64
    assert opened(await converter.as_source(bytes(data))).size == (64, 64)


def test_a_gif_frame_that_no_screen_holds() -> None:
    data = encoded(halves(), "GIF")[:-1] + b",\0\0\0\0\xff\xff\xff\xff\0\x02\x01\x44\0;"
    with pytest.raises(PictureError, match="65535"):
        inspect(data)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\xff\x0a" + bytes(20), "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"II*\0" + bytes(20), "TIFF"),
        (b"MM\0*" + bytes(20), "TIFF"),
        (b"\0\0\x01\0\x01\0" + bytes(20), "ICO"),
        (b"8BPS\0\x01", "Photoshop"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_to_do(data: bytes, name: str) -> None:
    with pytest.raises(PictureError, match=f"use {name} images.* PNG or JPEG"):
        inspect(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg/>",
        b"\xef\xbb\xbf  <SVG>",
        b"<?xml version='1.0'?><svg/>",
        b"<!-- drawn by hand --><svg/>",
    ],
)
def test_a_drawing_is_refused_with_the_reason(data: bytes) -> None:
    with pytest.raises(PictureError, match=r"SVG images.* PNG"):
        inspect(data)
