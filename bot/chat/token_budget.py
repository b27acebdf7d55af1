"""How many tokens a text has, without the tokenizer of its model."""

from bot.chat.templates import TEMPLATES, Template

BYTES = 3  # of a token: the Horde counts three characters, and letters outside of ASCII need more
BUDGET_MIN = 512  # tokens; a smaller prompt has no room for long names and a line
CUT = "…"


def tokens(text: str) -> int:
    """The tokens of a text, rather too many than too few.

    The Horde counts ceil(characters / 3). Models have about 4 characters of English in one token,
    2 of Cyrillic and 1 of Chinese: three bytes of UTF-8 are never fewer tokens than either.
    """
    return -(-_size(text) // BYTES)


def frame_tokens(template: str = "") -> int:
    """Tokens that a template adds to each message; those of the longest one for an unknown name."""
    return _FRAMES.get(template, _LONGEST)


def cut_start(text: str, most: int) -> str:
    """The end of a text, of at most so many tokens."""
    if tokens(text) <= most:
        return text
    room = most * BYTES - _size(CUT)
    kept = text.encode("utf-8", "replace")[-room:].decode("utf-8", "ignore") if room > 0 else ""
    return CUT + _from_word(kept) if kept else ""


def cut_end(text: str, most: int) -> str:
    """The beginning of a text, of at most so many tokens."""
    if tokens(text) <= most:
        return text
    room = most * BYTES - _size(CUT)
    kept = text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") if room > 0 else ""
    return _to_word(kept) + CUT if kept else ""


def _from_word(text: str) -> str:
    """Without the rest of a word at its beginning, if that is short."""
    _, found, rest = text[:40].partition(" ")
    return rest + text[40:] if found else text


def _to_word(text: str) -> str:
    before, found, _ = text[-40:].rpartition(" ")
    return text[:-40] + before if found else text


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _frame(template: Template) -> int:
    turns = (template.user, template.assistant, template.system or template.user)
    return max(tokens(before + after) for before, after in turns) + 1


_FRAMES = {name: _frame(template) for name, template in TEMPLATES.items()}
_LONGEST = max(_FRAMES.values())
