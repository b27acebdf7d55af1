"""What the bot and its picture child say to each other, over the child's stdin and stdout.

A message each way: one byte (the picture's orientation as EXIF counts it; on the way back how it
went), the length of the order, the length of the picture or the reason, then both of them. An order
is JSON; answers carry none.
"""

import json
import struct
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, get_args

HEADER = struct.Struct(">BII")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a source lies on the canvas of `width` x `height` that outpainting enlarges it to."""

    width: int
    height: int
    left: int
    top: int
    inner_width: int
    inner_height: int


@dataclass(frozen=True, slots=True)
class Shrink:
    """At most `limit` bytes."""

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
    """Exactly that size: scaled to cover it, what is too much cut off on both sides alike.

    What is transparent becomes white or, with `filled`, what is around it.
    """

    width: int
    height: int
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Enlarge:
    """The picture where `onto` says, and around it the colours of its edge."""

    onto: Placement


@dataclass(frozen=True, slots=True)
class ReadMask:
    """A mask that somebody made for a picture of `of_width` x `of_height`, cut as `Cover` cuts it.

    White is painted anew, and any colour that is drawn on black, on white or on a transparent
    layer. Of a picture with holes, the holes are.
    """

    width: int
    height: int
    of_width: int
    of_height: int


@dataclass(frozen=True, slots=True)
class ReadAlpha:
    """The mask that a picture's own transparent parts are, cut as `Cover` cuts it.

    `least`: the share of its points that must be transparent, 0 to 1; with fewer it is blank.
    """

    width: int
    height: int
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class DrawCells:
    """A mask of those cells of three by three (bot.requests.Part). Needs no picture."""

    width: int
    height: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawMargin:
    """The mask of what `Enlarge` added. Needs no picture."""

    around: Placement


Change = Shrink | AsSource | Cover | Enlarge | ReadMask | ReadAlpha
Drawing = DrawCells | DrawMargin
Order = Change | Drawing
_ORDERS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Order)}


class Outcome(IntEnum):
    """How it went: a picture follows, or a reason."""

    DONE = 1
    REFUSED = 2
    BLANK = 3  # a mask that leaves nothing to paint
    FULL = 4  # a mask that leaves nothing as it is


def packed(order: Order) -> bytes:
    """An order as JSON."""
    return json.dumps([type(order).__name__, asdict(order)]).encode()


def unpacked(data: bytes) -> Order:
    """The order of that JSON."""
    name, fields = json.loads(data)
    for field in ("onto", "around"):
        if field in fields:
            fields[field] = Placement(**fields[field])
    return _ORDERS[name](**fields)
