"""Rules for the names and avatars of webhooks.

The refused names are those that Discord's errors show: `USERNAME_INVALID_CONTAINS` for a part,
`USERNAME_INVALID` for a whole name. Letters of either case are equal.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.discord.objects.webhooks import picture_of
from sandbox.discord.rules.error_report import ErrorReport
from sandbox.discord.rules.field_checks import model, snowflake, text

NAME_MAX = 80
REFUSED_PARTS = ("clyde", "discord", "```")
REFUSED_NAMES = ("everyone", "here")
_length = text(1, NAME_MAX)


def webhook_name(report: ErrorReport, value: Any) -> None:
    """A name of a webhook or of one of its messages."""
    faults = report.error_count
    _length(report, value)
    if report.error_count != faults:
        return
    name = value.strip().lower()
    for part in REFUSED_PARTS:
        if part in name:
            report.refuse("USERNAME_INVALID_CONTAINS", f'Username cannot contain "{part}"')
            return
    if name in REFUSED_NAMES:
        report.refuse("USERNAME_INVALID", f'Username cannot be "{name}"')


def _avatar(report: ErrorReport, value: Any) -> None:
    if not isinstance(value, str) or picture_of(value) is None:
        report.refuse("IMAGE_INVALID", "Invalid image data")


_FIELDS = {"name": webhook_name, "avatar": _avatar, "channel_id": snowflake}
_NEW = model(_FIELDS, required=("name",))
_CHANGE = model(_FIELDS)
_EXECUTION = model({"username": webhook_name, "avatar_url": text(0, 2048)})


def check_webhook(report: ErrorReport, body: Mapping[str, Any], *, editing: bool) -> None:
    """Report the errors of a new webhook, or of a change of one."""
    (_CHANGE if editing else _NEW)(report, body)


def check_execution(report: ErrorReport, body: Mapping[str, Any]) -> None:
    """Report the errors of those fields that only the messages of webhooks have."""
    _EXECUTION(report, body)
