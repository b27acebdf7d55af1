"""Charts of the load of a Horde. For the picture child alone.

The font that Pillow contains has Latin letters only, so a chart has numbers and no words.
"""

from PIL import Image, ImageColor, ImageDraw, ImageFont

from bot.pictures.protocol import Curve, DrawChart
from bot.pictures.transforms import save_image

SCALE = 2  # drawn larger and reduced, for smooth lines
BACKGROUND, GRID, LABEL = "#2b2d31", "#4e5058", "#dbdee1"
FONT = 22  # pixels; all sizes are those of the finished chart
LEFT, RIGHT, ABOVE, BELOW = 80, 22, 20, 42  # of a panel, around its axes
LINE, DOT, DOTS_MAX = 2.5, 3.5, 60  # few points are also marked with dots
FILL = 0.25  # share of the curve's colour in the area below it

Box = tuple[float, float, float, float]


def chart(order: DrawChart) -> bytes:
    """See `DrawChart`. A PNG."""
    image = Image.new("RGB", (order.width * SCALE, order.height * SCALE), BACKGROUND)
    draw = ImageDraw.Draw(image)
    rows = (len(order.curves) + 1) // 2
    width, height = order.width / min(2, len(order.curves)), order.height / rows
    for number, curve in enumerate(order.curves):
        row, column = divmod(number, 2)
        left, top = column * width, row * height
        box = (left + LEFT, top + ABOVE, left + width - RIGHT, top + height - BELOW)
        _axes(draw, box, curve.marks, order.times)
        _curve(draw, box, curve)
    return save_image(image.reduce(SCALE), "PNG", optimize=1)


def _axes(
    draw: ImageDraw.ImageDraw, box: Box, marks: tuple[str, ...], times: tuple[str, ...]
) -> None:
    left, _top, right, bottom = box
    font = ImageFont.load_default(FONT * SCALE)
    for number, mark in enumerate(marks):
        y = _at(box, 0, number / max(1, len(marks) - 1))[1]
        draw.line((left * SCALE, y, right * SCALE, y), GRID, SCALE)
        draw.text(((left - 8) * SCALE, y), mark, LABEL, font, anchor="rm")
    for number, time in enumerate(times):
        share = number / max(1, len(times) - 1)
        anchor = "ls" if not share else "rs" if share == 1 else "ms"
        x, y = _at(box, share, 0)[0], (bottom + FONT + 7) * SCALE
        draw.text((x, y), time, LABEL, font, anchor=anchor)


def _curve(draw: ImageDraw.ImageDraw, box: Box, curve: Curve) -> None:
    points = [_at(box, x, y) for x, y in curve.points]
    if not points:
        return
    floor = box[3] * SCALE
    area = [(points[0][0], floor), *points, (points[-1][0], floor)]
    draw.polygon(area, _mixed(curve.colour))
    draw.line(points, curve.colour, round(LINE * SCALE), joint="curve")
    if len(points) <= DOTS_MAX:
        for x, y in points:
            draw.circle((x, y), DOT * SCALE, curve.colour)


def _at(box: Box, x: float, y: float) -> tuple[float, float]:
    """The place of a point in the enlarged image."""
    left, top, right, bottom = box
    return (left + x * (right - left)) * SCALE, (bottom - y * (bottom - top)) * SCALE


def _mixed(colour: str) -> tuple[int, int, int]:
    """The colour of the area below a curve."""
    own, below = ImageColor.getrgb(colour), ImageColor.getrgb(BACKGROUND)
    red, green, blue = (round(FILL * own[i] + (1 - FILL) * below[i]) for i in range(3))
    return red, green, blue
