"""The pictures of a message that somebody points at, whatever they hang on."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.ui.actions.message_sources import pictures_in

CDN = "https://cdn.discordapp.com/attachments/1/2"


def attachment(name: str, kind: str | None = "image/png", url: str = "") -> discord.Attachment:
    data = {
        "id": "9",
        "filename": name,
        "size": 1_234,
        "url": url or f"{CDN}/{name}?ex=1",
        "proxy_url": "",
        "width": 64,
        "height": 48,
    }
    whole, state = data | {"content_type": kind}, SimpleNamespace(http=None)
    return discord.Attachment(data=cast("Any", whole), state=cast("Any", state))


def media(url: str, kind: str | None = "image/webp") -> dict[str, Any]:
    return {"url": url, "proxy_url": url, "width": 32, "height": 24, "content_type": kind}


def gallery(*urls: str) -> dict[str, Any]:
    return {"type": 12, "id": 1, "items": [{"media": media(url)} for url in urls]}


def message(**parts: Any) -> discord.Message:
    """Only what is read of one; components as Discord sends them."""
    components = [built for data in parts.pop("components", []) if (built := build(data))]
    known = {"attachments": [], "embeds": [], "components": components, "message_snapshots": []}
    return cast("discord.Message", SimpleNamespace(**(known | parts)))


def build(data: dict[str, Any]) -> object:
    """A component as the library makes it, out of a message of the gateway."""
    kinds: dict[int, Any] = {12: discord.MediaGalleryComponent, 17: discord.Container}
    return kinds[data["type"]](data, None)


def urls(found: discord.Message) -> list[str]:
    return [source.url for source in pictures_in(found)]


def test_attachments_that_are_pictures() -> None:
    found = message(
        attachments=[
            attachment("a.png"),
            attachment("notes.txt", "text/plain; charset=utf-8"),
            attachment("film.mp4", "video/mp4"),
            attachment("drawing.svg", "image/svg+xml"),
            attachment("unknown.webp", None),
            attachment("unknown.exe", None),
        ]
    )
    first, second = pictures_in(found)
    assert (first.filename, first.size, first.width, first.height) == ("a.png", 1_234, 64, 48)
    assert second.filename == "unknown.webp"


def test_pictures_inside_of_components() -> None:
    thumbnail = {"type": 11, "id": 4, "media": media(f"{CDN}/small.png")}
    text = {"type": 10, "id": 5, "content": "beside"}
    section = {"type": 9, "id": 3, "components": [text], "accessory": thumbnail}
    box = {"type": 17, "id": 2, "components": [section, gallery(f"{CDN}/b.webp", f"{CDN}/c.webp")]}
    found = message(components=[gallery(f"{CDN}/a.webp"), box])
    assert [source.filename for source in pictures_in(found)] == [
        *("a.webp", "small.png", "b.webp", "c.webp")
    ]
    assert (pictures_in(found)[0].width, pictures_in(found)[0].height) == (32, 24)


@pytest.mark.parametrize(
    "url",
    [
        "https://images-ext-1.discordapp.net/external/x/https/evil.example/a.png",
        "https://evil.example/cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com.evil.example/a.png",
        "http://cdn.discordapp.com/a.png",
        "not a link",
        "https://[::1",
        "http://h:99999/a.png",
    ],
)
def test_what_is_not_on_discord_itself_is_left_alone(url: str) -> None:
    embed = discord.Embed().set_image(url=url)
    embed.set_thumbnail(url=f"{CDN}/kept.png")
    assert urls(message(embeds=[embed], components=[gallery(url)])) == [f"{CDN}/kept.png"]


def test_the_same_picture_counts_once_and_ten_are_enough() -> None:
    twice = message(
        attachments=[attachment("a.png")], components=[gallery(f"{CDN}/a.png?ex=2&is=3")]
    )
    assert len(pictures_in(twice)) == 1
    many = message(attachments=[attachment(f"{n}.png") for n in range(14)])
    assert len(pictures_in(many)) == 10


def test_what_was_forwarded_has_its_pictures_too() -> None:
    inner = message(attachments=[attachment("far.png")])
    assert urls(message(message_snapshots=[inner])) == [f"{CDN}/far.png?ex=1"]
