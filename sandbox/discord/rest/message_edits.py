"""Checks of message edits."""

from typing import Any

from sandbox.discord.messages.attachments import Upload
from sandbox.discord.messages.message_store import IS_COMPONENTS_V2, Message
from sandbox.discord.rest.errors import invalid_form, refuse
from sandbox.discord.rules import message_errors

Json = dict[str, Any]


def check_edit(message: Message, payload: Json, uploads: list[Upload]) -> None:
    """Raise ApiError 50035 for an invalid edit, or 50006 for an empty result."""
    errors = message_errors(
        payload,
        files=[upload.filename for upload in uploads],
        editing=True,
        previous_flags=message.flags,
        kept=file_names(message),
    )
    invalid_form(errors or layout_change_errors(message, payload))
    refuse_empty(message, payload, uploads)


def refuse_empty(message: Message, payload: Json, uploads: list[Upload]) -> None:
    """Raise ApiError 50006 when the message would be empty."""
    entries = payload.get("attachments", message.files)
    shown = [payload.get(name, message.body[name]) for name in ("content", "embeds", "components")]
    if not any(shown) and not entries and not uploads:
        refuse(50006)


def file_names(message: Message) -> dict[str, str]:
    """The names of the files that a message has, by id."""
    return {file.id: file.filename for file in message.files}


def layout_change_errors(message: Message, payload: Json) -> Json | None:
    """The errors of an edit that sets IS_COMPONENTS_V2 and keeps content or embeds."""
    wanted = int(payload.get("flags") or 0) & IS_COMPONENTS_V2
    if not wanted or message.flags & IS_COMPONENTS_V2:
        return None
    fault = {
        "code": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        "message": "The field must be set to null when using MessageFlags.IS_COMPONENTS_V2",
    }
    left = [name for name in ("content", "embeds") if message.body[name] and name not in payload]
    return {name: {"_errors": [fault]} for name in left} or None
