"""What Discord refuses in a message of components or in a modal: texts too long, too many parts."""

from collections.abc import Iterator

from bot.cards.markdown import units
from tests.support.json_types import Json

TEXT = 10  # type of a text display
SELECTS = frozenset({3, 5, 6, 7, 8})
COMPONENTS_MAX, TEXTS_MAX = 40, 4_000  # of a message
ROW_MAX, OPTIONS_MAX, GALLERY_MAX, INPUTS_MAX = 5, 25, 10, 5
ID_MAX = PLACEHOLDER_MAX = OPTION_MAX = HINT_MAX = 100  # Discord takes 150 in a menu's placeholder
BUTTON_MAX, ALT_MAX, TITLE_MAX, INPUT_LABEL_MAX = 80, 1_024, 45, 45


def parts_in(body: Json) -> Iterator[Json]:
    """Every component below a message, a modal or a component."""
    below = [*body.get("components", []), *filter(None, map(body.get, ("accessory", "component")))]
    for part in below:
        yield part
        yield from parts_in(part)


def over_limits(body: Json) -> list[str]:
    """The limits that a message or a modal exceeds, with the text in question."""
    parts = list(parts_in(body))
    found = [fault for part in parts for fault in _faults(part)]
    if "title" in body:
        found += _over("title", body["title"], TITLE_MAX)
        found += _many("inputs", body["components"], INPUTS_MAX)
        return found
    texts = sum(units(part["content"]) for part in parts if part["type"] == TEXT)
    found += [f"{texts} units of text"] if texts > TEXTS_MAX else []
    return found + _many("components", parts, COMPONENTS_MAX)


def _faults(part: Json) -> Iterator[str]:
    if "custom_id" in part:
        yield from _over("custom_id", part["custom_id"], ID_MAX)
    match part["type"]:
        case 1:
            yield from _many("row", part["components"], ROW_MAX)
        case 2:
            yield from _over("button", part.get("label") or "", BUTTON_MAX)
        case 10:
            yield from _over("text", part["content"], TEXTS_MAX)
        case 12:
            yield from _many("pictures", part["items"], GALLERY_MAX)
            for item in part["items"]:
                yield from _longer("alt", item.get("description") or "", ALT_MAX)
        case 18:
            yield from _over("label", part["label"], INPUT_LABEL_MAX)
            yield from _longer("hint", part.get("description") or "", HINT_MAX)
        case kind if kind in SELECTS:
            yield from _longer("placeholder", part.get("placeholder") or "", PLACEHOLDER_MAX)
            yield from _options(part)
        case _:
            pass


def _options(menu: Json) -> Iterator[str]:
    options = menu.get("options", [])
    if menu["type"] == 3:
        yield from _many("options", options, OPTIONS_MAX)
    for option in options:
        yield from _over("option", option["label"], OPTION_MAX)
        yield from _over("value", option["value"], OPTION_MAX)
        yield from _longer("description", option.get("description") or "", OPTION_MAX)


def _over(what: str, text: str, most: int) -> list[str]:
    """The fault of a text that must be there."""
    return _longer(what, text, most) if text else [f"{what}: empty"]


def _longer(what: str, text: str, most: int) -> list[str]:
    return [f"{what}: {units(text)} > {most}: {text}"] if units(text) > most else []


def _many(what: str, some: list[Json], most: int) -> list[str]:
    return [] if 1 <= len(some) <= most else [f"{what}: {len(some)}, not 1 to {most}"]
