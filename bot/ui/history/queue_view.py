"""The private list of /queue: what was asked, where it stands, a way there. ui/past.py uses it."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.cards import formatting, labels
from bot.cards.context import DOT, ready_in
from bot.cards.links import jump_url
from bot.cards.markdown import inline_code, line, safe_line
from bot.domain.alchemy_forms import FORMS
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest
from bot.domain.results import Phase, Status
from bot.ui.components.views import view_of

# Lists
QUEUE_TITLE, HISTORY_TITLE = "Under way", "What you made"
QUEUE_EMPTY = "You have nothing under way. `/imagine` starts something."
CANCEL_ALL_LABEL = "Cancel all"
QUEUE_MORE = "and {count} more; **Cancel all** stops those too"
NEWEST, OLDER, REFRESH_LABEL = "Newest", "Older", "Refresh"
SHOW_LABEL, GO_THERE = "Show", "go there"

QUEUE_SHOWN = 10  # a section with its button takes three of a message's 40 components
PROMPT_SHOWN, CHOICE_MAX = 120, 100
CANCEL, CANCEL_ALL, REFRESH = "hcq:cancel", "hcq:all", "hcq:refresh"
SHOW = "hcq:show"


def queue_view(records: Sequence[Record], note: str = "", *, now: float) -> ui.LayoutView:
    """A person's open requests with their newest status, each with a Cancel button.

    `now`: UTC seconds, to which the wait of the status is added.
    """
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"### {QUEUE_TITLE}")]
    items += [ui.TextDisplay(note)] if note else []
    for record in records[:QUEUE_SHOWN]:
        stop = ui.Button[Any](
            label=labels.CANCEL,
            custom_id=f"{CANCEL}:{record.id}",
            disabled=record.cancel_at is not None,
        )
        items.append(ui.Section(_open_entry(record, now), accessory=stop))
    if not records:
        items.append(ui.TextDisplay(QUEUE_EMPTY))
    if len(records) > QUEUE_SHOWN:
        more = QUEUE_MORE.format(count=len(records) - QUEUE_SHOWN)
        items.append(ui.TextDisplay(f"-# {more}"))
    buttons = [_plain(REFRESH_LABEL, REFRESH)]
    if len(records) > 1:
        danger = discord.ButtonStyle.danger
        buttons.insert(0, ui.Button(label=CANCEL_ALL_LABEL, custom_id=CANCEL_ALL, style=danger))
    return view_of(items, ui.ActionRow(*buttons))


def link_of(record: Record) -> str:
    """A masked link to the message that shows it; "" where there is none to go to."""
    place = jump_url(record)
    return f"[{GO_THERE}]({place})" if place else ""


def _open_entry(record: Record, now: float) -> str:
    state = labels.PHASES[record.phase]
    position = record.status.queue_position if record.status is not None else 0
    if record.cancel_at is not None:
        state = labels.STOPPING
    elif record.phase is Phase.QUEUED and position:
        state = f"{formatting.ordinal(position)} in our queue"
    elif record.phase in {Phase.WAITING, Phase.PROCESSING} and record.status is not None:
        state = DOT.join(filter(None, [state, *_standing(record.status, now)]))
    return f"{entry(record, state)}\n> {prompt_line(record)}"


def _standing(status: Status, now: float) -> tuple[str, str]:
    """Where it stands at the backend."""
    place = status.queue_position
    return labels.PLACE.format(place=place) if place > 0 else "", ready_in(status.wait_time, now)


def entry(record: Record, *states: str) -> str:
    """The first line about a request: its number, how it stands, when, a way there."""
    facts = [f"**#{record.id}**", *states, f"<t:{round(record.created_at)}:R>", link_of(record)]
    return DOT.join(filter(None, facts))


def prompt_line(record: Record) -> str:
    """What was asked for, on one line."""
    request = record.request
    if isinstance(request, AlchemyRequest):
        name = inline_code(request.source.filename, 40) or "a picture"
        return f"Alchemy on {name}: {safe_line(_forms(request), PROMPT_SHOWN - 50)}"
    return safe_line(request.prompt, PROMPT_SHOWN)


def _forms(request: AlchemyRequest) -> str:
    return ", ".join(FORMS[name].short for name in request.forms)


def choice_of(record: Record) -> discord.SelectOption:
    """The request as an option of a menu."""
    request = record.request
    said = _forms(request) if isinstance(request, AlchemyRequest) else request.prompt
    label = line(f"#{record.id} {said}", CHOICE_MAX)
    return discord.SelectOption(label=label, value=str(record.id))


def show_button(record: Record) -> ui.Button[Any]:
    """Shows the request's card to its person."""
    return _plain(SHOW_LABEL, f"{SHOW}:{record.id}")


def _plain(label: str, name: str) -> ui.Button[Any]:
    return ui.Button(label=label, custom_id=name)
