"""Turns a Card into Discord's components: a new view for every message, never stored.

Cards fit already. The limits are applied here once more, because Discord refuses a whole message
for one character too many and discord.py does not check.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
from discord import ui

from bot.cards.card import (
    ALT_MAX,
    COMPONENTS_MAX,
    FILENAME_MAX,
    FILES_MAX,
    GALLERY_MAX,
    LABEL_MAX,
    OPTION_MAX,
    OPTIONS_MAX,
    ROW_MAX,
    TEXT_MAX,
    AnyMenu,
    Attachment,
    Block,
    Button,
    Card,
    ChannelMenu,
    Divider,
    Gallery,
    Menu,
    Option,
    Picture,
    RoleMenu,
    Section,
    TextBlock,
)
from bot.cards.markdown import ELLIPSIS, units
from bot.errors import SpoolError

CHANNEL_TYPES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
    discord.ChannelType.category,
]
_REPLACED = re.compile(r"[^A-Za-z0-9._-]+")  # Discord rewrites these, attachment:// then misses


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a message, under the name that the card has for it.

    `path`: of a large one, which is read from the disk while it is sent.
    """

    filename: str
    data: bytes = b""
    path: Path | None = None


def layout_of(card: Card) -> ui.LayoutView:
    """The card as a view that discord.py forgets once it is sent."""
    view = ui.LayoutView(timeout=None)
    rows = [ui.ActionRow[Any](*map(_button, row[:ROW_MAX])) for row in card.rows if row]
    menus = [_menu(menu) for menu in card.menus if not isinstance(menu, Menu) or menu.options]
    below = [*map(ui.ActionRow[Any], menus), *rows]
    room = COMPONENTS_MAX - 1 - sum(1 + len(row.children) for row in below)
    items = list(_fitting(card.blocks, room)) or [ui.TextDisplay[Any](ELLIPSIS)]
    for item in (ui.Container[Any](*items, accent_colour=int(card.colour)), *below):
        view.add_item(item)
    view.stop()  # a finished view is never stored; presses are routed by custom_id alone
    return view


def files_of_card(uploads: Iterable[Upload]) -> list[discord.File]:
    """The files of a message. New ones for each attempt: the library closes them.

    Raises SpoolError, `gone`, for one that was deleted from the disk.
    """
    try:
        return [
            discord.File(
                upload.path or io.BytesIO(upload.data),
                filename=file_name(upload.filename),
                spoiler=False,
            )
            for upload in list(uploads)[:FILES_MAX]
        ]
    except FileNotFoundError:
        raise SpoolError("This result is not kept any more.", gone=True) from None


def file_name(name: str) -> str:
    """The name as Discord stores it."""
    return _REPLACED.sub("_", name)[-FILENAME_MAX:].lstrip(".") or "file"


def _fitting(blocks: Iterable[Block], room: int) -> Iterator[ui.Item[Any]]:
    """The items of the blocks that fit into `room` components."""
    for item in _items(blocks):
        room -= 3 if isinstance(item, ui.Section) else 1
        if room >= 0:
            yield item


def _items(blocks: Iterable[Block]) -> Iterator[ui.Item[Any]]:
    text_left, files_left = TEXT_MAX, FILES_MAX
    for block in blocks:
        match block:
            case TextBlock(content) | Section(content) if content.strip() and text_left > 0:
                shown = _cut(content, text_left)
                text_left -= units(shown)
                if shown:
                    yield _section(shown, block) if isinstance(block, Section) else _text(shown)
            case Divider(visible):
                yield ui.Separator(visible=visible)
            case Gallery(pictures) if pictures and files_left > 0:
                shown_pictures = pictures[: min(GALLERY_MAX, files_left)]
                files_left -= sum(not picture.url for picture in shown_pictures)
                yield ui.MediaGallery(*map(_gallery_item, shown_pictures))
            case Attachment(filename, spoiler=spoiler) if files_left > 0:
                files_left -= 1
                yield ui.File(f"attachment://{file_name(filename)}", spoiler=spoiler)
            case _:
                continue


def _text(content: str) -> ui.TextDisplay[Any]:
    return ui.TextDisplay(content)


def _section(content: str, section: Section) -> ui.Section[Any]:
    beside = section.accessory
    if isinstance(beside, Button):
        return ui.Section(content, accessory=_button(beside))
    alt = beside.alt[:ALT_MAX].strip() or None
    thumbnail = ui.Thumbnail[Any](_address(beside), description=alt, spoiler=beside.spoiler)
    return ui.Section(content, accessory=thumbnail)


def _gallery_item(picture: Picture) -> discord.MediaGalleryItem:
    alt = picture.alt[:ALT_MAX].strip() or None
    return discord.MediaGalleryItem(_address(picture), description=alt, spoiler=picture.spoiler)


def _address(picture: Picture) -> str:
    return picture.url or f"attachment://{file_name(picture.filename)}"


def _menu(menu: AnyMenu) -> ui.Item[Any]:
    custom_id, placeholder = menu.id, menu.placeholder[:OPTION_MAX] or None
    if isinstance(menu, Menu):
        return ui.Select(
            custom_id=custom_id,
            placeholder=placeholder,
            options=[_option(option) for option in menu.options[:OPTIONS_MAX]],
            max_values=menu.most,
        )
    if isinstance(menu, ChannelMenu):
        return ui.ChannelSelect(
            custom_id=custom_id,
            placeholder=placeholder,
            channel_types=CHANNEL_TYPES,
            min_values=0,
            max_values=menu.most,
            default_values=_preselected(menu, discord.SelectDefaultValueType.channel),
        )
    return ui.RoleSelect(
        custom_id=custom_id,
        placeholder=placeholder,
        min_values=0,
        max_values=menu.most,
        default_values=_preselected(menu, discord.SelectDefaultValueType.role),
    )


def _preselected(
    menu: ChannelMenu | RoleMenu, kind: discord.SelectDefaultValueType
) -> list[discord.SelectDefaultValue]:
    return [discord.SelectDefaultValue(id=one, type=kind) for one in menu.chosen]


def _option(option: Option) -> discord.SelectOption:
    return discord.SelectOption(
        label=option.label[:OPTION_MAX],
        value=option.value,
        description=option.description[:OPTION_MAX] or None,
        default=option.chosen,
    )


def _button(button: Button) -> ui.Button[Any]:
    return ui.Button(
        style=discord.ButtonStyle(int(button.style)),
        label=button.label[:LABEL_MAX],
        custom_id=button.id,
        emoji=button.emoji or None,
        disabled=button.disabled,
    )


def _cut(text: str, limit: int) -> str:
    """At most `limit` units, with an ellipsis where it was cut; "" if not even that fits."""
    if units(text) <= limit:
        return text
    kept = text[:limit]
    while kept and (over := units(kept + ELLIPSIS) - limit) > 0:
        kept = kept[: -max(1, over // 2)]  # a character is one unit or two
    return kept + ELLIPSIS if kept else ""
