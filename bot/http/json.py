"""Parses JSON from outside, within limits."""

import json
from typing import Any, cast

ENTRIES_MAX = 300_000  # in all lists and objects; all workers of the Horde together have a third


def decoded(text: str | bytes) -> Any:
    """The parsed value. None for invalid JSON, too deep nesting, or too many entries.

    Checking an entry costs a thousand times its two bytes.
    """
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return None if len(text) > ENTRIES_MAX and _is_crowded(body) else body


def _is_crowded(body: object) -> bool:
    left, waiting = ENTRIES_MAX, [body]
    while waiting:
        inner = _inside(waiting.pop())
        left -= len(inner)
        if left < 0:
            return True
        waiting += [one for one in inner if isinstance(one, dict | list)]
    return False


def _inside(one: object) -> list[object]:
    if isinstance(one, dict):
        return list(cast("dict[str, object]", one).values())
    return cast("list[object]", one) if isinstance(one, list) else []
