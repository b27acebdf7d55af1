"""Results of alchemy forms. Their shape is the worker's choice, so every value is checked."""

import base64
import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypedDict, cast

from bot.backends.inline_results import INLINE_SVG, inline_picture, is_link, plain_answer
from bot.domain.alchemy import annotations
from bot.domain.alchemy.alchemy_forms import FORMS, Returns, form_of
from bot.domain.generations import FormResult, Tag
from bot.horde.job_responses import FormStatus
from bot.i18n import N_, _

State = Literal["waiting", "processing", "done", "faulted", "cancelled"]
STATES: dict[str, State] = {
    "waiting": "waiting",
    "processing": "processing",
    "done": "done",
    "faulted": "faulted",
    "cancelled": "cancelled",
}
ENDS = frozenset({"done", "faulted", "cancelled"})

TEXT_MAX = 20_000  # characters
SVG_MAX = 1024 * 1024  # characters
GROUPS_MAX, TAGS_MAX = 20, 50  # of an interrogation
COLOURS_MAX = 32
JSON_DEPTH = 8  # levels of a result without a reader; deeper ones are left out

FAILED = N_("The workers failed.")
CANCELLED = N_("The form was cancelled.")
UNREADABLE = N_("The worker sent a result that cannot be shown.")

_HEX = re.compile(r"(?:#?([0-9a-fA-F]{6})|#([0-9a-fA-F]{3}))")


class _Found(TypedDict, total=False):
    text: str
    code: bool
    flag: bool
    tags: dict[str, tuple[Tag, ...]]
    url: str


def form_results(statuses: Sequence[FormStatus]) -> tuple[FormResult, ...]:
    """One result for each form, in the order of FORMS: the server's changes with each poll."""
    best: dict[str, FormResult] = {}
    for result in map(form_result, statuses):
        known = best.get(result.form)
        if known is None or (known.problem and not result.problem):
            best[result.form] = result
    places = {name: place for place, name in enumerate(FORMS)}
    return tuple(sorted(best.values(), key=lambda r: (places.get(r.form, len(places)), r.form)))


def form_result(status: FormStatus) -> FormResult:
    """Result of one form: its value when done and readable, otherwise the problem."""
    name, state = _name(status), STATES.get(status.state, "waiting")
    if state != "done":
        problem = {"faulted": FAILED, "cancelled": CANCELLED}.get(state)
        return FormResult(form=name, state=state, problem=_(problem) if problem else "")
    found = _READERS[form_of(name).returns](_value(status))
    if found is None:
        return FormResult(form=name, state="done", problem=_(UNREADABLE))
    return FormResult(form=name, state="done", **found)


def _name(status: FormStatus) -> str:
    """Its name; that of an annotation has its type, which some servers leave out."""
    if status.form == annotations.FORM:
        return plain_answer(annotations.form_name(status.payload.control_type), 60)
    return plain_answer(status.form, 60)


def _value(status: FormStatus) -> object:
    """{form: value} as documented, or {anything: value} with a single entry."""
    if status.form in status.result:
        return status.result[status.form]
    if len(status.result) == 1:
        return next(iter(status.result.values()))
    return status.result or None


def _text(value: object) -> _Found | None:
    text = plain_answer(value, TEXT_MAX).strip() if isinstance(value, str) else ""
    return {"text": text} if text else None


def _flag(value: object) -> _Found | None:
    word = str(value).lower() if isinstance(value, bool | int | str) else ""
    flag = {"true": True, "false": False, "1": True, "0": False}.get(word)
    return None if flag is None else {"flag": flag}


def _score(value: object) -> _Found | None:
    if isinstance(value, dict):  # {"aesthetic": 5.6}
        entries = list(cast("dict[object, object]", value).values())
        value = entries[0] if len(entries) == 1 else None
    number = _number(value)
    return None if number is None else {"text": f"{number:.2f}"}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) < 1e9 else None


def _tags(value: object) -> _Found | None:
    """{"artists": [{"text", "confidence" in percent}, ...], ...}; empty groups are left out."""
    if not isinstance(value, dict):
        return None
    groups = {
        plain_answer(str(name), 40): _group(cast("list[Any]", entries))
        for name, entries in cast("dict[object, object]", value).items()
        if isinstance(entries, list)
    }
    full = {name: tags for name, tags in groups.items() if tags}
    return {"tags": dict(list(full.items())[:GROUPS_MAX])} if full else None


