"""Looks at a picture and removes its metadata by reading the container: nothing is decoded."""

from bot.errors import PictureError
from bot.pictures.formats import gif, jpeg, png, webp
from bot.pictures.formats.facts import ImageFacts

# A 4096 x 4096 WebP costs 290 MB to decode, here and at everybody who looks at it.
PIXELS_MAX = 64_000_000
BYTES_MAX = 40_000_000


def inspect(data: bytes) -> ImageFacts:
    """Format, sides and so on. Raises PictureError for anything that is no whole picture of ours.

    Ours are WebP, PNG, JPEG and GIF up to 64 megapixels and 40 MB.
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
    raise PictureError("This is no picture: use a PNG, JPEG, WebP or GIF.")


def strip(data: bytes) -> bytes:
    """The same pixels without EXIF, XMP, comments and appended data. Colour profiles stay.

    A GIF comes back as it is. Raises PictureError as `inspect` does.
    """
    facts = inspect(data)
    if facts.format == "webp":
        return webp.strip_webp(data)
    if facts.format == "png":
        return png.strip_png(data)
    return jpeg.strip_jpeg(data) if facts.format == "jpeg" else data
