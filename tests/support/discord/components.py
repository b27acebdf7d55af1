"""Components as a bot sends them."""

from typing import Any

Component = dict[str, Any]


def button(n: int = 0, **fields: Any) -> Component:
    return {"type": 2, "style": 1, "label": "Again", "custom_id": f"b{n}", **fields}


def link(**fields: Any) -> Component:
    return {"type": 2, "style": 5, "label": "Open", "url": "https://example.com", **fields}


def row(*children: Component) -> Component:
    return {"type": 1, "components": list(children)}


def options(n: int) -> list[dict[str, str]]:
    return [{"label": f"{i}", "value": f"{i}"} for i in range(n)]


def select(n: int = 1, **fields: Any) -> Component:
    return {"type": 3, "custom_id": "s", "options": options(n), **fields}


def text_display(n: int = 1) -> Component:
    return {"type": 10, "content": "x" * n}


def container(*children: Component, **fields: Any) -> Component:
    return {"type": 17, "components": list(children), **fields}


def section(*texts: Component, **fields: Any) -> Component:
    return {"type": 9, "components": list(texts), "accessory": button(), **fields}


def media(url: str = "https://example.com/a.png", **fields: Any) -> dict[str, Any]:
    return {"media": {"url": url}, **fields}


def gallery(n: int = 1, **fields: Any) -> Component:
    return {"type": 12, "items": [media(**fields)] * n}


def thumbnail(**fields: Any) -> Component:
    return {"type": 11, **media(**fields)}


def file_component(url: str) -> Component:
    return {"type": 13, "file": {"url": url}}
