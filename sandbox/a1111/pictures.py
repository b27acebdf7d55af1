"""Reads and draws the images of the local web UI."""

import base64
import binascii
import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps, PngImagePlugin

from sandbox.a1111.errors import HttpError
from sandbox.horde.workers.image_drawing import resized
from sandbox.horde.workers.image_processing import ImageJob, compose, open_image

PREVIEW_REDUCTION = 2  # previews have half the size of the result
COARSEST = 32  # pixels of a block before the first step


@dataclass(frozen=True, slots=True)
class Drawing:
    """One image of a job. `parameters`: the text that the web UI writes into the file."""

    job: ImageJob
    parameters: str

    def finished(self, share: float = 1.0) -> Image.Image:
        """The image after a share of its steps: of coarse blocks while it is half made."""
        whole = compose(self.job)
        if share >= 1:
            return whole
        coarse = whole.reduce(min(2 + round(COARSEST * (1 - share)), *whole.size))
        return resized(coarse, whole.size, Image.Resampling.NEAREST)

    def preview(self, share: float) -> bytes:
        """A smaller PNG of the half-made image; its bytes grow with the detail."""
        small = self.finished(share).reduce(PREVIEW_REDUCTION)
        return encode(small.convert("RGB"), "png", "")


def decode(text: str) -> Image.Image:
    """The image of a base64 text or a data URI. Raises HttpError."""
    if text.startswith(("http://", "https://")):
        raise HttpError(500, "Requests not allowed")
    if text.startswith("data:image/"):
        text = text.partition(",")[2]
    try:
        return open_image(base64.b64decode(text))
    except (binascii.Error, ValueError, OSError, Image.DecompressionBombError) as error:
        raise HttpError(500, "Invalid encoded image") from error


def encode(picture: Image.Image, kind: str, parameters: str) -> bytes:
    """The image as png, jpg or webp; a PNG also holds the parameters."""
    out = io.BytesIO()
    if kind == "png":
        note = PngImagePlugin.PngInfo()
        if parameters:
            note.add_text("parameters", parameters)
        picture.save(out, "PNG", pnginfo=note)
    else:
        picture.convert("RGB").save(out, "WEBP" if kind == "webp" else "JPEG", quality=80)
    return out.getvalue()


def as_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def fitted(picture: Image.Image, size: tuple[int, int], resize_mode: int) -> Image.Image:
    """The source image at the size of the job. 0 and 3: stretched, 1: cropped, 2: filled."""
    if resize_mode == 1:
        return ImageOps.fit(picture, size)
    if resize_mode == 2:
        filled = resized(picture.filter(ImageFilter.GaussianBlur(8)), size)
        inside = ImageOps.contain(picture, size)
        filled.paste(inside, ((size[0] - inside.width) // 2, (size[1] - inside.height) // 2))
        return filled
    return resized(picture, size)


def binary_mask(mask: Image.Image, *, inverted: bool) -> Image.Image:
    """White where the image is painted again. A mask with transparency counts by its alpha."""
    grey = mask.getchannel("A") if mask.mode == "RGBA" else mask.convert("L")
    rounded = grey.convert("1", dither=Image.Dither.NONE).convert("L")
    return ImageChops.invert(rounded) if inverted else rounded


def png(picture: Image.Image) -> bytes:
    return encode(picture, "png", "")
