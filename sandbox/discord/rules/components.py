"""Rules for the single components of a message; `component_tree` checks the whole tree."""

from sandbox.discord.rules.buttons import button
from sandbox.discord.rules.component_types import (
    BUTTON,
    CONTAINER,
    FILE,
    GALLERY,
    ROW,
    SECTION,
    SEPARATOR,
    TEXT_DISPLAY,
    THUMBNAIL,
    component,
)
from sandbox.discord.rules.error_report import Check, ErrorReport
from sandbox.discord.rules.field_checks import (
    JSON,
    boolean,
    choice,
    integer,
    listed,
    model,
    text,
    union,
    url,
)
from sandbox.discord.rules.selects import SELECTS


def _row_rules(report: ErrorReport, row: JSON) -> None:
    children: list[JSON] = row["components"]
    if len(children) > 1 and any(child["type"] in SELECTS for child in children):
        for n in range(1, len(children)):
            (report / "components" / n).refuse(
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )


row = component(
    "components",
    components=listed(union({BUTTON: button, **SELECTS}), 1, 5),
    also=_row_rules,
)

text_display = component("content", content=text(1, 4000))


def _media(*schemes: str) -> Check:
    return model({"url": url(2048, *schemes)}, required=("url",))


media = _media("http", "https", "attachment")
thumbnail = component("media", media=media, description=text(1, 1024), spoiler=boolean)
_gallery_item = model(
    {"media": media, "description": text(1, 1024), "spoiler": boolean}, required=("media",)
)
section = component(
    "components",
    "accessory",
    components=listed(union({TEXT_DISPLAY: text_display}), 1, 3),
    accessory=union({BUTTON: button, THUMBNAIL: thumbnail}),
)

_CONTAINER_CHILDREN: dict[int, Check] = {
    ROW: row,
    SECTION: section,
    TEXT_DISPLAY: text_display,
    GALLERY: component("items", items=listed(_gallery_item, 1, 10)),
    FILE: component("file", file=_media("attachment"), spoiler=boolean),
    SEPARATOR: component(spacing=choice(1, 2), divider=boolean),
}
container = component(
    "components",
    components=listed(union(_CONTAINER_CHILDREN), 1, 40),
    accent_color=integer(0, 0xFFFFFF),
    spoiler=boolean,
)

rows = listed(union({ROW: row}), 0, 5)
"""The check of ``components`` without the flag ``IS_COMPONENTS_V2``."""

tree = listed(union({**_CONTAINER_CHILDREN, CONTAINER: container}), 0, 40)
"""The check of ``components`` with the flag."""
