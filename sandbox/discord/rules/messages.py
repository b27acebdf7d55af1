"""Rules for message bodies: new or edited, of a channel, a webhook or a callback's ``data``."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sandbox.discord.rules import component_tree, components, embeds
from sandbox.discord.rules.error_report import Check, ErrorReport
from sandbox.discord.rules.field_checks import (
    JSON,
    SNOWFLAKE,
    boolean,
    choice,
    integer,
    is_integer,
    listed,
    model,
    refuse_length,
    snowflake,
    text,
)

IS_COMPONENTS_V2 = 1 << 15
FILES = 10
NONCE = 25

_NOT_WITH_COMPONENTS_V2 = ("content", "embeds", "sticker_ids", "poll")


def _nonce(report: ErrorReport, value: Any) -> None:
    if is_integer(value):
        if not -SNOWFLAKE - 1 <= value <= SNOWFLAKE:
            report.refuse(
                "NONCE_TYPE_OUT_OF_BOUNDS",
                f"Must be between {-SNOWFLAKE - 1} and {SNOWFLAKE}.",
            )
    elif not isinstance(value, str):
        report.refuse("NONCE_TYPE_INVALID_TYPE", "This field must be a string or integer.")
    elif len(value) > NONCE:
        report.refuse("NONCE_TYPE_TOO_LONG", f"Must be {NONCE} or fewer characters long.")


def _mention_rules(report: ErrorReport, mentions: JSON) -> None:
    for kind in ("users", "roles"):
        if kind in (mentions.get("parse") or ()) and mentions.get(kind):
            report.refuse(
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )


_allowed_mentions = model(
    {
        "parse": listed(choice("users", "roles", "everyone"), 0, 3, unique=True),
        "users": listed(snowflake, 0, 100, unique=True),
        "roles": listed(snowflake, 0, 100, unique=True),
        "replied_user": boolean,
    },
    also=_mention_rules,
)
_attachment = model(
    {"id": snowflake, "filename": text(1, 1024), "description": text(0, 1024)},
    required=("id",),
)
_reference = model(
    {"message_id": snowflake, "channel_id": snowflake, "guild_id": snowflake, "type": choice(0, 1)},
    required=("message_id",),
)
_poll_answer = model({"poll_media": model({"text": text(1, 55)})}, required=("poll_media",))
_poll = model(
    {
        "question": model({"text": text(1, 300)}, required=("text",)),
        "answers": listed(_poll_answer, 1, 10),
        "duration": integer(1, 768),
        "allow_multiselect": boolean,
    },
    required=("question", "answers"),
)


def _shape(*, v2: bool) -> Check:
    return model(
        {
            "content": text(0, 2000),
            "embeds": embeds.embeds,
            "components": components.tree if v2 else components.rows,
            "allowed_mentions": _allowed_mentions,
            "attachments": listed(_attachment, 0, FILES),
            "flags": integer(0, SNOWFLAKE),
            "message_reference": _reference,
            "nonce": _nonce,
            "poll": _poll,
            "sticker_ids": listed(snowflake, 0, 3),
            "tts": boolean,
        }
    )


_SHAPES = {v2: _shape(v2=v2) for v2 in (False, True)}


@dataclass(frozen=True, slots=True)
class EditedMessage:
    """The message before an edit: its flags, and attachment names by id (None: unknown)."""

    flags: int = 0
    attachments: Mapping[str, str] | None = None


def check_message(
    report: ErrorReport, body: Any, files: Sequence[str], before: EditedMessage | None = None
) -> None:
    """Report the errors of a new message, or of an edit of the message ``before``."""
    if not isinstance(body, dict):
        report.refuse("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    message = cast("JSON", body)
    faults = report.error_count
    had_v2 = before is not None and bool(before.flags & IS_COMPONENTS_V2)
    v2 = _is_v2(message, had_v2)
    _SHAPES[v2](report, message)
    if had_v2 and not v2:
        (report / "flags").refuse(
            "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG",
            "The MessageFlags.IS_COMPONENTS_V2 flag cannot be removed",
        )
    if v2:
        _refuse_legacy(report, message)
    if report.error_count == faults:
        _check_whole(report, message, files, before, v2=v2)


def _is_v2(message: JSON, had_v2: bool) -> bool:
    flags = message.get("flags")
    return bool(flags & IS_COMPONENTS_V2) if is_integer(flags) else had_v2


def _refuse_legacy(report: ErrorReport, message: JSON) -> None:
    for name in _NOT_WITH_COMPONENTS_V2:
        if message.get(name):
            (report / name).refuse(
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_whole(
    report: ErrorReport,
    message: JSON,
    files: Sequence[str],
    before: EditedMessage | None,
    *,
    v2: bool,
) -> None:
    embeds.refuse_excess(report / "embeds", message.get("embeds") or [])
    names = _file_names(report, message, files, before)
    tree: list[Any] = message.get("components") or []
    component_tree.refuse_repeated_ids(report / "components", tree)
    if v2:
        component_tree.refuse_excess(report / "components", tree)
    if v2 and names is not None:
        component_tree.refuse_unknown_files(report / "components", tree, names)


def _file_names(
    report: ErrorReport, message: JSON, files: Sequence[str], before: EditedMessage | None
) -> Collection[str] | None:
    """The names of the message's files after the request; None when they are unknown.

    An id below the number of uploads means the upload ``files[id]``, any other an attachment to
    keep. With ``attachments`` only those listed there stay, without it all stay.
    """
    report /= "attachments"
    old: Mapping[str, str] | None = {} if before is None else before.attachments
    names, kept = dict(enumerate(files)), {} if "attachments" in message else dict(old or {})
    named: list[JSON] = message.get("attachments") or []
    for n, attachment in enumerate(named):
        number = int(attachment["id"])
        if number < len(files):
            names[number] = attachment.get("filename") or files[number]
        elif old is None:
            kept[str(number)] = ""
        elif str(number) in old:
            kept[str(number)] = old[str(number)]
        else:
            (report / n).refuse("ATTACHMENT_NOT_FOUND", "Attachment data not found")
    if len(files) + len(kept) > FILES:
        refuse_length(report, 0, FILES)
    unknown = old is None and ("attachments" not in message or bool(kept))
    return None if unknown else {*names.values(), *kept.values()}


def is_empty(message: JSON, files: Sequence[str]) -> bool:
    """Whether a new message would show nothing (Discord's error 50006).

    A reply needs content of its own; a forwarded message (reference type 1) does not.
    """
    content, reference = message.get("content"), message.get("message_reference")
    shown = message.get("embeds")
    return not (
        files
        or (isinstance(content, str) and content.strip())
        or (isinstance(shown, list) and any(map(embeds.is_visible, cast("list[Any]", shown))))
        or any(message.get(name) for name in ("components", "sticker_ids", "poll"))
        or (isinstance(reference, dict) and cast("JSON", reference).get("type") == 1)
    )
