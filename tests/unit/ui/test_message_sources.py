"""The pictures of a message in all its parts."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.ui.actions.message_sources import pictures_in, unusable_in

CDN = "https://cdn.discordapp.com/attachments/1/2"


def attachment(
    name: str, kind: str | None = "image/png", url: str = "", width: int | None = 64
) -> discord.Attachment:
    data = {
        "id": "9",
        "filename": name,
        "size": 1_234,
        "url": url or f"{CDN}/{name}?ex=1",
        "proxy_url": "",
        "width": width,
        "height": 48,
    }
    whole, state = data | {"content_type": kind}, SimpleNamespace(http=None)
    return discord.Attachment(data=cast("Any", whole), state=cast("Any", state))


def raw_media(url: str, kind: str | None = "image/webp") -> dict[str, Any]:
    return {"url": url, "proxy_url": url, "width": 32, "height": 24, "content_type": kind}


def raw_gallery(*urls: str) -> dict[str, Any]:
    return {"type": 12, "id": 1, "items": [{"media": raw_media(url)} for url in urls]}


def message(**parts: Any) -> discord.Message:
    """The parts of a message that are read; components as Discord sends them."""
    components = [built for data in parts.pop("components", []) if (built := build(data))]
    known = {"attachments": [], "embeds": [], "components": components, "message_snapshots": []}
    known |= {"stickers": [], "content": ""}
    return cast("discord.Message", SimpleNamespace(**(known | parts)))


def build(data: dict[str, Any]) -> object:
    """A component as the library makes it, out of a message of the gateway."""
    kinds: dict[int, Any] = {12: discord.MediaGalleryComponent, 17: discord.Container}
    kinds[13] = discord.FileComponent
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
            attachment("unknown.exe", None, width=None),
        ]
    )
    first, second = pictures_in(found)
    assert (first.filename, first.size, first.width, first.height) == ("a.png", 1_234, 64, 48)
    assert second.filename == "unknown.webp"


def test_pictures_inside_of_components() -> None:
    thumbnail = {"type": 11, "id": 4, "media": raw_media(f"{CDN}/small.png")}
    text = {"type": 10, "id": 5, "content": "beside"}
    section = {"type": 9, "id": 3, "components": [text], "accessory": thumbnail}
    box = {
        "type": 17,
        "id": 2,
        "components": [section, raw_gallery(f"{CDN}/b.webp", f"{CDN}/c.webp")],
    }
    found = message(components=[raw_gallery(f"{CDN}/a.webp"), box])
    assert [source.filename for source in pictures_in(found)] == [
        *("a.webp", "small.png", "b.webp", "c.webp")
    ]
    assert (pictures_in(found)[0].width, pictures_in(found)[0].height) == (32, 24)


@pytest.mark.parametrize(
    "url",
    [
        "https://images-ext-1.discordapp.net.evil.example/a.png",
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
    assert urls(message(embeds=[embed], components=[raw_gallery(url)])) == [f"{CDN}/kept.png"]


def test_the_same_picture_counts_once_and_ten_are_enough() -> None:
    twice = message(
        attachments=[attachment("a.png")], components=[raw_gallery(f"{CDN}/a.png?ex=2&is=3")]
    )
    assert len(pictures_in(twice)) == 1
    many = message(attachments=[attachment(f"{n}.png") for n in range(14)])
    assert len(pictures_in(many)) == 10


def test_what_was_forwarded_has_its_pictures_too() -> None:
    inner = message(attachments=[attachment("far.png")])
    assert urls(message(message_snapshots=[inner])) == [f"{CDN}/far.png?ex=1"]


DISCORD_PROXY = "https://images-ext-1.discordapp.net/external/abc/https/pictures.example"


def rich_embed(**parts: Any) -> discord.Embed:
    return discord.Embed.from_dict({"type": "rich", **parts})


def linked(name: str) -> dict[str, Any]:
    return {"url": f"https://pictures.example/{name}", "proxy_url": f"{DISCORD_PROXY}/{name}"}


def test_pictures_from_elsewhere_are_taken_from_the_proxy_of_discord() -> None:
    there = message(
        embeds=[
            rich_embed(type="image", thumbnail=linked("x.png")),
            rich_embed(title="A post", image=linked("post")),
            rich_embed(
                type="gifv", thumbnail=linked("still.png"), video={"url": "https://g.example/1"}
            ),
        ],
        components=[
            {"type": 12, "id": 1, "items": [{"media": raw_media("https://p.example/g.png")}]},
            {"type": 12, "id": 2, "items": [{"media": raw_media("") | linked("g.png")}]},
        ],
    )
    assert urls(there) == [
        f"{DISCORD_PROXY}/{name}" for name in ("g.png", "x.png", "post", "still.png")
    ]


def sticker(number: int, kind: int) -> discord.StickerItem:
    data: Any = {"id": str(number), "name": "wave", "format_type": kind}
    return discord.StickerItem(state=cast("Any", None), data=data)


def test_stickers_are_pictures_but_drawings_are_not() -> None:
    found = urls(message(stickers=[sticker(1, 1), sticker(2, 4), sticker(3, 3), sticker(4, 2)]))
    assert [url.rpartition("/")[2].partition("?")[0] for url in found] == [
        "1.png",
        "2.gif",
        "4.png",
    ]


def test_emoji_that_are_all_there_is() -> None:
    found = message(content="<:fox:749054660769218633> <a:run:749054660769218634>")
    assert urls(found) == [
        "https://cdn.discordapp.com/emojis/749054660769218633.png",
        "https://cdn.discordapp.com/emojis/749054660769218634.gif",
    ]
    assert not urls(message(content="look <:fox:749054660769218633>"))


def test_the_link_of_an_upload_pasted_as_text() -> None:
    found = message(content=f"see {CDN}/a.png?ex=1 and https://evil.example/attachments/1/b.png")
    assert urls(found) == [f"{CDN}/a.png?ex=1"]
    assert pictures_in(message(content=f"||{CDN}/a.png||"))[0].spoiler


def test_what_was_hidden_is_known_as_hidden() -> None:
    gallery_item = {"media": raw_media(f"{CDN}/b.webp"), "spoiler": True}
    file = {
        "type": 13,
        "id": 3,
        "file": raw_media(f"{CDN}/c.png"),
        "name": "c.png",
        "spoiler": True,
    }
    found = message(
        attachments=[attachment("SPOILER_a.png"), attachment("open.png")],
        components=[{"type": 12, "id": 1, "items": [gallery_item]}, file],
    )
    assert [(one.filename, one.spoiler) for one in pictures_in(found)] == [
        ("SPOILER_a.png", True),
        ("open.png", False),
        ("b.webp", True),
        ("c.png", True),
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("photo", None),
        ("photo", "application/octet-stream"),
        ("photo.png", None),
        ("photo.jfif", "application/octet-stream"),
        ("photo", "image/jpg"),
        ("photo", "Image/PNG; charset=binary"),
        ("photo", "image/x-png"),
        ("photo", "image/apng"),
        ("photo", "image/unheard-of"),
    ],
)
def test_an_attachment_with_an_odd_type_is_a_picture(name: str, kind: str | None) -> None:
    assert len(pictures_in(message(attachments=[attachment(name, kind)]))) == 1


def test_a_format_that_cannot_be_used_is_named() -> None:
    there = message(attachments=[attachment("IMG_1.HEIC", None)])
    assert not pictures_in(there)
    assert unusable_in(there).startswith(
        "The bot cannot use HEIC images. Save the image as PNG or JPEG"
    )
    assert not unusable_in(message(attachments=[attachment("notes.txt", "text/plain")]))
