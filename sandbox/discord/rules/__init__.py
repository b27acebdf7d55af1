"""Checks request bodies by Discord's rules and builds Discord's nested error objects.

Pure functions over decoded JSON that never raise. Each returns None or the ``errors`` object that
Discord sends with code 50035. Limits and codes are those of Discord's documentation and of its
responses; where no response of Discord is known, the code is our own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.discord.rules.callbacks import check_callback
from sandbox.discord.rules.commands import check_commands
from sandbox.discord.rules.error_report import ErrorReport
from sandbox.discord.rules.messages import IS_COMPONENTS_V2, EditedMessage, check_message, is_empty

__all__ = [
    "IS_COMPONENTS_V2",
    "callback_errors",
    "command_errors",
    "is_empty",
    "message_errors",
]


def message_errors(
    body: Mapping[str, Any],
    *,
    files: Sequence[str],
    editing: bool = False,
    previous_flags: int = 0,
    kept: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:
    """The errors of a message body (also of a webhook or a callback's ``data``).

    ``files`` are the names of the uploaded ``files[n]``, in order. When editing, ``previous_flags``
    are the flags of the message so far, and ``kept`` maps the ids of the attachments it has to
    their file names (None: unknown, references to them are not checked then).
    """
    report = ErrorReport()
    check_message(report, body, files, EditedMessage(previous_flags, kept) if editing else None)
    return report.errors()


def command_errors(commands: Sequence[Any]) -> dict[str, Any] | None:
    """The errors of the list of a bulk overwrite of application commands."""
    report = ErrorReport()
    check_commands(report, commands)
    return report.errors()


def callback_errors(
    body: Any,
    *,
    files: Sequence[str],
    interaction_type: int,
    from_message: bool = True,
    previous_flags: int = 0,
    kept: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:
    """The errors of the first response to an interaction of this type (1-5).

    ``from_message``: whether the interaction comes from a component's message, which responses 6
    and 7 edit (a modal that a command opened has none). The last two parameters describe that
    message as in `message_errors`.
    """
    report = ErrorReport()
    before = EditedMessage(previous_flags, kept)
    check_callback(report, body, files, interaction_type, before, from_message=from_message)
    return report.errors()
