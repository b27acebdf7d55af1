"""World info of SillyTavern: its names of the fields of lorebooks, and lorebooks as files."""

import json
from typing import cast

from bot.chat.files.fields import listed, whole_number
from bot.chat.files.json_input import Json
from bot.chat.files.lorebook_fields import AT_DEPTH, lore_extensions_of
from bot.chat.files.lorebook_json import lorebook_object
from bot.domain.chat.lorebooks import Lorebook

_FIELDS = {
    "uid": "id",
    "key": "keys",
    "keysecondary": "secondary_keys",
    "comment": "comment",
    "content": "content",
    "constant": "constant",
    "selective": "selective",
    "order": "insertion_order",
}
_EXTENSIONS = {
    "position": "position",
    "excludeRecursion": "exclude_recursion",
    "preventRecursion": "prevent_recursion",
    "delayUntilRecursion": "delay_until_recursion",
    "displayIndex": "display_index",
    "probability": "probability",
    "useProbability": "useProbability",
    "depth": "depth",
    "selectiveLogic": "selectiveLogic",
    "outletName": "outlet_name",
    "group": "group",
    "groupOverride": "group_override",
    "groupWeight": "group_weight",
    "scanDepth": "scan_depth",
    "caseSensitive": "case_sensitive",
    "matchWholeWords": "match_whole_words",
    "useGroupScoring": "use_group_scoring",
    "automationId": "automation_id",
    "role": "role",
    "vectorized": "vectorized",
    "sticky": "sticky",
    "cooldown": "cooldown",
    "delay": "delay",
    "triggers": "triggers",
    "ignoreBudget": "ignore_budget",
}
_OTHERS = "world_info"  # in `extensions`: fields of a file that have no name there
# What SillyTavern expects in each entry.
_USUAL: Json = {
    "vectorized": False,
    "selectiveLogic": 0,
    "addMemo": True,
    "excludeRecursion": False,
    "preventRecursion": False,
    "delayUntilRecursion": False,
    "probability": 100,
    "useProbability": True,
    "depth": AT_DEPTH,
    "group": "",
    "groupOverride": False,
    "groupWeight": 100,
    "scanDepth": None,
    "caseSensitive": None,
    "matchWholeWords": None,
    "useGroupScoring": None,
    "automationId": "",
    "role": None,
    "sticky": 0,
    "cooldown": 0,
    "delay": 0,
}


def is_world_info(raw: Json) -> bool:
    """Whether the entries of an object have SillyTavern's names."""
    entries = listed(raw.get("entries")) or []
    objects = [cast("Json", entry) for entry in entries if isinstance(entry, dict)]
    return bool(objects) and all("key" in entry and "keys" not in entry for entry in objects)


def book_of_world_info(raw: Json) -> Json:
    """The object with the names of character cards. A copy in `originalData` is left out."""
    book = {name: value for name, value in raw.items() if name != "originalData"}
    return book | {"entries": [_renamed(entry) for entry in listed(raw["entries"]) or []]}


def _renamed(entry: object) -> object:
    if not isinstance(entry, dict):
        return entry
    raw = cast("Json", entry)
    found: Json = {}
    extensions: Json = dict(lore_extensions_of(raw))
    others: Json = {}
    for name, value in raw.items():
        if name in _FIELDS:
            found[_FIELDS[name]] = value
        elif name in _EXTENSIONS:
            extensions[_EXTENSIONS[name]] = value
        elif name == "disable":
            found["enabled"] = not value
        elif name != "extensions":
            others[name] = value
    if others:
        extensions[_OTHERS] = others
    # The file says only "selective", and its keys are patterns when they look like ones.
    return {**found, "use_regex": True, "extensions": {"selectiveLogic": 0, **extensions}}


def world_info_json(lorebook: Lorebook) -> bytes:
    """A file of SillyTavern's world info."""
    book = lorebook_object(lorebook, version=3)
    entries = [cast("Json", entry) for entry in cast("list[object]", book.pop("entries"))]
    book = {name: value for name, value in book.items() if name != "extensions" or value}
    named = {str(number): _world_entry(entry, number) for number, entry in enumerate(entries)}
    return _file({**book, "entries": named})


def _world_entry(entry: Json, number: int) -> Json:
    extensions = lore_extensions_of(entry)
    others = extensions.get(_OTHERS)
    found = dict(_USUAL) | {"displayIndex": number}
    found |= cast("Json", others) if isinstance(others, dict) else {}
    found |= {name: entry[field] for name, field in _FIELDS.items() if field in entry}
    found |= {n: extensions[field] for n, field in _EXTENSIONS.items() if field in extensions}
    known = {_OTHERS, *_EXTENSIONS.values()}
    if rest := {name: value for name, value in extensions.items() if name not in known}:
        found["extensions"] = rest
    found.setdefault("comment", entry.get("name", ""))
    found.setdefault("position", 1 if entry.get("position") == "after_char" else 0)
    found["disable"] = not entry["enabled"]
    if whole_number(entry.get("id")) is None:
        found["uid"] = number
    return found


def lorebook_json(lorebook: Lorebook) -> bytes:
    """A file of a lorebook by the specification of version 3."""
    return _file({"spec": "lorebook_v3", "data": lorebook_object(lorebook, version=3)})


def _file(value: Json) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
