"""Rules for application commands in a bulk overwrite."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sandbox.discord.rules.command_names import command_name, localised
from sandbox.discord.rules.command_options import (
    described_model,
    description,
    options,
    refuse_bad_options,
)
from sandbox.discord.rules.error_report import Check, ErrorReport
from sandbox.discord.rules.field_checks import (
    JSON,
    boolean,
    choice,
    integer,
    is_integer,
    listed,
    model,
    refuse_choice,
    refuse_length,
    snowflake,
    text,
)

CHAT_INPUT, USER, MESSAGE, ENTRY_POINT = 1, 2, 3, 4
LIMITS = {CHAT_INPUT: 100, USER: 5, MESSAGE: 5, ENTRY_POINT: 1}
"""The maximum number of commands by type. Discord's documentation now allows 15 context menu
commands of each type; libraries still allow 5, so the sandbox uses the smaller limit."""

CHARACTERS = 8000

PERMISSIONS = 2**54 - 1


def _permissions(report: ErrorReport, value: Any) -> None:
    """A bit set: an integer or its decimal digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 17:
        value = int(value)
    integer(0, PERMISSIONS)(report, value)


_common_fields: dict[str, Check] = {
    "id": snowflake,
    "type": choice(*LIMITS),
    "default_member_permissions": _permissions,
    "dm_permission": boolean,
    "nsfw": boolean,
    "contexts": listed(choice(0, 1, 2), 1, 3, unique=True),
    "integration_types": listed(choice(0, 1), 1, 2, unique=True),
}
_menu_name = text(1, 32)


def _menu_rules(report: ErrorReport, menu: JSON) -> None:
    for field in ("description", "options"):
        if menu.get(field):
            (report / field).refuse(
                "APPLICATION_COMMAND_CONTEXT_MENU_FIELD",
                f"Context menu commands cannot have {field}",
            )


_context_menu = model(
    {
        **_common_fields,
        "name": _menu_name,
        "name_localizations": localised(_menu_name),
        "description": text(0, 100),
    },
    required=("name",),
    also=_menu_rules,
)
_MODELS: dict[int, Check] = {
    CHAT_INPUT: described_model(**_common_fields, options=options, also=refuse_bad_options),
    USER: _context_menu,
    MESSAGE: _context_menu,
    ENTRY_POINT: model(
        {
            **_common_fields,
            "name": command_name,
            "name_localizations": localised(command_name),
            "description": description,
            "handler": choice(1, 2),
        },
        required=("name",),
    ),
}


def check_commands(report: ErrorReport, commands: Any) -> None:
    """Report the errors of a list of commands for a bulk overwrite."""
    if not isinstance(commands, list | tuple):
        report.refuse("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    taken: dict[int, set[str]] = {kind: set() for kind in LIMITS}
    counts = dict.fromkeys(LIMITS, 0)
    for n, command in enumerate(cast("Sequence[Any]", commands)):
        kind = _check_command(report / n, command)
        if kind is None:
            continue
        counts[kind] += 1
        name = command.get("name")
        if isinstance(name, str) and name in taken[kind]:
            (report / n).refuse(
                "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
        taken[kind].add(str(name) if isinstance(name, str) else "")
    for kind, limit in LIMITS.items():
        if counts[kind] > limit:
            refuse_length(report, 0, limit)


def _check_command(report: ErrorReport, command: Any) -> int | None:
    """Check one command; returns its type, or None for an unknown type."""
    if not isinstance(command, dict):
        report.refuse("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return None
    kind = cast("JSON", command).get("type")
    kind = CHAT_INPUT if kind is None else kind
    if not is_integer(kind) or kind not in LIMITS:
        refuse_choice(report / "type", tuple(LIMITS))
        return None
    before = report.error_count
    _MODELS[kind](report, command)
    if report.error_count == before and size(cast("JSON", command)) > CHARACTERS:
        report.refuse(
            "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({CHARACTERS})"
        )
    return kind


def size(named: JSON) -> int:
    """The number of characters of a valid command, option or choice, with all nested ones.

    The longest translation of a text counts.
    """
    below: tuple[list[JSON], ...] = (named.get("options") or [], named.get("choices") or [])
    return (
        max(map(len, _versions(named, "name")))
        + max(map(len, _versions(named, "description")))
        + len(str(named.get("value", "")))
        + sum(size(one) for several in below for one in several)
    )


def _versions(named: JSON, field: str) -> Iterator[str]:
    yield named.get(field) or ""
    yield from (named.get(f"{field}_localizations") or {}).values()
