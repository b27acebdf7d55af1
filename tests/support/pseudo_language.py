"""A pseudo-language for whole-bot tests: accented letters, 40 % longer, and back again.

The bot says everything in it when a test runs with HORDECORD_TEST_PSEUDO=1, and the driver turns
what it reads back into English. A text that is cut, refused by a limit or compared with English
text in the bot then fails a test.
"""

import math
import os
import re
from typing import Any, cast

PLAIN = "abcdefghijklmnopqrstuvwxyz"
ACCENTED = "ạḅḉḍẹḟḡḥịɉḳḷṃṇọṗɋṛṣṭụṿẉẋỵẓ"
PADDING = "˙"
LONGER = 0.4  # of the length of a message
TO_PSEUDO = str.maketrans(PLAIN + PLAIN.upper(), ACCENTED + ACCENTED.upper())
TO_PLAIN = str.maketrans(ACCENTED + ACCENTED.upper(), PLAIN + PLAIN.upper(), PADDING)
# Placeholders, code, commands, addresses, mentions and times of Discord.
KEPT = re.compile(r"(\{[^{}]*\}|`[^`]*`|(?<![\w/])/[a-z]\w*|https?://[^\s˙]+|<[^<>]*>)")


def wanted() -> bool:
    """Whether this run of the tests is one in the pseudo-language."""
    return os.environ.get("HORDECORD_TEST_PSEUDO") == "1"


def pseudo(message: str) -> str:
    """The message in the pseudo-language, with its placeholders and commands as they are."""
    parts = KEPT.split(message)
    parts[::2] = [part.translate(TO_PSEUDO) for part in parts[::2]]
    text = "".join(parts)
    end = len(text.rstrip())
    return text[:end] + PADDING * math.ceil(LONGER * end) + text[end:]


def plain(value: Any) -> Any:
    """A JSON value with English texts instead of those of the pseudo-language."""
    if isinstance(value, str):
        return value.translate(TO_PLAIN)
    if isinstance(value, list):
        return [plain(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in cast("dict[str, Any]", value).items()}
    return value
