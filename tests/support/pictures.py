"""Pictures with two halves, and what a picture shows."""

import io
import zlib

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 60, 200)
Colour = tuple[int, int, int]


def halves(width: int = 64, height: int = 48) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def opened(data: bytes) -> Image.Image:
    """The picture of a file, read whole."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def colour_at(picture: Image.Image, x: int, y: int) -> Colour:
    found = picture.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def is_near(found: Colour, wanted: Colour, by: int = 19) -> bool:
    """Whether no channel differs by more than `by`: JPEG and resizing change colours a little."""
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


def is_near_at(picture: Image.Image, x: int, y: int, wanted: Colour) -> bool:
    """Whether the pixel has about that colour."""
    return is_near(colour_at(picture, x, y), wanted)


def png_chunk(name: bytes, body: bytes, check: int | None = None) -> bytes:
    """A chunk of a PNG file. `check`: another checksum than the right one."""
    crc = zlib.crc32(name + body) if check is None else check
    return len(body).to_bytes(4, "big") + name + body + crc.to_bytes(4, "big")