def _group(entries: list[Any]) -> tuple[Tag, ...]:
    tags = [tag for tag in map(_tag, entries) if tag]
    return tuple(sorted(tags, key=lambda tag: -tag.confidence)[:TAGS_MAX])


def _tag(entry: object) -> Tag | None:
    fields = cast("dict[str, object]", entry) if isinstance(entry, dict) else {"text": entry}
    text = fields.get("text")
    clean = plain_answer(text, 200).strip() if isinstance(text, str) else ""
    confidence = _number(fields.get("confidence")) or 0.0
    return Tag(text=clean, confidence=min(max(confidence, 0.0), 100.0)) if clean else None


def _colours(value: object) -> _Found | None:
    """Colours as "#rrggbb", from any list of hexadecimal words, RGB triples or objects of them."""
    found = [colour for colour in map(_colour, _listed(value)) if colour]
    unique = list(dict.fromkeys(found))[:COLOURS_MAX]
    return {"text": ", ".join(unique)} if unique else None


def _listed(value: object) -> list[Any]:
    """The entries of a text, list or object; of an object its names and its values."""
    if isinstance(value, str):
        return re.split(r"[\s,;]+", value)
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        lists = [cast("list[Any]", inner) for inner in pairs.values() if isinstance(inner, list)]
        return [*pairs, *pairs.values(), *(entry for inner in lists for entry in inner)]
    return cast("list[Any]", value) if isinstance(value, list) else []


def _colour(entry: object) -> str:
    if isinstance(entry, dict):  # {"hex": "#aabbcc", "percent": 12}
        inner = cast("dict[object, object]", entry).values()
        return next((colour for colour in map(_bare_colour, inner) if colour), "")
    return _bare_colour(entry)


def _bare_colour(entry: object) -> str:
    if isinstance(entry, str) and (match := _HEX.fullmatch(entry.strip())):
        digits = (match[1] or match[2]).lower()
        return "#" + (digits if len(digits) == 6 else "".join(2 * c for c in digits))
    if isinstance(entry, list) and len(cast("list[Any]", entry)) == 3:
        parts = [_number(part) for part in cast("list[Any]", entry)]
        if all(part is not None and 0 <= part <= 255 for part in parts):
            return "#" + "".join(f"{int(part or 0):02x}" for part in parts)
    return ""


def _picture(value: object) -> _Found | None:
    if not isinstance(value, str):
        return None
    url = value if is_link(value) else inline_picture(value)
    return {"url": url} if url else None


def _svg(value: object) -> _Found | None:
    if not isinstance(value, str) or len(value) > SVG_MAX:
        return None
    if is_link(value):
        return {"url": value}
    drawing = value.lstrip("\ufeff \t\r\n")
    if drawing.startswith(("<svg", "<?xml")) and "<svg" in drawing:
        return {"url": INLINE_SVG + base64.b64encode(drawing.encode()).decode()}
    return None


def _any(value: object) -> _Found | None:
    """An image, a text, or anything else as JSON without links, which are secret and expire."""
    if isinstance(value, str):
        return _picture(value) or _text(value)
    if value is None:
        return None
    text = json.dumps(_without_links(value), indent=2, ensure_ascii=False)
    return {"text": plain_answer(text, TEXT_MAX), "code": True}


def _without_links(value: object, deep: int = 0) -> object:
    if deep > JSON_DEPTH:
        return "..."
    if isinstance(value, dict):
        pairs = cast("dict[str, object]", value).items()
        return {name: _without_links(each, deep + 1) for name, each in pairs}
    if isinstance(value, list):
        return [_without_links(each, deep + 1) for each in cast("list[object]", value)]
    return "..." if isinstance(value, str) and is_link(value) else value


_READERS: dict[Returns, Callable[[object], _Found | None]] = {
    "text": _text,
    "flag": _flag,
    "tags": _tags,
    "picture": _picture,
    "score": _score,
    "colours": _colours,
    "svg": _svg,
    "any": _any,
}
