"""Sides of requests with a source picture. Pure arithmetic.

In pixels; sides of a request are multiples of SIDE_STEP.
"""

from math import log

from bot.domain.requests import SIDE_MAX, SIDE_MIN, SIDE_STEP
from bot.errors import BadOption
from bot.i18n import _
from bot.pictures.protocol import Placement

RATIO_MAX = 8  # of the longer side to the shorter; beyond it models draw nothing sensible
# The largest area that needs no kudos in advance while the Horde is idle
# (docs/horde-api.md#kudos-in-advance).
AREA_MAX = 1024 * 1024
AREA_MIN = 512 * 512  # pixels; models draw nothing sensible on less
AREA_WEIGHT = 0.5  # weight of a smaller area against another ratio; both as logarithms
RIM_MIN = 8  # pixels of an enlarged picture: less would not be visible

Expansion = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the source


def check_ratio(width: int, height: int) -> None:
    """Raises BadOption when a picture is too narrow."""
    if max(width, height) > RATIO_MAX * min(width, height):
        sentence = _(
            "This image has {width} x {height} pixels. Crop it: one side can be {ratio} times as "
            "long as the other at most."
        )
        raise BadOption(sentence.format(width=width, height=height, ratio=RATIO_MAX))


def like(width: int, height: int, area: int) -> tuple[int, int]:
    """Sides of about that ratio and of at most that many pixels, in steps that the
    Horde accepts.
    """
    ratio = width / height
    ideal = _stepped((area * ratio) ** 0.5)

    def badness(sides: tuple[int, int]) -> float:
        wide, high = sides
        return abs(log(wide / high / ratio)) + AREA_WEIGHT * log(area / (wide * high))

    wides = range(max(SIDE_MIN, ideal - 4 * SIDE_STEP), ideal + 2 * SIDE_STEP, SIDE_STEP)
    found = {(wide, _stepped(wide / ratio + more)) for wide in wides for more in (-SIDE_STEP, 0)}
    fitting = [(w, h) for w, h in found if w * h <= area and w <= SIDE_MAX]
    return min(fitting, key=badness, default=(SIDE_MIN, SIDE_MIN))


def is_like(width: int, height: int, sides: tuple[int, int]) -> bool:
    """Whether `sides` have that ratio, as nearly as the Horde's steps allow."""
    wide, high = sides
    return abs(wide * height / (high * width) - 1) < SIDE_STEP / min(sides)


def enlarged(width: int, height: int, expand: Expansion) -> tuple[int, int]:
    """Sides of the canvas for a source of that size: at its own scale, if that makes an area
    between AREA_MIN and AREA_MAX.

    Raises BadOption when it gets too narrow.
    """
    left, top, right, bottom = expand
    wide, high = width + left + right, height + top + bottom
    check_ratio(wide, high)
    return like(wide, high, min(AREA_MAX, max(AREA_MIN, stepped_area(wide, high))))


def placed(width: int, height: int, expand: Expansion, canvas: tuple[int, int]) -> Placement:
    """Position of a source of that size on the canvas. Rounding is added to the sides that grow."""
    left, top, right, bottom = expand
    wide, high = canvas
    scale = min(wide / (width + left + right), high / (height + top + bottom))
    if not top + bottom:
        scale = high / height
    elif not left + right:
        scale = wide / width
    inner_width = _inner(width * scale, wide, grows=bool(left + right))
    inner_height = _inner(height * scale, high, grows=bool(top + bottom))
    return Placement(
        width=wide,
        height=high,
        left=_share(wide - inner_width, left, right),
        top=_share(high - inner_height, top, bottom),
        inner_width=inner_width,
        inner_height=inner_height,
    )


def _inner(length: float, canvas: int, *, grows: bool) -> int:
    """A side that does not grow fills the canvas, though rounding may stretch it a little."""
    return max(1, min(round(length), canvas - RIM_MIN)) if grows else canvas


def _share(room: int, before: int, after: int) -> int:
    return round(room * before / (before + after)) if before + after else 0


def _stepped(side: float) -> int:
    return min(SIDE_MAX, max(SIDE_MIN, int(side / SIDE_STEP + 0.5) * SIDE_STEP))


def stepped_area(width: int, height: int) -> int:
    """Pixels of a picture of that size with its sides rounded up, so that it does not shrink."""
    wide, high = (-(-side // SIDE_STEP) * SIDE_STEP for side in (width, height))
    return wide * high
