"""Uploaded files and their signed CDN URLs."""

import hashlib
import hmac
import io
import mimetypes
import re
import secrets
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PIL import Image, ImageOps

KEPT_BYTES = 512 * 1024 * 1024  # of all files together; the oldest are removed first
LINK_LIFE = 24 * 3600  # seconds; Discord's URLs expire after about a day
PICTURES = {"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was uploaded."""

    filename: str
    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file."""

    id: str
    channel_id: str
    filename: str
    size: int
    content_type: str
    url: str
    width: int | None
    height: int | None
    title: str | None = None
    description: str | None = None
    spoiler: bool = False
    ephemeral: bool = False

    def json(self) -> dict[str, Any]:
        """The attachment object of a message."""
        body: dict[str, Any] = {
            "id": self.id,
            "filename": self.filename,
            "size": self.size,
            "url": self.url,
            "proxy_url": self.url,
            "content_scan_version": 0,
        }
        optional = {
            "content_type": self.content_type or None,
            "width": self.width,
            "height": self.height,
            "title": self.title,
            "description": self.description,
            "ephemeral": self.ephemeral or None,
            "flags": 1 << 3 if self.spoiler else None,
        }
        return body | {key: value for key, value in optional.items() if value is not None}

    def with_description(self, about: dict[str, Any]) -> "Attachment":
        """A copy with the alt text, title and spoiler flag of an attachments array."""
        title = about.get("title") or self.title
        text = about.get("description") or self.description
        spoiler = bool(about.get("is_spoiler")) or self.spoiler
        return replace(self, title=title, description=text, spoiler=spoiler)


class Cdn:
    """Files by id, with signed URLs that expire like Discord's."""

    def __init__(self, next_id: Callable[[], str]) -> None:
        self.base = ""  # set when the server listens
        self._next_id = next_id
        self._files: OrderedDict[str, tuple[Attachment, bytes]] = OrderedDict()
        self._bytes = 0
        self._secret = secrets.token_bytes(32)

    def store(self, upload: Upload, channel_id: str, *, ephemeral: bool = False) -> Attachment:
        file_id = self._next_id()
        name = safe_name(upload.filename)
        width, height = _dimensions(upload)
        attachment = Attachment(
            id=file_id,
            channel_id=channel_id,
            filename=name,
            size=len(upload.data),
            content_type=upload.content_type,
            url=self._url(file_id, channel_id, name, ephemeral=ephemeral),
            width=width,
            height=height,
            spoiler=name.startswith("SPOILER_"),
            ephemeral=ephemeral,
        )
        self._files[file_id] = attachment, upload.data
        self._bytes += len(upload.data)
        while self._bytes > KEPT_BYTES and len(self._files) > 1:
            _, (_, data) = self._files.popitem(last=False)
            self._bytes -= len(data)
        return attachment

    def find(self, file_id: str) -> Attachment | None:
        entry = self._files.get(file_id)
        return entry[0] if entry else None

    def find_by_url(self, url: str) -> Attachment | None:
        """The file with this URL, if the sandbox serves it."""
        if not url.startswith(f"{self.base}/cdn/"):
            return None
        parts = url.partition("?")[0].split("/")
        found = self.find(parts[-2])
        return found if found is not None and found.url == url else None

    def read(self, file_id: str, expires: str, signature: str) -> tuple[Attachment, bytes] | None:
        """A file, if the URL is signed correctly and has not expired."""
        if not hmac.compare_digest(self._sign(file_id, expires), signature):
            return None
        return self._files.get(file_id) if int(expires, 16) > time.time() else None

    def _url(self, file_id: str, channel_id: str, name: str, *, ephemeral: bool) -> str:
        folder = "ephemeral-attachments" if ephemeral else "attachments"
        now = int(time.time())
        expires = f"{now + LINK_LIFE:x}"
        query = f"ex={expires}&is={now:x}&hm={self._sign(file_id, expires)}&"
        return f"{self.base}/cdn/{folder}/{channel_id}/{file_id}/{name}?{query}"

    def _sign(self, file_id: str, expires: str) -> str:
        return hmac.new(self._secret, f"{file_id}:{expires}".encode(), hashlib.sha256).hexdigest()


def guess_content_type(filename: str) -> str:
    """By the ending, as Discord does it; "" for an unknown one: the field is left out then."""
    return mimetypes.guess_type(filename)[0] or ""


def safe_name(filename: str) -> str:
    """A file name as Discord stores it: letters, digits, dot, dash and underscore."""
    return re.sub(r"[^\w.-]", "_", filename, flags=re.ASCII).strip("._") or "unknown"


def _dimensions(upload: Upload) -> tuple[int, int] | tuple[None, None]:
    """Width and height from the image header; the image is not decoded."""
    if upload.content_type not in PICTURES:
        return None, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(upload.data)) as image:
                return image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None, None


def avatar(seed: str, size: int = 128) -> bytes:
    """The default avatar as PNG, always the same for one user id."""
    digest = hashlib.sha256(seed.encode()).digest()
    small = Image.new("RGB", (5, 5), (30, 31, 34))
    ink = (80 + digest[0] // 2, 80 + digest[1] // 2, 80 + digest[2] // 2)
    for x in range(3):
        for y in range(5):
            if digest[3 + x * 5 + y] % 2:
                small.putpixel((x, y), ink)
                small.putpixel((4 - x, y), ink)
    out = io.BytesIO()
    ImageOps.scale(small, size / small.width, Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()
