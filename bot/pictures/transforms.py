"""Decoded pictures in a form that everything else can count on. For the picture child alone."""

import io
from collections.abc import Callable

from PIL import Image, ImageCms, ImageOps

_COLOURFUL = frozenset({"RGB", "RGBA", "P", "PA"})  # modes whose profile still fits as RGB


def as_plain(picture: Image.Image) -> Image.Image:
    """The first frame, upright, as RGB or RGBA."""
    picture.seek(0)
    upright = ImageOps.exif_transpose(picture)
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    if upright.mode == "I;16":  # converting it as it is would make nearly all of it white
        upright = Image.frombytes("L", upright.size, upright.tobytes()[1::2])
    if upright.mode in _COLOURFUL:
        return upright.convert(mode)
    return _in_srgb(upright) if upright.mode == "CMYK" else _without_profile(upright.convert(mode))


def coloured(picture: Image.Image) -> Image.Image:
    """`plain`, in sRGB: backends throw profiles away."""
    found = as_plain(picture)
    if not found.info.get("icc_profile"):
        return found
    colours = _in_srgb(found.convert("RGB"))
    if found.mode == "RGBA":
        colours.putalpha(found.getchannel("A"))
    return colours


def filled(picture: Image.Image) -> Image.Image:
    """RGBA to RGB: what is transparent gets the colours around it, softer the farther away."""
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
    """The picture, or what is in the box, at that size."""
    return picture.resize(size, how, box)  # pyright: ignore[reportUnknownMemberType] - numpy in its type


def mapped(picture: Image.Image, curve: Callable[[int], int]) -> Image.Image:
    """A picture of one channel with each level, 0 to 255, replaced."""
    table = [curve(level) for level in range(256)]
    return picture.point(table)  # pyright: ignore[reportUnknownMemberType] - numpy in its type


def save_image(picture: Image.Image, form: str, **options: int) -> bytes:
    """The file, with nothing but the picture and its profile."""
    buffer = io.BytesIO()
    profile = picture.info.get("icc_profile")
    kept = {"icc_profile": profile} if profile else {}
    picture.info.clear()  # Pillow would write some of it again
    picture.save(buffer, form, **options, **kept)
    if profile:
        picture.info["icc_profile"] = profile
    return buffer.getvalue()


def _halved(picture: Image.Image) -> Image.Image:
    """At half the size. Colours count by how opaque they are, and what is seen at all is opaque."""
    small = picture.convert("RGBa").reduce(2).convert("RGBA")
    small.putalpha(mapped(small.getchannel("A"), lambda alpha: 255 if alpha else 0))
    return small


def _in_srgb(picture: Image.Image) -> Image.Image:
    """By its profile, where that can be used."""
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - its type is unknown
            found = ImageCms.profileToProfile(picture, own, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            found = None
        if found is not None:
            return _without_profile(found)
    return _without_profile(picture.convert("RGB"))


def _without_profile(picture: Image.Image) -> Image.Image:
    picture.info.pop("icc_profile", None)
    return picture
