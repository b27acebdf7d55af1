"""Draws the images of the local workers: a landscape per seed, with the prompt as caption.

Images are rendered at download, so drawing must be fast: a 512 x 512 WebP takes about 10 ms. The
seed determines the image, so the same request always gives the same image.
"""

import io
import math
import random
import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]

# Sky above, sky at the horizon, sun, farthest hill, nearest hill.
PALETTES: tuple[tuple[str, str, str, str, str], ...] = (
    ("#2b3a67", "#f7a072", "#ffe3b3", "#8b5a83", "#1b1f3b"),
    ("#0f2a43", "#5fb3b3", "#f4f1de", "#3b7d86", "#071b2c"),
    ("#ffd6a5", "#ff8fa3", "#fff3e0", "#c9577a", "#4a1942"),
    ("#a8dadc", "#f1faee", "#ffb703", "#74a892", "#1d4e4b"),
    ("#1a1446", "#a64ac9", "#ffd166", "#6a3fa0", "#120b2e"),
    ("#264653", "#e9c46a", "#fffae3", "#c98b4b", "#2a1f14"),
    ("#bde0fe", "#ffc8dd", "#ffffff", "#a2a8d3", "#38598b"),
    ("#0b3d2e", "#b7e4c7", "#fefae0", "#52a27d", "#081c15"),
    ("#3a0ca3", "#f72585", "#ffd6e0", "#9d2487", "#1b0642"),
    ("#e0fbfc", "#ffddd2", "#ee6c4d", "#98c1d9", "#293241"),
    ("#10002b", "#4895ef", "#e0fbfc", "#3c4f9f", "#0a0a23"),
    ("#fefae0", "#dda15e", "#bc6c25", "#a3a35c", "#283618"),
)
SHADE = (12, 14, 24)


def draw_landscape(width: int, height: int, seed: int) -> Image.Image:
    """The landscape for a seed, without caption."""
    rng = random.Random(f"{seed}/{width}x{height}")  # noqa: S311 - a drawing, no secret
    sky_top, horizon, sun, far, near = (_rgb(colour) for colour in rng.choice(PALETTES))
    # Drawn at twice the size and reduced, which smooths the edges.
    canvas = _gradient(width * 2, height * 2, sky_top, horizon)
    draw = ImageDraw.Draw(canvas)
    if sum(sky_top) < 250:
        _stars(draw, canvas.size, rng, sun)
    _sun(draw, canvas.size, rng, sun, horizon)
    rng.choice((_hills, _hills, _dunes))(draw, canvas.size, rng, far, near)
    _birds(draw, canvas.size, rng, near)
    return canvas.reduce(2)


def encode(picture: Image.Image, quality: int = 82) -> bytes:
    """The image as WebP, the format that real workers upload."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=0)
    return out.getvalue()


def encode_jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    """The image as JPEG."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def draw_caption(picture: Image.Image, prompt: str, small_print: str) -> None:
    """Write the prompt and a smaller line below it on a darkened strip at the bottom."""
    width, height = picture.size
    if min(width, height) < 128:  # the text would not be legible
        return
    unit = max(11, round(min(width, height) / 26))
    margin, small = unit, max(10, round(unit * 0.72))
    lines = _wrap(ascii_text(prompt), _font(unit), width - 2 * margin, 3)
    strip = len(lines) * round(unit * 1.3) + round(small * 1.5) + round(margin * 1.6)
    _darken_bottom(picture, min(height, strip + unit * 2))
    draw = ImageDraw.Draw(picture)
    y = height - strip + round(margin * 0.7)
    for line in lines:
        draw.text((margin, y), line, font=_font(unit), fill=(255, 255, 255))
        y += round(unit * 1.3)
    small_line = _wrap(ascii_text(small_print), _font(small), width - 2 * margin, 1)
    draw.text((margin, y + small * 0.2), small_line[0], font=_font(small), fill=(205, 210, 222))


def resized(
    picture: Image.Image,
    size: tuple[int, int],
    how: Image.Resampling = Image.Resampling.BICUBIC,
) -> Image.Image:
    """The image at another size."""
    return picture.resize(size, how)  # pyright: ignore[reportUnknownMemberType] - numpy in its type


def ascii_text(text: str) -> str:
    """The text in ASCII, because the built-in font lacks other letters."""
    folded = unicodedata.normalize("NFKD", text.replace("\u00b7", "|"))
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join("".join(c if c.isascii() and c.isprintable() else " " for c in letters).split())


