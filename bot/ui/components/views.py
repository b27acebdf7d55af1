"""A Card becomes Discord's components. A fresh view for every message: nothing is kept of it.

Cards are made to fit; what stands here about limits is the last line of defence, since Discord
refuses a whole message for one character too many and discord.py does not look.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.cards.card import (
    ALT_MAX,
    COMPONENTS_MAX,
    FILES_MAX,
    GALLERY_MAX,
    OPTIONS_MAX,
    TEXT_MAX,
    Attachment,
    Block,
    Button,
    Card,
    Colour,
    Divider,
    Gallery,
    Menu,
    Picture,
    TextBlock,
)
from bot.cards.markdown import ELLIPSIS, units

LABEL_MAX = 80  # characters on a button (docs of 2026-08)
ROW_MAX = 5
OPTION_MAX = 100  # characters of an option's label, of its description, of a placeholder
NAME_MAX = 100
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")  # Discord rewrites these, attachment:// then misses


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a message, under the name that the card has for it."""

    filename: str
    data: bytes


def layout_of(card: Card) -> ui.LayoutView:
    """The card as a view that discord.py forgets once it is sent."""
    view = ui.LayoutView(timeout=None)
    rows = [row[:ROW_MAX] for row in card.rows if row]
    menu = card.menu if card.menu and card.menu.options else None
    room = COMPONENTS_MAX - 1 - sum(1 + len(row) for row in rows) - (2 if menu else 0)
    items = list(_items(card.blocks))[:room] or [ui.TextDisplay[Any](ELLIPSIS)]
    view.add_item(ui.Container(*items, accent_colour=int(card.colour)))
    if menu:
        view.add_item(ui.ActionRow(_select(menu)))
    for row in rows:
        view.add_item(ui.ActionRow(*(_button(button) for button in row)))
    view.stop()  # a finished view is never stored; presses are routed by custom_id alone
    return view


def files_of_card(uploads: Iterable[Upload]) -> list[discord.File]:
    """The files of a message. Fresh ones: the library closes them after each try."""
    return [
        discord.File(io.BytesIO(upload.data), filename=file_name(upload.filename), spoiler=False)
        for upload in list(uploads)[:FILES_MAX]
    ]


def custom_id(part: Button | Menu) -> str:
    """What comes back when it is pressed: a verb and a request, nothing else."""
    number = f":{part.number}" if part.number else ""
    return f"hc:{part.verb}:{part.record_id}{number}"


def file_name(name: str) -> str:
    """The name as Discord keeps it."""
    return _STRANGE.sub("_", name)[-NAME_MAX:].lstrip(".") or "file"


def _items(blocks: Sequence[Block]) -> Iterable[ui.Item[Any]]:
    text_left, files_left = TEXT_MAX, FILES_MAX
    for block in blocks:
        match block:
            case TextBlock(content) if content.strip() and text_left > 0:
                shown = _cut(content, text_left)
                text_left -= units(shown)
                if shown:
                    yield ui.TextDisplay(shown)
            case Divider(visible):
                yield ui.Separator(visible=visible)
            case Gallery(pictures) if pictures and files_left > 0:
                shown_pictures = pictures[: min(GALLERY_MAX, files_left)]
                files_left -= sum(not picture.url for picture in shown_pictures)
                yield _gallery(Gallery(shown_pictures))
            case Attachment(filename, spoiler=spoiler) if files_left > 0:
                files_left -= 1
                yield ui.File(f"attachment://{file_name(filename)}", spoiler=spoiler)
            case _:
                continue


def _gallery(gallery: Gallery) -> ui.MediaGallery[Any]:
    return ui.MediaGallery(
        *(
            discord.MediaGalleryItem(
                _address(picture),
                description=picture.alt[:ALT_MAX].strip() or None,
                spoiler=picture.spoiler,
            )
            for picture in gallery.pictures
        )
    )


def _address(picture: Picture) -> str:
    return picture.url or f"attachment://{file_name(picture.filename)}"


def _select(menu: Menu) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=option.label[:OPTION_MAX],
            value=option.value,
            description=option.description[:OPTION_MAX] or None,
        )
        for option in menu.options[:OPTIONS_MAX]
    ]
    placeholder = menu.placeholder[:OPTION_MAX]
    return ui.Select(custom_id=custom_id(menu), placeholder=placeholder, options=options)


def _button(button: Button) -> ui.Button[Any]:
    return ui.Button(
        style=discord.ButtonStyle(int(button.look)),
        label=button.label[:LABEL_MAX],
        custom_id=custom_id(button),
        emoji=button.emoji or None,
        disabled=button.disabled,
    )


def _cut(text: str, limit: int) -> str:
    """At most `limit` units, with an ellipsis where it was cut; "" where not even that fits."""
    if units(text) <= limit:
        return text
    kept = text[:limit]
    while kept and (over := units(kept + ELLIPSIS) - limit) > 0:
        kept = kept[: -max(1, over // 2)]  # a character is one unit or two
    return kept + ELLIPSIS if kept else ""


def view_of(items: Sequence[ui.Item[Any]], *rows: ui.ActionRow[Any]) -> ui.LayoutView:
    """A quiet box with rows of buttons under it."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*items, accent_colour=int(Colour.QUIET)))
    for row in rows:
        view.add_item(row)
    view.stop()  # never stored: presses are routed by custom_id alone
    return view
