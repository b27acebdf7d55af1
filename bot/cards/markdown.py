"""Escapes foreign text (prompts, names, workers' texts) for a Discord message.

It does not rely on `allowed_mentions`, which is off as well: escaped text cannot mention, link or
format when it is copied elsewhere either.
"""

import re
import unicodedata

ELLIPSIS = "…"
WEIGHT = 0.41  # units a byte, see `units`: 4,000 units are below 10,000 bytes
MARKS_MAX = 3  # Hebrew and Vietnamese stack up to three marks on a letter; "zalgo" stacks dozens
_WORK_MAX = 8  # characters read for one that is shown: a worker may send megabytes of nothing

BREAK = "\u200b"  # the zero-width space that Discord's own clients add after an @
MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)", re.IGNORECASE)
_ALWAYS = re.compile(r"[\\`*_~|<>\[\]]")
_IN_CODE = re.compile(rf"{MENTION.pattern}|<(?=#\d)", re.IGNORECASE)
_LINE_START = re.compile(r"^([ ]*)(?:([#+-])|(\d+)([.)]))", re.MULTILINE)
_SCHEME = re.compile(r":(?=//)")
_FENCE = re.compile(r"``(?=`)")
_BLANKS = re.compile(r"(?<! ) *\n(?: *\n){2,}")  # linear time also for a long row of blanks
LINES_MAX = 6  # line ends in a row that a poem or code may have
_MANY_BLANKS = re.compile(r"(?<! ) *\n(?: *\n){6,}")
_SPACES = re.compile(r"\s+")
# **Again**, `/account login` and `hires_fix` after `safe`: plain words between the marks.
_BOLD = r"\\\*\\\*[^\W\d_]+(?: [^\W\d_]+){0,3}\\\*\\\*"
_CODE = r"\\[`]/?\w(?:[\w .-]|\\_){0,60}\\`"
_ESCAPED_MARKS = re.compile(f"{_BOLD}|{_CODE}")
_CONTROLS = {code: None for code in (*range(32), 127) if chr(code) not in "\n\t"} | {9: " "}

# Letters by category, yet invisible: the Hangul fillers and the blank Braille cell.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_JOINERS = frozenset("\u200c\u200d")  # family emoji, Persian and Indic spelling need them
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def units(text: str) -> int:
    """Length in UTF-16 units: never less than Discord counts.

    Text of many bytes counts for more: a message answers 500 from about 10,158 bytes of text on,
    though its 4,000 characters are not reached (discord-api-docs #8554, open in 2026-08).
    """
    if text.isascii():
        return len(text)
    return max(
        len(text) + sum(c > "\uffff" for c in text),
        int(len(text.encode("utf-8", "replace")) * WEIGHT),
    )


def clean(text: str, limit: int) -> str:
    """Plain text without invisible, bidirectional or piled-up characters; line ends are kept.

    At most `limit` units long, with an ellipsis where it was cut. For places without markdown:
    alt texts, choices, file names.
    """
    return cut(_visible(text[: max(0, limit) * _WORK_MAX]), limit)


def line(text: str, limit: int) -> str:
    """As `clean`, and on one line."""
    return cut(_SPACES.sub(" ", _visible(text[: max(0, limit) * _WORK_MAX])), limit)


def safe(text: str, limit: int) -> str:
    """Text that markdown shows unchanged: without mention, link, heading, list or style.

    At most `limit` units long including the backslashes, with an ellipsis where it was cut.
    """
    return _escaped(clean(text, limit), limit)


def fits(text: str, limit: int) -> bool:
    """Whether `safe` shows all of it."""
    if len(text) > limit * _WORK_MAX:
        return False
    whole = _visible(text)
    return units(whole) <= limit and units(_marked(whole)) <= limit


def safe_line(text: str, limit: int) -> str:
    """As `safe`, and on one line."""
    return _escaped(line(text, limit), limit)


