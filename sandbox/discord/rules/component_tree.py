"""Rules for all components of a message or modal together."""

from collections.abc import Collection, Iterator
from typing import Any

from sandbox.discord.rules.component_types import FILE, GALLERY, TEXT_DISPLAY, THUMBNAIL
from sandbox.discord.rules.error_report import ErrorReport
from sandbox.discord.rules.field_checks import JSON

COMPONENTS = 40
TEXT = 4000
ATTACHMENT = "attachment://"


def walk(report: ErrorReport, components: list[Any]) -> Iterator[tuple[ErrorReport, JSON]]:
    """Every component with its location, in display order. The tree must be valid."""
    for n, one in enumerate(components):
        yield from _below(report / n, one)


def _below(report: ErrorReport, one: JSON) -> Iterator[tuple[ErrorReport, JSON]]:
    yield report, one
    for key in ("accessory", "component"):
        if one.get(key) is not None:
            yield from _below(report / key, one[key])
    yield from walk(report / "components", one.get("components") or [])


def refuse_repeated_ids(report: ErrorReport, components: list[Any]) -> None:
    """Report each ``custom_id`` and each numeric ``id`` (but 0) that an earlier component has."""
    seen: set[tuple[str, Any]] = set()
    for location, one in walk(report, components):
        if one.get("custom_id") and ("custom_id", one["custom_id"]) in seen:
            (location / "custom_id").refuse(
                "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
            )
        if one.get("id") and ("id", one["id"]) in seen:
            (location / "id").refuse("COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        seen |= {("custom_id", one.get("custom_id")), ("id", one.get("id"))}


def refuse_excess(report: ErrorReport, components: list[Any]) -> None:
    """Report more than 40 components, nested ones counted, or more text than 4,000 characters."""
    found = [one for _, one in walk(report, components)]
    if len(found) > COMPONENTS:
        report.refuse(
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The maximum number of total components in a message is {COMPONENTS}",
        )
    if sum(len(one["content"]) for one in found if one["type"] == TEXT_DISPLAY) > TEXT:
        report.refuse(
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Components displayable text size exceeds maximum size of {TEXT}",
        )


def refuse_unknown_files(
    report: ErrorReport, components: list[Any], names: Collection[str]
) -> None:
    """Report each ``attachment://`` reference to a file the message will not have."""
    for location, media in _media(report, components):
        url: str = media["url"]
        if url.startswith(ATTACHMENT) and url.removeprefix(ATTACHMENT) not in names:
            location.refuse(
                "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                "The referenced attachment was not found",
            )


def _media(report: ErrorReport, components: list[Any]) -> Iterator[tuple[ErrorReport, JSON]]:
    for location, one in walk(report, components):
        if one["type"] == THUMBNAIL:
            yield location / "media", one["media"]
        elif one["type"] == FILE:
            yield location / "file", one["file"]
        elif one["type"] == GALLERY:
            for n, item in enumerate(one["items"]):
                yield location / "items" / n / "media", item["media"]
