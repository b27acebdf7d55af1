"""Components and embeds as Discord stores them: with ids, file URLs and defaults."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from sandbox.discord.messages.attachments import Attachment, safe_name

Json = dict[str, Any]

BUTTON, STRING_SELECT, THUMBNAIL, GALLERY, FILE, CONTAINER = 2, 3, 11, 12, 13, 17
SELECTS = (3, 5, 6, 7, 8)
EMBED_PICTURES = (("image", "url"), ("thumbnail", "url"), ("author", "icon_url"))
EMBED_ICONS = (("footer", "icon_url"),)


class MessageFiles:
    """The files of one message, by attachment:// name or by URL.

    `find_other` finds files of other messages by URL; components may show them too.
    """

    def __init__(
        self,
        attachments: list[Attachment],
        find_other: Callable[[str], Attachment | None] = lambda _: None,
    ) -> None:
        self.find_other = find_other
        self._by_name = {attachment.filename: attachment for attachment in attachments}
        self._by_url = {attachment.url: attachment for attachment in attachments}

    def find(self, url: str) -> Attachment | None:
        if url.startswith("attachment://"):
            return self._by_name.get(safe_name(url.removeprefix("attachment://")))
        return self._by_url.get(url)


def stored_components(components: list[Json], files: MessageFiles) -> list[Json]:
    """The components as Discord returns them; each gets an id if it has none."""
    taken = {part["id"] for part in walk(components) if part.get("id")}
    free = (number for number in range(1, 10_000) if number not in taken)
    return [_stored_component(_without_nulls(component), files, free) for component in components]


def _without_nulls(value: Any) -> Any:
    """The value without null fields, also in nested objects (an emoji's id)."""
    if isinstance(value, list):
        return [_without_nulls(one) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    fields = cast("Json", value).items()
    return {name: _without_nulls(one) for name, one in fields if one is not None}


def _stored_component(component: Json, files: MessageFiles, free: Iterator[int]) -> Json:
    body: Json = component | {"id": component.get("id") or next(free)}
    kind = body["type"]
    if kind == GALLERY:
        body["items"] = [_media_item(item, files) for item in body["items"]]
    elif kind == THUMBNAIL:
        body = {**_media_item(body, files), "id": body["id"], "type": kind}
    elif kind == FILE:
        body |= _file(body, files)
    elif kind == CONTAINER:
        body["accent_color"] = body.get("accent_color")
        body["spoiler"] = bool(body.get("spoiler"))
    elif kind in SELECTS:
        body = {"min_values": 1, "max_values": 1} | body
        if chosen := body.get("default_values"):  # ids may be sent as numbers; Discord answers text
            body["default_values"] = [one | {"id": str(one["id"])} for one in chosen]
    if "components" in body:
        body["components"] = [_stored_component(child, files, free) for child in body["components"]]
    if "accessory" in body:
        body["accessory"] = _stored_component(body["accessory"], files, free)
    return body


def _media_item(item: Json, files: MessageFiles) -> Json:
    return {
        "media": _media(item["media"]["url"], files),
        "description": item.get("description"),
        "spoiler": bool(item.get("spoiler")),
    }


def _file(body: Json, files: MessageFiles) -> Json:
    url = body["file"]["url"]
    found = files.find(url)
    return {
        "file": _media(url, files),
        "name": found.filename if found else None,
        "size": found.size if found else None,
        "spoiler": bool(body.get("spoiler")),
    }


def _media(url: str, files: MessageFiles) -> Json:
    """An unfurled media item. External URLs are not checked: the sandbox has no network."""
    found = files.find(url)
    if found is None:
        other = files.find_other(url)
        known: Json = {"content_type": other.content_type, "loading_state": 2} if other else {}
        size = {"width": other and other.width, "height": other and other.height}
        return {"id": "0", "url": url, "proxy_url": url} | size | known
    return {
        "id": found.id,
        "url": found.url,
        "proxy_url": found.url,
        "width": found.width,
        "height": found.height,
        "content_type": found.content_type or None,
        "attachment_id": found.id,
        "loading_state": 2,
        "flags": 0,
    }


def stored_embeds(embeds: list[Json], files: MessageFiles) -> list[Json]:
    return [_stored_embed(embed, files) for embed in embeds]


def _stored_embed(embed: Json, files: MessageFiles) -> Json:
    body: Json = {"type": "rich"} | _without_nulls(embed)
    for part, key in (*EMBED_PICTURES, *EMBED_ICONS):
        inner: Json = body.get(part) or {}
        if key in inner:
            body[part] = _with_file_url(inner, key, files)
    return body


def _with_file_url(inner: Json, key: str, files: MessageFiles) -> Json:
    found = files.find(str(inner[key]))
    if found is None:
        return {**inner, f"proxy_{key}": inner[key]}
    size = {"width": found.width, "height": found.height} if key == "url" and found.width else {}
    return {**inner, key: found.url, f"proxy_{key}": found.url, **size}


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component of a tree, including accessories and the components of labels."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        inside = [component[key] for key in ("accessory", "component") if component.get(key)]
        yield from walk(inside)


def displayed_texts(components: list[Json]) -> Iterator[str]:
    """The contents of the text displays."""
    for part in walk(components):
        if part["type"] == 10:
            yield part["content"]


def _part(embed: Json, name: str) -> Json:
    return embed.get(name) or {}


def displayed_urls(components: list[Json], embeds: list[Json]) -> set[str]:
    """The file URLs in stored components and embeds."""
    links = {
        str(part[key])
        for embed in embeds
        for name, key in (*EMBED_PICTURES, *EMBED_ICONS)
        if (part := _part(embed, name)).get(key)
    }
    for part in walk(components):
        holders = [part, *part.get("items", ())]
        media = [holder.get("media") or holder.get("file") for holder in holders]
        links |= {item["url"] for item in media if item}
    return links
