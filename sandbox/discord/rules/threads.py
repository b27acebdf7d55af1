"""Rules for the bodies of threads: started and changed."""

from collections.abc import Mapping
from typing import Any

from sandbox.discord.rules.error_report import ErrorReport
from sandbox.discord.rules.field_checks import (
    boolean,
    choice,
    integer,
    listed,
    model,
    snowflake,
    text,
)

SLOW_MODE = 21_600  # seconds
MINUTES = (60, 1440, 4320, 10080)  # of inactivity, until a thread is archived
TAGS = 5
FIELDS = {
    "name": text(1, 100),
    "auto_archive_duration": choice(*MINUTES),
    "rate_limit_per_user": integer(0, SLOW_MODE),
    "invitable": boolean,
    "archived": boolean,
    "locked": boolean,
    "type": choice(10, 11, 12),
    "applied_tags": listed(snowflake, 0, TAGS),
}
_NEW = model(FIELDS, required=("name",))
_CHANGE = model(FIELDS)


def check_thread(report: ErrorReport, body: Mapping[str, Any], *, editing: bool) -> None:
    """Report the errors of a new thread, or of a change of one."""
    (_CHANGE if editing else _NEW)(report, body)
