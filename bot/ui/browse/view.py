"""The lists of /horde models, styles and loras, and one of them looked at closely. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import discord
from discord import ui

from bot.cards.card import Colour
from bot.cards.markdown import clean, safe_line, units

# Lists
TITLES = {
    "image": "Models for `/imagine`",
    "text": "Models for `/write`",
    "style": "Styles",
    "lora": "LoRAs",
}
SEARCHED_FOR = "that fit {typed}"
COUNT = "-# {first} to {last} of {count}"
NOTHING = {
    "image": "No model fits that. Leave `search` away to see them all.",
    "text": "No model fits that. Leave `search` away to see them all.",
    "style": "No style fits that. Leave `search` away to see them all.",
    "lora": "No LoRA that is known here fits that.",
}
LOOK = "Look at one closely …"
EARLIER, LATER, BACK = "Earlier", "More", "Back to the list"
USE, DEFAULT = "Use", "Set as my default"
GONE = "That is not on the list any more. Open the list again."
ALT = "An example of {name}"

Which = Literal["image", "text", "style", "lora"]
SHOWN = 8  # a section with its picture takes three of a message's 40 components
TYPED_MAX = 60  # characters of a search that a custom_id has room for
NAME_MAX, OPTION_MAX = 80, 100
PREFIX = "hcb"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `line` is markdown; `picture` a link that Discord may fetch, or ""."""

    mark: str
    name: str
    line: str
    hint: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Which list, which page of it (from 0), and what was searched for: all a button needs."""

    which: Which
    page: int = 0
    typed: str = ""

    def custom_id(self, verb: str, page: int | None = None) -> str:
        """For something that leads to this list, or to another page of it."""
        return f"{PREFIX}:{verb}:{self.which}:{self.page if page is None else page}:{self.typed}"


@dataclass(frozen=True, slots=True)
class Closeup:
    """One of them. `facts` are lines of markdown; `default`: it can be somebody's usual one."""

    mark: str
    name: str
    facts: Sequence[str]
    pictures: Sequence[str] = field(default_factory=tuple[str, ...])
    default: bool = False


def list_page_of(which: Which, typed: str = "", page: int = 0) -> ListPage:
    """A place whose custom_ids fit."""
    text = " ".join(typed.split())[:TYPED_MAX]
    while units(text) > TYPED_MAX:
        text = text[:-1]
    return ListPage(which, max(0, page), text)


def list_view(
    place: ListPage, entries: Sequence[Entry], count: int, *, note: str = ""
) -> ui.LayoutView:
    """One page. `count`: of all that fit; `note`: a line of markdown under them."""
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"### {_title(place)}")]
    items += [_row(entry) for entry in entries]
    if not entries:
        items.append(ui.TextDisplay(NOTHING[place.which]))
    first = place.page * SHOWN
    counted = COUNT.format(first=first + 1, last=first + len(entries), count=count)
    foot = "\n".join(filter(None, [counted if count > SHOWN else "", note]))
    if foot:
        items.append(ui.TextDisplay(foot))
    rows: list[ui.ActionRow[Any]] = []
    if entries:
        rows.append(ui.ActionRow(_look(place, entries)))
    if moves := _moves(place, count):
        rows.append(ui.ActionRow(*moves))
    return _view(items, rows)


def closeup_view(place: ListPage, one: Closeup) -> ui.LayoutView:
    """Everything that helps to choose it, its pictures, and what can be done with it."""
    title = f"### {safe_line(one.name, NAME_MAX)}"
    items: list[ui.Item[Any]] = [ui.TextDisplay("\n".join([title, *filter(None, one.facts)]))]
    if one.pictures:
        alt = ALT.format(name=clean(one.name, NAME_MAX))
        gallery = [discord.MediaGalleryItem(url, description=alt) for url in one.pictures]
        items.append(ui.MediaGallery(*gallery))
    about = f"{place.which}:{one.mark}"
    primary = discord.ButtonStyle.primary
    buttons = [_button(USE, f"{PREFIX}:use:{about}", primary)]
    if one.default:
        buttons.append(_button(DEFAULT, f"{PREFIX}:default:{about}"))
    buttons.append(_button(BACK, place.custom_id("list")))
    return _view(items, [ui.ActionRow(*buttons)])


def _title(place: ListPage) -> str:
    fit = SEARCHED_FOR.format(typed=f"\u201c{safe_line(place.typed, TYPED_MAX)}\u201d")
    return f"{TITLES[place.which]} {fit if place.typed else ''}".strip()


def _row(entry: Entry) -> ui.Item[Any]:
    text = f"**{safe_line(entry.name, NAME_MAX)}**\n{entry.line}"
    if not entry.picture:
        return ui.TextDisplay(text)
    alt = ALT.format(name=clean(entry.name, NAME_MAX))
    thumbnail = ui.Thumbnail[Any](entry.picture, description=alt)
    return ui.Section(text, accessory=thumbnail)


def _look(place: ListPage, entries: Sequence[Entry]) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=clean(entry.name, OPTION_MAX) or entry.mark,
            value=entry.mark,
            description=clean(entry.hint, OPTION_MAX) or None,
        )
        for entry in entries
    ]
    return ui.Select(custom_id=place.custom_id("look"), placeholder=LOOK, options=options)


def _moves(place: ListPage, count: int) -> list[ui.Button[Any]]:
    moves: list[ui.Button[Any]] = []
    if place.page > 0:
        moves.append(_button(EARLIER, place.custom_id("list", place.page - 1)))
    if (place.page + 1) * SHOWN < count:
        moves.append(_button(LATER, place.custom_id("list", place.page + 1)))
    return moves


def _button(
    label: str, name: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> ui.Button[Any]:
    return ui.Button(label=label, custom_id=name, style=style)


def _view(items: Sequence[ui.Item[Any]], rows: Sequence[ui.ActionRow[Any]]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*items, accent_colour=int(Colour.QUIET)))
    for row in rows:
        view.add_item(row)
    view.stop()  # never stored: presses are routed by custom_id alone
    return view
