"""What the bot and its picture child say to each other, over the child's stdin and stdout.

A message each way: one byte (a verb, or how it went), a number (the verb's limit, else 0), the
length of the picture or the reason that follows.
"""

import struct
from enum import IntEnum

HEADER = struct.Struct(">BII")


class Verb(IntEnum):
    """What to do. The number with it: bytes at most, unused, pixels a side at most."""

    SHRINK = 1
    TO_PNG = 2
    AS_SOURCE = 3


class Outcome(IntEnum):
    """How it went: a picture follows, or a reason."""

    DONE = 1
    REFUSED = 2
