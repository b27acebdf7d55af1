"""Facts about a picture in its container."""

from dataclasses import dataclass
from typing import Literal

from bot.errors import PictureError
from bot.i18n import N_, _

Format = Literal["webp", "png", "jpeg", "gif", "avif", "bmp"]

PARTS_MAX = 30_000  # chunks or segments; real files stay far below, hostile ones cost time
# A 4096 x 4096 WebP costs 290 MB to decode, here and in each client that shows it.
PIXELS_MAX = 64_000_000
TOO_MANY_PIXELS = N_("This image has {width} x {height} pixels. It can have 64 megapixels at most.")
_SHORT = 3  # the type of EXIF's orientation; browsers ignore any other


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Sides in pixels as stored; `orientation` is EXIF's 1-8 (from 5 on the sides are swapped).

    `complete`: no part is missing and each checksum of its pixels is right. `plain`: grey or RGB
    with 8 bits a channel and without a colour profile, so every reader shows the same.
    """

    format: Format
    width: int
    height: int
    animated: bool = False
    has_alpha: bool = False
    orientation: int = 1
    complete: bool = True
    plain: bool = True

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height as displayed."""
        lying = self.orientation >= 5
        return (self.height, self.width) if lying else (self.width, self.height)


def damaged() -> PictureError:
    """The error for a container without a usable picture."""
    return PictureError(_("This image is damaged or incomplete. Use another one."))


def exif_orientation(exif: bytes) -> int:
    """The orientation in an EXIF block (a TIFF header and a directory), 1 when there is none."""
    tiff = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II*\x00": "little", b"MM\x00*": "big"}.get(tiff[:4])
    if order is None:
        return 1

    def number(start: int, size: int) -> int:
        return int.from_bytes(tiff[start : start + size], "little" if order == "little" else "big")

    directory = number(4, 4)
    for entry in range(min(number(directory, 2), 200)):
        start = directory + 2 + 12 * entry
        if number(start, 2) == 0x0112 and number(start + 2, 2) == _SHORT:
            value = number(start + 8, 2)
            return value if 1 <= value <= 8 else 1
    return 1
