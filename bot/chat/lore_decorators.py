"""Decorators at the beginning of a lorebook entry, as in the character card specification V3.

A line "@@name value" sets one; "@@@name value" after an unknown one is used in its place. Unknown
ones, and those that the bot cannot obey, are ignored.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, cast

from bot.domain.requests.chat_turn import Role

Place = Literal["before", "after", "personality", "scenario", "depth"]
NUMBER_MAX = 100_000
_LINE = re.compile(r"(@@@?)([a-z_]{1,60})(?:[ \t]+(.*))?", re.IGNORECASE)
_PLACES: Mapping[str, Place] = {
    "before_desc": "before",
    "after_desc": "after",
    "personality": "personality",
    "scenario": "scenario",
}


@dataclass(frozen=True, slots=True)
class Decorators:
    """What the decorators of an entry set; None and empty: nothing.

    `additional_keys`: of each group one must be found. `off`: parts of the prompt that an active
    entry removes: "system_prompt", "post_history_instructions".
    """

    depth: int | None = None
    reverse_depth: int | None = None
    place: Place | None = None
    role: Role | None = None
    scan_depth: int | None = None
    activate_only_after: int | None = None
    activate_only_every: int | None = None
    is_greeting: int | None = None
    keep_activate_after_match: bool = False
    dont_activate_after_match: bool = False
    ignore_on_max_context: bool = False
    constant: bool = False
    activate: bool = False
    dont_activate: bool = False
    additional_keys: tuple[tuple[str, ...], ...] = ()
    exclude_keys: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


NO_DECORATORS = Decorators()


def decorated(content: str) -> tuple[Decorators, str]:
    """The decorators of an entry, and its text without them."""
    begins = content.lstrip()[:2]
    return _parsed(content) if begins == "@@" else (NO_DECORATORS, content)


@lru_cache(256)
def _parsed(content: str) -> tuple[Decorators, str]:
    lines = content.strip().split("\n")
    found, number, obeyed = NO_DECORATORS, 0, False
    seen: set[str] = set()
    for line in lines:
        parts = _LINE.fullmatch(line.strip())
        if parts is None and line.strip():
            break
        number += 1
        if parts is None or (parts[1] == "@@@" and obeyed):
            continue
        name = parts[2].casefold()
        changed = None if name in seen else _with(found, name, (parts[3] or "").strip())
        obeyed = changed is not None
        if changed is not None:
            found = changed
            seen |= {name} - _REPEATED
    return found, "\n".join(lines[number:]).strip()


_REPEATED = frozenset({"additional_keys", "exclude_keys", "disable_ui_prompt"})


def _with(found: Decorators, name: str, value: str) -> Decorators | None:
    """With that decorator; None if it is unknown, or its value is not valid."""
    if name in _FLAGS:
        return replace(found, **{name: True})
    read = _READ.get(name)
    changes = read(found, value) if read else None
    return replace(found, **changes) if changes else None


_FLAGS = frozenset(
    {
        "keep_activate_after_match",
        "dont_activate_after_match",
        "ignore_on_max_context",
        "constant",
        "activate",
        "dont_activate",
    }
)
_Changes = Mapping[str, Any] | None


def _number_of(name: str, least: int = 0) -> Callable[[Decorators, str], _Changes]:
    def read(_found: Decorators, value: str) -> _Changes:
        if not re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
            return None
        return {name: max(least, min(int(value), NUMBER_MAX))}

    return read


def _place(_found: Decorators, value: str) -> _Changes:
    place = _PLACES.get(value.casefold())
    return {"place": place} if place else None


def _role(_found: Decorators, value: str) -> _Changes:
    role = value.casefold()
    return {"role": cast("Role", role)} if role in {"assistant", "system", "user"} else None


def _additional(found: Decorators, value: str) -> _Changes:
    keys = _listed(value)
    return {"additional_keys": (*found.additional_keys, keys)} if keys else None


def _excluded(found: Decorators, value: str) -> _Changes:
    keys = _listed(value)
    return {"exclude_keys": (*found.exclude_keys, *keys)} if keys else None


def _off(found: Decorators, value: str) -> _Changes:
    known = value in {"system_prompt", "post_history_instructions"}
    return {"off": (*found.off, value)} if known else None


def _listed(value: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in value.split(","))))


_READ: Mapping[str, Callable[[Decorators, str], _Changes]] = {
    "depth": _number_of("depth"),
    "reverse_depth": _number_of("reverse_depth"),
    "scan_depth": _number_of("scan_depth"),
    "activate_only_after": _number_of("activate_only_after"),
    "activate_only_every": _number_of("activate_only_every", 1),
    "is_greeting": _number_of("is_greeting"),
    "position": _place,
    "role": _role,
    "additional_keys": _additional,
    "exclude_keys": _excluded,
    "disable_ui_prompt": _off,
}
