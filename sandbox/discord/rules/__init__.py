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
from sandbox.discord.rules.threads import check_thread
from sandbox.discord.rules.webhooks import check_execution, check_webhook

__all__ = [
    "IS_COMPONENTS_V2",
    "callback_errors",
    "command_errors",
    "execution_errors",
    "is_empty",
    "message_errors",
    "thread_errors",
    "webhook_errors",
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


def thread_errors(body: Mapping[str, Any], *, editing: bool = False) -> dict[str, Any] | None:
    """The errors of a new thread, or of a change of one; the message of a post is not checked."""
    report = ErrorReport()
    check_thread(report, body, editing=editing)
    return report.errors()


def execution_errors(body: Mapping[str, Any], *, files: Sequence[str]) -> dict[str, Any] | None:
    """The errors of a new message of a webhook, with the name and the avatar of its own."""
    report = ErrorReport()
    check_execution(report, body)
    check_message(report, body, files)
    return report.errors()


def webhook_errors(body: Mapping[str, Any], *, editing: bool = False) -> dict[str, Any] | None:
    """The errors of a new webhook, or of a change of one."""
    report = ErrorReport()
    check_webhook(report, body, editing=editing)
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
