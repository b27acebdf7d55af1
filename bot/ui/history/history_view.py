"""The private pages of /history: what somebody made, with thumbnails, and one of them close up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from bot.cards import formatting, labels
from bot.cards.card import Verb
from bot.cards.context import DOT, verb_button, worker_names
from bot.cards.markdown import inline_code, safe_line, units
from bot.cards.prompt import prompt_quote
from bot.domain.records import Record
from bot.domain.requests import ImageRequest, Kind
from bot.rules.guild_checks import is_tame
from bot.ui.components.views import view_of
from bot.ui.history.queue_view import (
    HISTORY_TITLE,
    NEWEST,
    OLDER,
    choice_of,
    entry,
    prompt_line,
    show_button,
)

KIND_LABELS = {Kind.IMAGE: "pictures", Kind.TEXT: "texts", Kind.ALCHEMY: "alchemy"}  # in a heading
HISTORY_EMPTY = "You have not made anything yet. Try `/imagine` with a fox asleep in snow."
HISTORY_END = "Nothing older is remembered."
HISTORY_PICK, BACK, UNSAVE = "Look at one of these …", "Back", "Do not keep"
IS_SAVED, ONLY_SAVED, WITH_WORDS = "⭐ saved", "saved ones", "with {words}"
NOTHING_FOUND = "Nothing fits that. `/history` without options shows everything."
NOTHING_SAVED = "You have not saved anything yet: **Save** under a result keeps it for good."

PREFIX = "hch"
SHOWN = 5  # entries of a page: a section with its thumbnail takes three of 40 components
SEARCH_MAX = 40  # characters; a button carries them in its id, which has 100
KINDS = {"i": Kind.IMAGE, "t": Kind.TEXT, "a": Kind.ALCHEMY}
_LETTERS = {kind: letter for letter, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which part of the past is looked at. `before`: only smaller numbers; 0: from the newest."""

    search: str = ""
    kind: Kind | None = None
    favourites: bool = False
    before: int = 0

    @property
    def code(self) -> str:
        """As an id carries it; `read` is its opposite."""
        letter = _LETTERS[self.kind] if self.kind else "-"
        return f"{self.before}:{letter}{'s' if self.favourites else '-'}:{self.search}"

    @property
    def said(self) -> str:
        """What is looked for, in words; "" for everything."""
        parts = [
            KIND_LABELS[self.kind] if self.kind else "",
            ONLY_SAVED if self.favourites else "",
            WITH_WORDS.format(words=inline_code(self.search, 80)) if self.search else "",
        ]
        return DOT.join(filter(None, parts))


def filter_of(before: str, letters: str, search: str) -> Filter:
    """A filter out of the parts of an id."""
    return Filter(search, KINDS.get(letters[0]), letters[1] == "s", int(before))


def searched(text: str) -> str:
    """What somebody types as it fits into an id."""
    found = " ".join(text.split())[:SEARCH_MAX]
    while units(found) > SEARCH_MAX:
        found = found[:-1]
    return found


def page_view(
    page: Sequence[Record], which: Filter, saved: Collection[int], files: Mapping[int, str]
) -> ui.LayoutView:
    """One page, newest first; `page` holds one more when there are older ones.

    `saved`: numbers of favourites. `files`: names of attached thumbnails, by number.
    """
    shown = page[:SHOWN]
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"### {HISTORY_TITLE}")]
    items += [ui.TextDisplay(f"-# {which.said}")] if which.said else []
    items += [_section(one, one.id in saved, files.get(one.id)) for one in shown]
    if not shown:
        items.append(ui.TextDisplay(_nothing(which)))
    rows: list[ui.ActionRow[Any]] = []
    if shown:
        rows.append(ui.ActionRow(_pick(shown, which)))
    moves: list[ui.Button[Any]] = []
    if which.before:
        moves.append(_move(NEWEST, replace(which, before=0)))
    if len(page) > SHOWN:
        moves.append(_move(OLDER, replace(which, before=shown[-1].id)))
    if moves:
        rows.append(ui.ActionRow(*moves))
    return view_of(items, *rows)


def request_view(
    record: Record, which: Filter, *, saved: bool, file: str = "", note: str = ""
) -> ui.LayoutView:
    """One of them: what it was, and what can be done with it."""
    items: list[ui.Item[Any]] = [ui.TextDisplay(note)] if note else []
    items.append(ui.TextDisplay(f"{_head(record, saved)}\n{_whole(record)}"))
    if file:
        items.append(ui.MediaGallery(_media(record, file)))
    doing = ui.ActionRow[Any](
        _button(Verb.AGAIN, record, f"hc:{Verb.AGAIN}:{record.id}"),
        show_button(record),
        _button(Verb.DETAILS, record, f"hc:{Verb.DETAILS}:{record.id}"),
        _button(*(Verb.SAVE, record, _id("save", record.id, which)), label=UNSAVE if saved else ""),
        _button(Verb.DELETE, record, _id("delete", record.id, which)),
    )
    return view_of(items, doing, ui.ActionRow(_move(BACK, which)))


def thumbnail_name(record: Record) -> str:
    """What the attached thumbnail of a request is called."""
    return f"thumbnail-{record.id}.webp"


def _section(record: Record, saved: bool, file: str | None) -> ui.Section[Any]:
    text = f"{_head(record, saved)}\n> {prompt_line(record)}"
    return ui.Section(text, accessory=_thumbnail(record, file) if file else show_button(record))


def _head(record: Record, saved: bool) -> str:
    return entry(record, labels.PHASES[record.phase], IS_SAVED if saved else "")


def _whole(record: Record) -> str:
    request = record.request
    if not isinstance(request, ImageRequest):
        return f"> {prompt_line(record)}"
    facts = [
        worker_names(request.models) or labels.ANY_MODEL,
        formatting.size(request.width, request.height),
        formatting.count(request.n, record.kind),
        safe_line(request.style_name or request.style, 60),
    ]
    return f"{prompt_quote(request.prompt)}\n-# {DOT.join(filter(None, facts))}"


def _thumbnail(record: Record, file: str) -> ui.Thumbnail[Any]:
    return ui.Thumbnail(f"attachment://{file}", spoiler=_is_delicate(record))


def _media(record: Record, file: str) -> discord.MediaGalleryItem:
    return discord.MediaGalleryItem(f"attachment://{file}", spoiler=_is_delicate(record))


def _is_delicate(record: Record) -> bool:
    """It was made for an age-restricted place, and somebody may look over a shoulder here."""
    return not is_tame(record.request)


def _nothing(which: Filter) -> str:
    if which.before:
        return HISTORY_END
    if which == Filter(favourites=True):
        return NOTHING_SAVED
    return NOTHING_FOUND if which.said else HISTORY_EMPTY


def _pick(shown: Sequence[Record], which: Filter) -> ui.Select[Any]:
    options = [choice_of(one) for one in shown]
    return ui.Select(custom_id=_id("pick", 0, which), placeholder=HISTORY_PICK, options=options)


def _button(verb: Verb, record: Record, name: str, *, label: str = "") -> ui.Button[Any]:
    """The verb's button as cards have it, under an id that leads back to this page."""
    shown = verb_button(verb, record.id)
    style = discord.ButtonStyle(int(shown.look))
    return ui.Button(label=label or shown.label, emoji=shown.emoji, style=style, custom_id=name)


def _move(label: str, which: Filter) -> ui.Button[Any]:
    return ui.Button(label=label, custom_id=_id("page", 0, which))


def _id(verb: str, record_id: int, which: Filter) -> str:
    return f"{PREFIX}:{verb}:{record_id}:{which.code}"
