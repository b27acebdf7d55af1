"""The components that a card becomes on Discord."""

from collections.abc import Iterator

from bot.cards.card import Card
from bot.ui.components.views import layout_of
from tests.support.json_types import Json


def walk(parts: list[Json]) -> Iterator[Json]:
    for part in parts:
        yield part
        yield from walk(part.get("components", []))
        yield from walk([part["accessory"]] if "accessory" in part else [])


def parts_of(card: Card) -> list[Json]:
    return list(walk(layout_of(card).to_components()))


def shown_text(card: Card) -> str:
    return "\n".join(part["content"] for part in parts_of(card) if part["type"] == 10)


def ids_of(card: Card) -> list[str]:
    return [part["custom_id"] for part in parts_of(card) if "custom_id" in part]
