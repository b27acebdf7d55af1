"""Discord's error responses."""

from typing import Any, NoReturn

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal: HTTP status, Discord's code, its message, and the errors of a form."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


# status, message; the codes are those of Discord's table of JSON error codes.
KNOWN = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has reached its limit of follow-up messages."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50016: (400, "Provided too few or too many messages to delete"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    30008: (400, "Maximum number of emojis reached (2000)"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    220002: (400, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"),
    220003: (400, "Webhooks can only create threads in forum channels"),
}


def refuse(code: int) -> NoReturn:
    """Raise the ApiError of a known code."""
    status, message = KNOWN[code]
    raise ApiError(status, code, message)


def invalid_form(errors: Json | None) -> None:
    """Raise 50035 when there are errors."""
    if errors:
        raise ApiError(400, 50035, "Invalid Form Body", errors)


def wrong_field(path: tuple[str, ...], code: str, message: str) -> NoReturn:
    """Raise 50035 for one field."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for name in reversed(path):
        errors = {name: errors}
    raise ApiError(400, 50035, "Invalid Form Body", errors)
