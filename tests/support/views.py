"""What is in a view of discord.py."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def walk(parts: list[Json]) -> Iterator[Json]:
    for part in parts:
        yield part
        yield from walk(part.get("components", []))
        yield from walk([part["accessory"]] if "accessory" in part else [])


def parts_of(view: Any) -> list[Json]:
    return list(walk(view.to_components()))


def text_of(view: Any) -> str:
    return "\n".join(part["content"] for part in parts_of(view) if part["type"] == 10)


def ids_of(view: Any) -> list[str]:
    return [part["custom_id"] for part in parts_of(view) if "custom_id" in part]
