"""Results as backends send them: texts are cleaned, and files may come inside the answer."""

import base64
import re
import unicodedata

from bot.errors import BadReply, ResultTooLarge
from bot.i18n import _

TEXT_MAX = 100_000  # characters; the longest text has 4,096 tokens, about 20,000
DROPPED = frozenset({"Cc", "Cs"})  # control characters, lone surrogates
INLINE_PICTURE = "data:;base64,"  # how a picture that came without a link is passed on
INLINE_SVG = "data:image/svg+xml;base64,"  # for drawings that came without a link
_DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,", re.IGNORECASE)
_LOOKED_AT = 64  # characters: enough to distinguish a picture from other text
_STARTS = (b"RIFF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def plain_answer(text: str, limit: int) -> str:
    """Without control characters, at most `limit` long. Markdown is escaped by the cards."""
    kept = (c for c in text[: 2 * limit] if c in "\n\t" or unicodedata.category(c) not in DROPPED)
    return "".join(kept)[:limit]


def is_link(text: str) -> bool:
    """Whether the server sent a link, and not the worker's own text."""
    return text.startswith(("https://", "http://"))


def inline_picture(text: str) -> str:
    """A base64 picture as a data URL; "" for anything else.

    Backends that do not know `r2` answer so.
    """
    found = _DATA.match(text)
    content = text[found.end() :] if found else text
    head = content[:_LOOKED_AT].encode("ascii", "replace")
    try:
        start = base64.b64decode(head, validate=True)
    except ValueError:
        return ""
    return INLINE_PICTURE + content if start.startswith(_STARTS) else ""


def inline_content(url: str, limit: int) -> bytes | None:
    """The bytes of a result that came without a link; None for a link.

    Raises ResultTooLarge above `limit` bytes, BadReply when it is not base64.
    """
    inline = next((start for start in (INLINE_SVG, INLINE_PICTURE) if url.startswith(start)), "")
    if not inline:
        return None
    if len(url) * 3 // 4 > limit:
        raise ResultTooLarge(_("The result is too large."))
    try:
        return base64.b64decode(url.removeprefix(inline), validate=True)
    except ValueError:
        raise BadReply(_("The worker sent a result that cannot be read.")) from None
