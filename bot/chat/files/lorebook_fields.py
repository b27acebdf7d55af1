"""How the fields of a lorebook's entry are read and written, in the form of character cards.

Fields that say the same in several ways (a position as a name and as a number) stay as they were
in `LoreEntry.extra`; an export changes them only when the entry has changed.
"""

import re
from collections.abc import Mapping
from typing import cast

from bot.chat.files.fields import Fields, plain_field, says_something, whole_number
from bot.chat.files.json_input import Json
from bot.domain.chat.lorebooks import LoreEntry, LorePosition, SecondaryKeys

# Fields whose value is written as it is.
EXACT = ("keys", "secondary_keys", "content", "enabled", "constant", "selective", "insertion_order")
DEPTH_MAX = 1_000  # messages
AT_DEPTH = 4  # number of this position in SillyTavern
# SillyTavern's numbers: before and after the character, at the top and the bottom of the author's
# note, at a depth, before and after the example messages.
POSITIONS = {
    0: LorePosition.BEFORE_CHARACTER,
    1: LorePosition.AFTER_CHARACTER,
    2: LorePosition.AT_DEPTH,
    3: LorePosition.AT_DEPTH,
    AT_DEPTH: LorePosition.AT_DEPTH,
    5: LorePosition.AFTER_CHARACTER,
    6: LorePosition.AFTER_CHARACTER,
}
_NUMBERS = {
    LorePosition.BEFORE_CHARACTER: 0,
    LorePosition.AFTER_CHARACTER: 1,
    LorePosition.AT_DEPTH: AT_DEPTH,
}
LOGIC = (SecondaryKeys.ANY, SecondaryKeys.NOT_ALL, SecondaryKeys.NOT_ANY, SecondaryKeys.ALL)
_USED_EXTENSIONS = frozenset(
    {"position", "depth", "selectiveLogic", "scan_depth", "case_sensitive", "match_whole_words"}
    | {"exclude_recursion", "prevent_recursion"}
)
# Values that every file of SillyTavern has and that change nothing.
_USUAL: Mapping[str, object] = {
    "probability": 100,
    "useProbability": True,
    "group_weight": 100,
    "addMemo": True,
}
_UNNAMED = frozenset({"display_index", "vectorized", "world_info"})
_PATTERN = re.compile(r"/.+/[a-z]*", re.DOTALL)


def mapped_fields(raw: Json) -> dict[str, object]:
    """The values of a LoreEntry that may be written in several ways."""
    fields, extensions = Fields(raw), Fields(lore_extensions_of(raw))
    return {
        "name": plain_field(fields.get("name") or fields.get("comment"))[:200],
        "priority": fields.number("priority", default=0),
        "logic": _logic(extensions.get("selectiveLogic")),
        "position": _position(fields.get("position"), extensions.get("position")),
        "depth": extensions.optional_number("depth", most=DEPTH_MAX) or _no_depth(extensions),
        "scan_depth": extensions.optional_number("scan_depth", most=DEPTH_MAX),
        "case_sensitive": _first(
            fields.optional_flag("case_sensitive"), extensions.optional_flag("case_sensitive")
        ),
        "whole_words": extensions.optional_flag("match_whole_words"),
        "regex": _is_regex(raw, fields),
        "recursive": not extensions.flag("prevent_recursion", default=False),
        "found_by_text": not extensions.flag("exclude_recursion", default=False),
    }


def write_mapped(raw: Json, entry: LoreEntry) -> None:
    """Put the values of an entry into the fields of its file that now have other ones."""
    before = mapped_fields(raw)
    extensions = dict(lore_extensions_of(raw))
    for name, value in _written(entry).items():
        if before[name] == getattr(entry, name):
            continue
        for place, field in _PLACES[name]:
            (extensions if place else raw)[field] = value
    if before["position"] != entry.position:
        raw["position"] = _position_name(entry.position)
    raw["extensions"] = extensions


def unused_fields(raw: Json, known: frozenset[str]) -> set[str]:
    """Names of the fields of an entry that the bot does not use and that have a value."""
    names = {name for name, one in raw.items() if name not in known and _counts(name, one)}
    inside = lore_extensions_of(raw).items()
    used = _USED_EXTENSIONS
    return names | {name for name, one in inside if name not in used and _counts(name, one)}


def lore_extensions_of(raw: Json) -> Json:
    """The object `extensions` of an entry."""
    found = raw.get("extensions")
    return cast("Json", found) if isinstance(found, dict) else {}


# Where a value is written: True for a field of `extensions`.
_PLACES: Mapping[str, tuple[tuple[bool, str], ...]] = {
    "name": ((False, "name"), (False, "comment")),
    "priority": ((False, "priority"),),
    "logic": ((True, "selectiveLogic"),),
    "position": ((True, "position"),),
    "depth": ((True, "depth"),),
    "scan_depth": ((True, "scan_depth"),),
    "case_sensitive": ((False, "case_sensitive"), (True, "case_sensitive")),
    "whole_words": ((True, "match_whole_words"),),
    "regex": ((False, "use_regex"),),
    "recursive": ((True, "prevent_recursion"),),
    "found_by_text": ((True, "exclude_recursion"),),
}


def _written(entry: LoreEntry) -> Json:
    return {
        "name": entry.name,
        "priority": entry.priority,
        "logic": LOGIC.index(entry.logic),
        "position": _NUMBERS[entry.position],
        "depth": entry.depth,
        "scan_depth": entry.scan_depth,
        "case_sensitive": entry.case_sensitive,
        "whole_words": entry.whole_words,
        "regex": entry.regex,
        "recursive": not entry.recursive,
        "found_by_text": not entry.found_by_text,
    }


def _position(named: object, numbered: object) -> LorePosition:
    """SillyTavern's number tells more than the name beside it."""
    for value in (numbered, named):
        number = whole_number(value)
        if number in POSITIONS:
            return POSITIONS[number]
        if isinstance(value, str) and value in set(LorePosition):
            return LorePosition(value)
    return LorePosition.BEFORE_CHARACTER


def _position_name(position: LorePosition) -> str:
    """Version 2 knows two positions; the depth is in `extensions`."""
    before = position is LorePosition.BEFORE_CHARACTER
    return (LorePosition.BEFORE_CHARACTER if before else LorePosition.AFTER_CHARACTER).value


def _logic(value: object) -> SecondaryKeys:
    number = whole_number(value)
    return LOGIC[number] if number is not None and 0 <= number < len(LOGIC) else LOGIC[0]


def _no_depth(extensions: Fields) -> int:
    """The default depth; 0 when that is in the file."""
    return 0 if whole_number(extensions.get("depth")) is not None else AT_DEPTH


def _is_regex(raw: Json, fields: Fields) -> bool:
    """Whether the keys are patterns. SillyTavern marks all entries, and means keys as /this/."""
    if fields.optional_flag("use_regex") is not True:
        return False
    if "selectiveLogic" not in lore_extensions_of(raw):
        return True
    keys = raw.get("keys")
    texts = cast("list[object]", keys) if isinstance(keys, list) else []
    return bool(texts) and all(isinstance(key, str) and _PATTERN.fullmatch(key) for key in texts)


def _first(one: bool | None, other: bool | None) -> bool | None:
    return other if one is None else one


def _counts(name: str, value: object) -> bool:
    return name not in _UNNAMED and says_something(value) and _USUAL.get(name) != value
