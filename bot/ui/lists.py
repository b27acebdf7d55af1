"""The private lists of /queue and /history: what was asked, where it stands, a way there."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.records import Record
from bot.requests import AlchemyRequest
from bot.results import Phase
from bot.ui import words
from bot.ui.card import Colour
from bot.ui.markdown import inline_code, line, safe_line
from bot.ui.scene import DOT, place_of

# A section with its button takes three of a message's 40 components.
QUEUE_SHOWN, HISTORY_SHOWN = 10, 8
PROMPT_SHOWN, CHOICE_MAX = 120, 100
CANCEL, CANCEL_ALL, REFRESH = "hcq:cancel", "hcq:all", "hcq:refresh"
PAGE, SHOW, AGAIN = "hcq:page", "hcq:show", "hcq:again"


def queue_view(places: Sequence[tuple[Record, int]], note: str = "") -> ui.LayoutView:
    """A person's open requests, each with its place in our queue and a Cancel button."""
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"### {words.QUEUE_TITLE}")]
    items += [ui.TextDisplay(note)] if note else []
    for record, place in places[:QUEUE_SHOWN]:
        stop = ui.Button[Any](
            label=words.CANCEL,
            custom_id=f"{CANCEL}:{record.id}",
            disabled=record.cancel_at is not None,
        )
        items.append(ui.Section(_open_entry(record, place), accessory=stop))
    if not places:
        items.append(ui.TextDisplay(words.QUEUE_EMPTY))
    if len(places) > QUEUE_SHOWN:
        more = words.QUEUE_MORE.format(count=len(places) - QUEUE_SHOWN)
        items.append(ui.TextDisplay(f"-# {more}"))
    buttons = [_plain(words.REFRESH, REFRESH)]
    if len(places) > 1:
        danger = discord.ButtonStyle.danger
        buttons.insert(0, ui.Button(label=words.CANCEL_ALL, custom_id=CANCEL_ALL, style=danger))
    return _view(items, ui.ActionRow(*buttons))


def history_view(page: Sequence[Record], *, newest: bool) -> ui.LayoutView:
    """One page of ended requests, newest first; `page` holds one more when there are older ones."""
    shown = page[:HISTORY_SHOWN]
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"### {words.HISTORY_TITLE}")]
    items += [ui.Section(_ended_entry(one), accessory=_show(one)) for one in shown]
    if not shown:
        items.append(ui.TextDisplay(words.HISTORY_EMPTY if newest else words.HISTORY_END))
    rows: list[ui.ActionRow[Any]] = []
    if shown:
        rows.append(ui.ActionRow(_again_select(shown)))
    moves: list[ui.Button[Any]] = [] if newest else [_plain(words.NEWEST, f"{PAGE}:0")]
    if len(page) > HISTORY_SHOWN:
        moves.append(_plain(words.OLDER, f"{PAGE}:{shown[-1].id}"))
    if moves:
        rows.append(ui.ActionRow(*moves))
    return _view(items, *rows)


def link_of(record: Record) -> str:
    """A masked link to the message that shows it; "" where there is none to go to."""
    place = place_of(record)
    return f"[{words.GO_THERE}]({place})" if place else ""


def _open_entry(record: Record, place: int) -> str:
    state = words.PHASES[record.phase]
    if record.cancel_at is not None:
        state = words.STOPPING
    elif record.phase is Phase.QUEUED and place:
        state = f"{words.ordinal(place)} in our queue"
    return _entry(record, state)


def _ended_entry(record: Record) -> str:
    return _entry(record, words.PHASES[record.phase])


def _entry(record: Record, state: str) -> str:
    facts = [f"**#{record.id}**", state, f"<t:{round(record.created_at)}:R>", link_of(record)]
    return f"{DOT.join(filter(None, facts))}\n> {_asked(record)}"


def _asked(record: Record) -> str:
    request = record.request
    if isinstance(request, AlchemyRequest):
        name = inline_code(request.source.filename, 40) or "a picture"
        forms = safe_line(", ".join(request.forms), PROMPT_SHOWN - 50)
        return f"Alchemy on {name}: {forms}"
    return safe_line(request.prompt, PROMPT_SHOWN)


def _choice(record: Record) -> discord.SelectOption:
    request = record.request
    said = ", ".join(request.forms) if isinstance(request, AlchemyRequest) else request.prompt
    label = line(f"#{record.id} {said}", CHOICE_MAX)
    return discord.SelectOption(label=label, value=str(record.id))


def _again_select(records: Sequence[Record]) -> ui.Select[Any]:
    return ui.Select(
        custom_id=AGAIN, placeholder=words.AGAIN_PICK, options=[_choice(one) for one in records]
    )


def _show(record: Record) -> ui.Button[Any]:
    return _plain(words.SHOW, f"{SHOW}:{record.id}")


def _plain(label: str, name: str) -> ui.Button[Any]:
    return ui.Button(label=label, custom_id=name)


def _view(items: Sequence[ui.Item[Any]], *rows: ui.ActionRow[Any]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*items, accent_colour=int(Colour.QUIET)))
    for row in rows:
        view.add_item(row)
    view.stop()  # never stored: presses are routed by custom_id alone
    return view
