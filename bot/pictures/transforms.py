"""Converts decoded pictures to one plain form. For the picture child alone."""

import io
from collections.abc import Callable
from typing import cast

from PIL import Image, ImageChops, ImageCms

_SHIFTS = {1: 255, 2: 85, 4: 17}  # from a grey sample of so many bits to one of eight
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SPACES = {"RGB": b"RGB ", "L": b"GRAY", "CMYK": b"CMYK"}  # names of the modes in a profile
_SPACE = slice(16, 20)  # their position in a profile


def as_plain(picture: Image.Image, orientation: int = 1, depth: int = 8) -> Image.Image:
    """A loaded picture, upright, in sRGB, as RGB or RGBA, as backends and masks need it.

    `orientation` is the container's: Pillow would also use XMP and text, which no browser does.
    `depth`: bits of a sample in a PNG, the unit of its transparent colour.
    """
    profile = picture.info.get("icc_profile")
    colours, alpha = _parted(picture, depth)
    plain = _in_srgb(colours, profile)
    if alpha is not None:
        plain.putalpha(alpha)
    plain.info.clear()
    turn = _TURNS.get(orientation)
    return plain.transpose(turn) if turn is not None else plain


def _parted(picture: Image.Image, depth: int) -> tuple[Image.Image, Image.Image | None]:
    """The colours as L, RGB or CMYK, and how opaque each point is."""
    if picture.mode.startswith("I"):
        return _from_sixteen(picture)
    key = picture.info.get("transparency")
    if isinstance(key, int) and picture.mode in {"1", "L"}:
        picture.info["transparency"] = key * _SHIFTS.get(depth, 1)
        picture = picture.convert("L") if picture.mode == "1" else picture
    elif isinstance(key, tuple) and depth > 8:
        picture.info["transparency"] = tuple(level >> 8 for level in cast("tuple[int, ...]", key))
    if picture.has_transparency_data:
        whole = picture.convert("RGBA")
        colours = whole.convert("RGB")
        return colours, whole.getchannel("A")
    if picture.mode in {"1", "LA"}:
        return picture.convert("L"), None
    return (picture if picture.mode in _SPACES else picture.convert("RGB")), None


def _from_sixteen(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """From 16 bits of grey. A plain conversion would make nearly all of it white."""
    samples = picture.convert("I;16").tobytes()
    high = Image.frombytes("L", picture.size, samples[1::2])
    key = picture.info.get("transparency")
    if not isinstance(key, int):
        return high, None
    low = Image.frombytes("L", picture.size, samples[::2])
    same = ImageChops.darker(_equal(high, key >> 8), _equal(low, key & 0xFF))
    return high, ImageChops.invert(same)


def _equal(channel: Image.Image, wanted: int) -> Image.Image:
    return mapped(channel, lambda level: 255 if level == wanted else 0)


def without_transparency(picture: Image.Image) -> Image.Image:
    """RGBA to RGB: transparent parts get the colours around them, softer with the distance."""
    levels = [picture]
    while max(levels[-1].size) > 1:
        levels.append(_halved(levels[-1]))
    under = levels.pop().convert("RGB")
    for level in reversed(levels):
        under = resized(under, level.size, Image.Resampling.BILINEAR)
        under.paste(level.convert("RGB"), mask=level.getchannel("A"))
    return under


def resized(
    picture: Image.Image,
    size: tuple[int, int],
    how: Image.Resampling = Image.Resampling.LANCZOS,
    box: tuple[float, float, float, float] | None = None,
) -> Image.Image:
    """The picture, or the part in the box, at that size."""
    return picture.resize(size, how, box)  # pyright: ignore[reportUnknownMemberType] - numpy in its type


def mapped(picture: Image.Image, curve: Callable[[int], int]) -> Image.Image:
    """A picture of one channel with each level, 0 to 255, replaced."""
    table = [curve(level) for level in range(256)]
    return picture.point(table)  # pyright: ignore[reportUnknownMemberType] - numpy in its type


def save_image(picture: Image.Image, form: str, **options: int) -> bytes:
    """The file, without metadata."""
    buffer = io.BytesIO()
    picture.info.clear()  # Pillow would write some of it again
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def _halved(picture: Image.Image) -> Image.Image:
    """Half the size. Colours are weighted by their opacity, and visible points become opaque."""
    small = picture.convert("RGBa").reduce(2).convert("RGBA")
    small.putalpha(mapped(small.getchannel("A"), lambda alpha: 255 if alpha else 0))
    return small


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """As RGB, by its profile if that fits the mode; browsers do the same."""
    if profile and profile[_SPACE] == _SPACES[picture.mode]:
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - its type is unknown
            found = ImageCms.profileToProfile(picture, own, srgb, outputMode="RGB")
            if found is not None:
                return found
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # an unreadable profile counts as none
    return picture.convert("RGB")
