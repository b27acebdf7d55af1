"""Sides of pictures: what a model is asked for when it starts from one. Pure arithmetic.

Everything is in pixels; sides that a model is asked for are multiples of SIDE_STEP.
"""

from bot.errors import BadOption
from bot.pictures.pipe import Placement
from bot.requests import SIDE_MAX, SIDE_MIN, SIDE_STEP

RATIO_MAX = 8  # of the longer side to the shorter; no model draws anything sensible beyond that
# The largest area that never needs kudos beforehand while the Horde has time (HORDE 3.3).
AREA_MAX = 1024 * 1024
RIM_MIN = 8  # of an enlarged picture: less could not be seen

Expansion = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the source


def check_ratio(width: int, height: int) -> None:
    """Raises BadOption when a picture is too narrow to be painted on."""
    if max(width, height) > RATIO_MAX * min(width, height):
        raise BadOption(
            f"That picture has {width} x {height} pixels, which is too narrow to paint on: one "
            f"side may be {RATIO_MAX} times as long as the other. Cut it first."
        )


def like(width: int, height: int, area: int) -> tuple[int, int]:
    """Sides of about that ratio and of at most that many pixels, in steps that the Horde takes."""
    scale = (area / (width * height)) ** 0.5
    wide, high = (_stepped(side * scale) for side in (width, height))
    while wide * high > area and max(wide, high) > SIDE_MIN:  # rounding went up on both sides
        wide, high = (wide - SIDE_STEP, high) if wide >= high else (wide, high - SIDE_STEP)
    return wide, high


def is_like(width: int, height: int, sides: tuple[int, int]) -> bool:
    """Whether `sides` have that ratio, as nearly as steps of the Horde allow."""
    wide, high = sides
    scale = (wide * high / (width * height)) ** 0.5
    return abs(wide - width * scale) < SIDE_STEP and abs(high - height * scale) < SIDE_STEP


def enlarged(width: int, height: int, expand: Expansion) -> tuple[int, int]:
    """Sides of the canvas for a source of that size: at its own scale, or smaller to fit AREA_MAX.

    Raises BadOption when it gets too narrow.
    """
    left, top, right, bottom = expand
    wide, high = width + left + right, height + top + bottom
    check_ratio(wide, high)
    return like(wide, high, min(AREA_MAX, _area(wide, high)))


def placed(width: int, height: int, expand: Expansion, canvas: tuple[int, int]) -> Placement:
    """A source of that size on the canvas. What rounding adds goes to the sides that grow."""
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


def _area(width: int, height: int) -> int:
    """Of that picture with its sides rounded up, so that rounding does not shrink it."""
    wide, high = (-(-side // SIDE_STEP) * SIDE_STEP for side in (width, height))
    return wide * high
