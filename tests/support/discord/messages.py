"""Messages and answers of interactions as a person sees them."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.json_types import Json


@dataclass(frozen=True)
class Message:
    """One message as a person sees it."""

    raw: Json

    @property
    def id(self) -> str:
        return self.raw["id"]

    @property
    def parts(self) -> list[Json]:
        return list(walk_components(self.raw.get("components", [])))

    @property
    def text(self) -> str:
        """All its words: content, embeds and text displays."""
        texts = [self.raw.get("content") or ""]
        texts += [
            str(e.get("title", "")) + str(e.get("description", "")) for e in self.raw["embeds"]
        ]
        texts += [part["content"] for part in self.parts if part["type"] == 10]
        return "\n".join(texts)

    @property
    def plain_text(self) -> str:
        """The same with usual spaces only."""
        return self.text.replace("\N{NO-BREAK SPACE}", " ")

    @property
    def buttons(self) -> dict[str, Json]:
        """By label."""
        return {p.get("label") or "": p for p in self.parts if p["type"] == 2}

    @property
    def menus(self) -> list[Json]:
        """Its selects."""
        return [p for p in self.parts if p["type"] == 3]

    @property
    def pictures(self) -> list[str]:
        """URLs of what its galleries show."""
        items = [item for part in self.parts if part["type"] == 12 for item in part["items"]]
        return [item["media"]["url"] for item in items]

    @property
    def colour(self) -> int | None:
        return next((p.get("accent_color") for p in self.parts if p["type"] == 17), None)

    @property
    def is_private(self) -> bool:
        return bool(self.raw["flags"] & 64)


def walk_components(components: list[Json]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from walk_components(component.get("components", []))
        if accessory := component.get("accessory"):
            yield accessory


@dataclass(frozen=True)
class Answer:
    """What came of an interaction."""

    raw: Json

    @property
    def message_id(self) -> str:
        assert self.raw["message_id"], f"no message: {self.raw}"
        return self.raw["message_id"]

    @property
    def modal(self) -> Json:
        assert self.raw["modal"], f"no modal: {self.raw}"
        return self.raw["modal"]


def walk_modal(modal: Json) -> Iterator[Json]:
    for component in modal["components"]:
        yield component
        yield from component.get("components", [])
        if inner := component.get("component"):
            yield inner
