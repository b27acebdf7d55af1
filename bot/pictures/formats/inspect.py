"""Reads facts of a picture and removes its metadata without decoding it.

Files that browsers show are accepted: `strip` and `still` repair a file that is cut off or has a
wrong checksum beside its pixels, and `ImageFacts.complete` is False then.
"""

from bot.errors import PictureError
from bot.i18n import _
from bot.pictures.formats import avif, bmp, gif, jpeg, png, unsupported, webp
from bot.pictures.formats.facts import PIXELS_MAX, TOO_MANY_PIXELS, ImageFacts, damaged

BYTES_MAX = 40_000_000
USABLE = "PNG, JPEG, WebP, GIF, AVIF, BMP"


def inspect(data: bytes) -> ImageFacts:
    """Facts of a picture. Raises PictureError for an unusable file.

    Usable are WebP, PNG, JPEG, GIF, AVIF and BMP up to 64 megapixels and 40 MB.
    """
    if len(data) > BYTES_MAX:
        raise PictureError(_("This image is larger than 40 MB. Use a smaller one."))
    facts = _read(data)
    if facts.width < 1 or facts.height < 1:
        raise damaged()
    if facts.width * facts.height > PIXELS_MAX:
        raise PictureError(_(TOO_MANY_PIXELS).format(width=facts.width, height=facts.height))
    return facts


def _read(data: bytes) -> ImageFacts:
    if webp.is_webp(data):
        return webp.read_webp(data)
    if data.startswith(png.SIGNATURE):
        return png.read_png(data)
    if data.startswith(jpeg.SIGNATURE):
        return jpeg.read_jpeg(data)
    if data.startswith(gif.SIGNATURES):
        return gif.read_gif(data)
    if avif.is_avif(data):
        return avif.read_avif(data)
    if bmp.is_bmp(data):
        return bmp.read_bmp(data)
    if name := unsupported.name_of(data):
        raise PictureError(unsupported.told(name))
    raise PictureError(not_usable())


def not_usable() -> str:
    """Message for a file that is no image."""
    text = _("This file is not an image that can be used. Upload one of these: {formats}.")
    return text.format(formats=USABLE)


def strip(data: bytes) -> bytes:
    """The same pixels without EXIF, XMP, comments and appended data. Colour profiles stay.

    Raises PictureError as `inspect` does, and for formats that Discord does not show everywhere.
    """
    match inspect(data).format:
        case "webp":
            return webp.strip_webp(data)
        case "png":
            return png.strip_png(data)
        case "jpeg":
            return jpeg.strip_jpeg(data)
        case "gif":
            return gif.strip_gif(data)
        case other:
            raise PictureError(unsupported.told(other.upper()))


def still(data: bytes) -> bytes:
    """The first frame for a decoder: repaired, without metadata except its profile.

    An AVIF or a BMP is returned unchanged. Raises PictureError as `inspect` does.
    """
    match inspect(data).format:
        case "webp":
            return webp.still_webp(data)
        case "png":
            return png.still_png(data)
        case "jpeg":
            return jpeg.strip_jpeg(data)
        case "gif":
            return gif.still_gif(data)
        case _:
            return data
