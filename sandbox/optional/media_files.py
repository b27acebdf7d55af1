"""Draws images, and keeps the files of results until their links end."""

import base64
import io
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from sandbox.horde.workers.image_processing import ImageJob, open_image, render

CONTENT_TYPES: Mapping[str, str] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "wav": "audio/wav",
}


@dataclass(frozen=True, slots=True)
class MediaFile:
    data: bytes
    content_type: str
    expires_at: float


class MediaFiles:
    """The files of one server by name. `seconds`: how long a link is valid."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._files: dict[str, MediaFile] = {}

    def add(self, data: bytes, extension: str) -> str:
        """Keep a file and return its name."""
        self._remove_old()
        name = f"{secrets.token_hex(16)}.{extension}"
        expires_at = time.time() + self.seconds
        self._files[name] = MediaFile(data, CONTENT_TYPES[extension], expires_at)
        return name

    def get(self, name: str) -> MediaFile | None:
        self._remove_old()
        return self._files.get(name)

    def _remove_old(self) -> None:
        now = time.time()
        for name in [each for each, file in self._files.items() if file.expires_at <= now]:
            del self._files[name]


def draw(job: ImageJob, extension: str) -> bytes:
    """The image of a job in the format of the extension."""
    webp = render(job)
    if extension == "webp":
        return webp
    with Image.open(io.BytesIO(webp)) as picture:
        out = io.BytesIO()
        picture.convert("RGB").save(out, extension.upper())
        return out.getvalue()


def decoded_image(text: str) -> bytes:
    """The bytes of an image in base64 or a data URI. Raises ValueError if it is no image."""
    _, _, inline = text.rpartition(",") if text.startswith("data:") else ("", "", text)
    data = base64.b64decode(inline, validate=True)
    try:
        open_image(data)
    except (OSError, SyntaxError) as error:
        raise ValueError("not an image") from error
    return data
