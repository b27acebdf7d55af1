"""Unusable files that people upload as pictures, by their first bytes."""

from bot.i18n import N_, _
from bot.pictures.formats.avif import brands_of

CONVERT = N_("The bot cannot use {name} images. Save the image as PNG or JPEG and upload it again.")
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"miaf"})
_STARTS = {
    b"\xff\x0a": "JPEG XL",
    b"\x00\x00\x00\x0cJXL \r\n\x87\n": "JPEG XL",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"II+\x00": "TIFF",
    b"MM\x00+": "TIFF",
    b"\x00\x00\x01\x00": "ICO",
    b"\x00\x00\x02\x00": "CUR",
    b"8BPS": "Photoshop",
    b"gimp xcf": "GIMP",
    b"qoif": "QOI",
    b"II\xbc\x01": "JPEG XR",
    b"v/1\x01": "OpenEXR",
    b"#?RADIANCE": "HDR",
    b"DDS ": "DDS",
    b"\x0a\x05\x01\x08": "PCX",
}


def told(name: str) -> str:
    """Advice for a picture of that format."""
    return _(CONVERT).format(name=name)


def name_of(data: bytes) -> str:
    """Name of the format; "" for a file that is no known picture."""
    if any(brand in _HEIF for brand in brands_of(data)):
        return "HEIC"
    found = next((name for start, name in _STARTS.items() if data.startswith(start)), "")
    return found or ("SVG" if _is_drawing(data[:1024]) else "")


def _is_drawing(start: bytes) -> bool:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith(b"<svg") or (text.startswith((b"<?xml", b"<!")) and b"<svg" in text)
