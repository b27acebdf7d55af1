"""Which bodies Discord takes and which it refuses, and with which nested error object.

Pure functions over decoded JSON: they never raise, whatever the body is. Each gives None or the
``errors`` object that Discord sends beside code 50035.
"""

from collections.abc import Mapping, Sequence
from typing import Any

IS_COMPONENTS_V2 = 1 << 15
"""The message flag that turns the old fields off and the layout components on."""


def message_errors(
    body: Mapping[str, Any],
    *,
    files: Sequence[str],
    editing: bool = False,
    previous_flags: int = 0,
    kept: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:
    """What is wrong with a message body (also of a webhook or a callback's ``data``).

    ``files`` are the names of the uploaded ``files[n]``, in order. When editing, ``previous_flags``
    are the flags of the message so far, and ``kept`` maps the ids of the attachments it has to
    their file names (None: not known, then references to them are believed).
    """
    content = body.get("content")
    if isinstance(content, str) and len(content) > 2000:
        fault = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}
        return {"content": {"_errors": [fault]}}
    return None


def is_empty(body: Mapping[str, Any], files: Sequence[str]) -> bool:
    """Whether nothing would be seen of this new message (Discord's 50006)."""
    seen = ("content", "embeds", "components", "sticker_ids", "poll", "message_reference")
    return not files and not any(body.get(name) for name in seen)


def command_errors(commands: Sequence[Any]) -> dict[str, Any] | None:
    """What is wrong with the list of a bulk overwrite of application commands."""
    return None if len(commands) <= 110 else {"_errors": []}


def callback_errors(
    body: Any, *, files: Sequence[str], interaction_type: int
) -> dict[str, Any] | None:
    """What is wrong with the first response to an interaction of this type (1-5)."""
    return message_errors(body["data"], files=files) if body.get("data") else None
