"""JSON that comes from elsewhere: only as much of it as can be held and looked at."""

import json
from typing import Any, cast

ENTRIES_MAX = 300_000  # in all lists and objects; all workers of the Horde together have a third


def decoded(text: str | bytes) -> Any:
    """What it says. None for what is no JSON, and for what nobody could do anything with: nested
    without end, or with more entries than any answer of use has. Each of them costs a thousand
    times its two bytes to check.
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
