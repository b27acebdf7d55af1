"""Names of characters as Discord accepts them for messages of webhooks. Pure."""

import re
import unicodedata

NAME_MAX = 80
NAMELESS = "?"
# Discord refuses names with these words, and names that are one of the others (docs of 2026-08).
_INSIDE = re.compile("(dis)(cord)|(cly)(de)|(system )(message)", re.IGNORECASE)
_WHOLE = re.compile("(every)(one)|(he)(re)", re.IGNORECASE)
_REFUSED = re.compile("[@#:`]+")


def webhook_name(name: str) -> str:
    """The name, changed where Discord refuses it: a word gets a dot inside, signs are left out."""
    seen = "".join(each for each in name if unicodedata.category(each) not in {"Cc", "Cf", "Cs"})
    words = " ".join(_REFUSED.sub(" ", seen).split())
    parted = _INSIDE.sub(_with_dot, words)
    if _WHOLE.fullmatch(parted):
        parted = _WHOLE.sub(_with_dot, parted)
    return parted[:NAME_MAX].strip() or NAMELESS


def _with_dot(found: re.Match[str]) -> str:
    return "·".join(part for part in found.groups() if part)
