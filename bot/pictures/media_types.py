"""Whether a file may be a picture, by Discord's description. Its bytes decide later.

The type is Discord's guess by the name, and may be missing, general or oddly written.
"""

from pathlib import PurePosixPath

from bot.pictures.formats.inspect import not_usable
from bot.pictures.formats.unsupported import told

_TYPES = frozenset(
    {"image/png", "image/x-png", "image/apng", "image/vnd.mozilla.apng", "image/jpeg", "image/jpg"}
    | {"image/pjpeg", "image/jfif", "image/webp", "image/gif", "image/avif", "image/bmp"}
    | {"image/x-ms-bmp", "image/x-bmp"}
)
_ENDINGS = frozenset(
    {".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".pjp", ".webp", ".gif"}
    | {".avif", ".bmp", ".dib"}
)
_GENERAL = frozenset({"", "application/octet-stream", "binary/octet-stream", "unknown/unknown"})
_NAMES = {
    **dict.fromkeys(("heic", "heif", "heic-sequence", "heif-sequence", "hif"), "HEIC"),
    **dict.fromkeys(("jxl",), "JPEG XL"),
    **dict.fromkeys(("jp2", "j2k", "jpx", "jpf", "jpm", "j2c", "jpc"), "JPEG 2000"),
    **dict.fromkeys(("tif", "tiff"), "TIFF"),
    **dict.fromkeys(("ico", "x-icon", "vnd.microsoft.icon"), "ICO"),
    **dict.fromkeys(("svg", "svgz", "svg+xml"), "SVG"),
    **dict.fromkeys(("psd", "vnd.adobe.photoshop", "x-photoshop"), "Photoshop"),
    **dict.fromkeys(("xcf", "x-xcf"), "GIMP"),
    **dict.fromkeys(("dng", "cr2", "cr3", "nef", "arw", "raf", "orf", "rw2"), "RAW"),
}


def is_usable(content_type: str | None, filename: str) -> bool:
    """Whether type and name are those of a usable picture."""
    return _kind(content_type) in _TYPES or (_ending(filename) in _ENDINGS)


def refusal(content_type: str | None, filename: str) -> str:
    """Why that file cannot be a picture, with advice; "" when it may be one."""
    if is_usable(content_type, filename):
        return ""
    if name := unusable_name(content_type, filename):
        return told(name)
    kind = _kind(content_type)
    return "" if kind in _GENERAL or kind.startswith("image/") else not_usable()


def unusable_name(content_type: str | None, filename: str) -> str:
    """The name of a known unusable format; "" for another file."""
    kind = _kind(content_type)
    named = _NAMES.get(kind.removeprefix("image/"), "") if kind.startswith("image/") else ""
    return named or _NAMES.get(_ending(filename).removeprefix("."), "")


def _kind(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _ending(filename: str) -> str:
    return PurePosixPath(filename).suffix.lower()
