"""Protocol between the bot and its picture child, over the child's stdin and stdout.

A message each way: one byte (the picture's EXIF orientation; in the answer the outcome), the length
of the order, the length of the picture or the reason, then both of them. An order is JSON; answers
carry none.
"""

import json
import struct
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, get_args

HEADER = struct.Struct(">BII")


@dataclass(frozen=True, slots=True)
class Placement:
    """Position of a source on the canvas of `width` x `height` to which outpainting enlarges it."""

    width: int
    height: int
    left: int
    top: int
    inner_width: int
    inner_height: int


@dataclass(frozen=True, slots=True)
class Shrink:
    """Re-encode to at most `limit` bytes."""

    limit: int


@dataclass(frozen=True, slots=True)
class AsSource:
    """The first frame, upright, in sRGB, with no side over `max_side` pixels.

    `lossless`: as a PNG, for a mask, whose edges must stay.
    """

    max_side: int
    lossless: bool = False


@dataclass(frozen=True, slots=True)
class Cover:
    """Exactly that size: scaled to cover it, and cropped on both sides alike.

    Transparent parts become white or, with `filled`, the colours around them.
    """

    width: int
    height: int
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Enlarge:
    """The picture at the place `onto`, surrounded by the colours of its edge."""

    onto: Placement


@dataclass(frozen=True, slots=True)
class ReadMask:
    """An uploaded mask for a picture of `of_width` x `of_height`, cropped as `Cover` does.

    White is repainted, and any colour on black, on white or on a transparent layer. In a picture
    with holes, the holes are.
    """

    width: int
    height: int
    of_width: int
    of_height: int


@dataclass(frozen=True, slots=True)
class ReadAlpha:
    """The mask from a picture's own transparent parts, cropped as `Cover` does.

    `least`: the share of its points that must be transparent, 0 to 1; with fewer it is blank.
    """

    width: int
    height: int
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class DrawCells:
    """A mask of those cells of three by three (bot.domain.requests.Part). Needs no picture."""

    width: int
    height: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawMargin:
    """The mask of the margin that `Enlarge` added. Needs no picture."""

    around: Placement


@dataclass(frozen=True, slots=True)
class Curve:
    """A panel of a chart. `points`: x and y from 0 to 1, by x; `colour`: #rrggbb.

    `marks`: the labels of the vertical axis, from 0 upwards.
    """

    points: tuple[tuple[float, float], ...]
    colour: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawChart:
    """Panels, two in a row. `times`: the labels of the horizontal axis. Needs no picture."""

    width: int
    height: int
    curves: tuple[Curve, ...]
    times: tuple[str, ...]


Change = Shrink | AsSource | Cover | Enlarge | ReadMask | ReadAlpha
Drawing = DrawCells | DrawMargin | DrawChart
Order = Change | Drawing
_ORDERS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Order)}


class Outcome(IntEnum):
    """Outcome of an order: a picture follows, or a reason."""

    DONE = 1
    REFUSED = 2
    BLANK = 3  # the mask marks nothing
    FULL = 4  # the mask marks everything


def packed(order: Order) -> bytes:
    """An order as JSON."""
    return json.dumps([type(order).__name__, asdict(order)]).encode()


def unpacked(data: bytes) -> Order:
    """The order of that JSON."""
    name, fields = json.loads(data)
    for field in ("onto", "around"):
        if field in fields:
            fields[field] = Placement(**fields[field])
    if "curves" in fields:
        fields["curves"] = tuple(Curve(**curve) for curve in fields["curves"])
    return _ORDERS[name](**fields)
