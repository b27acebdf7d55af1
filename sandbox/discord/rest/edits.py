"""Whether a body may become a message's new one."""

from typing import Any

from sandbox.discord.media import Upload
from sandbox.discord.messages import IS_COMPONENTS_V2, Message
from sandbox.discord.rest.errors import invalid_form
from sandbox.discord.rules import message_errors

Json = dict[str, Any]


def check_edit(message: Message, payload: Json, uploads: list[Upload]) -> None:
    """Raise ApiError 50035 when it may not."""
    errors = message_errors(
        payload,
        files=[upload.filename for upload in uploads],
        editing=True,
        previous_flags=message.flags,
        kept={file.id: file.filename for file in message.files},
    )
    invalid_form(errors)
    _check_turn(message, payload)


def _check_turn(message: Message, payload: Json) -> None:
    """A message that becomes a layout must take its old fields away in the same edit."""
    wanted = int(payload.get("flags") or 0) & IS_COMPONENTS_V2
    if not wanted or message.flags & IS_COMPONENTS_V2:
        return
    fault = {
        "code": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        "message": "The field must be set to null when using MessageFlags.IS_COMPONENTS_V2",
    }
    left = [name for name in ("content", "embeds") if message.body[name] and name not in payload]
    invalid_form({name: {"_errors": [fault]} for name in left})