def _gradient(width: int, height: int, top: Colour, bottom: Colour) -> Image.Image:
    column = Image.new("RGB", (1, 64))
    for y in range(64):
        column.putpixel((0, y), _mix(top, bottom, min(1.0, y / 40)))
    # Every row has one colour: only the height needs interpolation.
    return resized(resized(column, (1, height)), (width, height), Image.Resampling.NEAREST)


def _stars(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], rng: random.Random, sun: Colour
) -> None:
    width, height = size
    dot = max(1.0, min(size) / 700)
    for _ in range(70):
        x, y = rng.random() * width, rng.random() ** 1.6 * height * 0.6
        r = dot * rng.uniform(0.5, 1.5)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=sun)


def _sun(
    draw: ImageDraw.ImageDraw,
    size: tuple[int, int],
    rng: random.Random,
    sun: Colour,
    horizon: Colour,
) -> None:
    width, height = size
    x, y = width * rng.uniform(0.22, 0.78), height * rng.uniform(0.2, 0.45)
    radius = min(size) * rng.uniform(0.07, 0.14)
    for ring in range(3, -1, -1):
        r = radius * (1 + ring * 0.2)
        colour = _mix(sun, horizon, 0.0 if ring == 0 else 0.55 + ring * 0.1)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)


def _hills(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], rng: random.Random, far: Colour, near: Colour
) -> None:
    _ridges(draw, size, rng, (far, near), layers=6, rough=1.0)


def _dunes(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], rng: random.Random, far: Colour, near: Colour
) -> None:
    _ridges(draw, size, rng, (far, near), layers=5, rough=0.35)


def _ridges(
    draw: ImageDraw.ImageDraw,
    size: tuple[int, int],
    rng: random.Random,
    colours: tuple[Colour, Colour],
    *,
    layers: int,
    rough: float,
) -> None:
    width, height = size
    step = max(4, width // 160)
    for layer in range(layers):
        depth = layer / (layers - 1)
        base = height * (0.46 + 0.36 * depth)
        waves = [
            (rng.uniform(0.6, 1.6) * k, rng.uniform(0, math.tau), height * 0.055 / k**0.9)
            for k in ((1, 2.7, 6.3) if rough > 0.5 else (1, 2))
        ]
        ridge = [
            (x, base + sum(a * math.sin(f * math.tau * x / width + p) for f, p, a in waves))
            for x in range(-step, width + 2 * step, step)
        ]
        colour = _mix(colours[0], colours[1], depth**0.8)
        draw.polygon([*ridge, (width + step, height), (-step, height)], fill=colour)


def _birds(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], rng: random.Random, ink: Colour
) -> None:
    width, height = size
    x, y = width * rng.uniform(0.15, 0.7), height * rng.uniform(0.12, 0.3)
    span = min(size) * 0.018
    for _ in range(rng.randint(0, 5)):
        bx, by = x + rng.uniform(-6, 6) * span, y + rng.uniform(-3, 3) * span
        stroke = max(1, round(span / 6))
        draw.arc((bx - 2 * span, by, bx, by + span * 1.4), 200, 330, fill=ink, width=stroke)
        draw.arc((bx, by, bx + 2 * span, by + span * 1.4), 210, 340, fill=ink, width=stroke)


def _darken_bottom(picture: Image.Image, tall: int) -> None:
    width, height = picture.size
    box = (0, height - tall, width, height)
    ramp = Image.new("L", (1, 32))
    for y in range(32):
        ramp.putpixel((0, y), min(226, round(y * 12)))
    mask = resized(ramp, (width, tall))
    bottom = picture.crop(box)
    dark = Image.new(bottom.mode, bottom.size, SHADE if bottom.mode == "RGB" else (*SHADE, 255))
    picture.paste(Image.composite(dark, bottom, mask), box)


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text[: 60 * most * 2].split() or [" "]:
        longer = f"{line} {word}".strip()
        if not line or font.getlength(longer) <= width:
            line = longer
            continue
        lines.append(line)
        line = word
        if len(lines) == most:
            break
    if len(lines) < most:
        lines.append(line)
        line = ""
    if line or len(text) > 60 * most * 2:
        lines[-1] += " ..."
    return [_clip(each, font, width) for each in lines]


def _clip(line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(line) <= width:
        return line
    while line and font.getlength(line + "...") > width:
        line = line[:-1]
    return line + "..."


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow without FreeType"
    return font


def _rgb(colour: str) -> Colour:
    value = int(colour[1:], 16)
    return value >> 16, value >> 8 & 255, value & 255


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    r, g, b = (round(a + (z - a) * share) for a, z in zip(one, other, strict=True))
    return r, g, b
