"""Looks at a picture and removes its metadata by reading the container: nothing is decoded.

What browsers show is a picture here too: a file that is cut off or has a wrong checksum beside its
pixels is mended in `strip` and `still`, and `ImageFacts.complete` says that it was needed.
"""

from bot.errors import PictureError
from bot.pictures.formats import avif, bmp, gif, jpeg, png, unsupported, webp
from bot.pictures.formats.facts import PIXELS_MAX, ImageFacts

BYTES_MAX = 40_000_000
USABLE = "PNG, JPEG, WebP, GIF, AVIF or BMP"


def inspect(data: bytes) -> ImageFacts:
    """Format, sides and so on. Raises PictureError for what is no picture that can be used.

    Usable are WebP, PNG, JPEG, GIF, AVIF and BMP up to 64 megapixels and 40 MB.
    """
    if len(data) > BYTES_MAX:
        raise PictureError("This picture is larger than 40 MB.")
    facts = _read(data)
    if facts.width < 1 or facts.height < 1:
        raise PictureError("This picture has no size.")
    if facts.width * facts.height > PIXELS_MAX:
        raise PictureError(
            f"This picture has {facts.width} x {facts.height} pixels; 64 megapixels are the most."
        )
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
    raise PictureError(f"This is no picture: use a {USABLE}.")


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
            raise PictureError(f"The metadata of {other.upper()} pictures cannot be removed.")


def still(data: bytes) -> bytes:
    """The first picture alone, as a decoder gets it: mended, without metadata but its profile.

    An AVIF or a BMP comes back as it is. Raises PictureError as `inspect` does.
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