def own_sentence(text: str, limit: int) -> str:
    """As `safe_line`, for sentences of the bot: bold words and short codes in them are kept."""
    return _ESCAPED_MARKS.sub(lambda found: found[0].replace("\\", ""), safe_line(text, limit))


def inline_code(text: str, limit: int) -> str:
    """One line in code style, at most `limit` units with its marks; "" for nothing."""
    inner = line(text, max(0, limit - 2)).replace("`", "'")
    inner = cut(_IN_CODE.sub(r"\g<0>" + BREAK, inner), max(0, limit - 2))
    return f"`{inner}`" if inner else ""


def code_block(text: str, limit: int) -> str:
    """A fenced block that the text cannot leave, at most `limit` (8 or more) units in all."""
    inner = _fenced(clean(text, max(0, limit - 8)))
    return f"```\n{cut(inner, max(0, limit - 8))}\n```"


def unchanged(text: str, limit: int) -> bool:
    """Whether `code_block` shows this text unchanged, so that it can be copied from there."""
    return code_block(text, limit) == f"```\n{text}\n```"


def clean_lines(text: str) -> str:
    """A text without the characters that `clean` removes, but with up to LINES_MAX line ends in a
    row.
    """
    return _visible(text, _MANY_BLANKS, "\n" * LINES_MAX, keep=True)


def _visible(
    text: str,
    blanks: re.Pattern[str] = _BLANKS,
    instead: str = "\n\n",
    *,
    keep: bool = False,
) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _without_hidden(unicodedata.normalize("NFC", text))
    text = blanks.sub(instead, text.translate(_CONTROLS))
    return text.strip("\n").rstrip() if keep else text.strip()


def _without_hidden(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for i, c in enumerate(text):
        category = unicodedata.category(c)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in {"Zl", "Zp"}:
            kept.append("\n")
        elif category == "Zs" or c in _BLANK_LETTERS:
            kept.append(" ")
        elif c in "\n\t" or c in _JOINERS:
            kept.append(c if c in "\n\t" or _joins(text, i) else "")
        elif category not in _HIDDEN and marks <= MARKS_MAX:
            kept.append(c)
    return "".join(kept)


def _joins(text: str, at: int) -> bool:
    """A joiner is kept only between two characters that it can join: never in Latin words."""
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return len(around) == 2 and all(
        c > "\u02ff" and unicodedata.category(c)[0] in "LMS" for c in around
    )


def cut(text: str, limit: int) -> str:
    if units(text) <= limit:
        return text
    if limit < units(ELLIPSIS):
        return ""
    text = text[: limit - 1]
    while (over := units(text + ELLIPSIS) - limit) > 0:
        text = text[: -max(1, over // 2)]  # a character is one unit or two
    return text.rstrip() + ELLIPSIS


def shortened(text: str, limit: int) -> str:
    """One line of at most `limit` units, without an ellipsis: for a search in a custom_id."""
    text = " ".join(text.split())[:limit]
    while units(text) > limit:
        text = text[:-1]
    return text


def _escaped(text: str, limit: int) -> str:
    while True:
        marked = _marked(text)
        over = units(marked) - limit
        if over <= 0 or not text:
            return marked if over <= 0 else ""
        # Shorten before escaping, so that no escape is cut in two.
        text = cut(text, max(0, units(text) - max(1, over // 2)))


def _marked(text: str) -> str:
    marked = _ALWAYS.sub(r"\\\g<0>", text)
    marked = _LINE_START.sub(_mark_line, marked)
    return MENTION.sub("@" + BREAK, _SCHEME.sub(r"\\:", marked))


def _mark_line(found: re.Match[str]) -> str:
    space, sign, number, dot = found.groups()
    return f"{space}\\{sign}" if sign else f"{space}{number}\\{dot}"


def _fenced(text: str) -> str:
    return _IN_CODE.sub(r"\g<0>" + BREAK, _FENCE.sub("``" + BREAK, text))
