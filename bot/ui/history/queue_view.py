"""The private list of /queue: each open request with its state and a link. Pure."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.backends.base import Backend
from bot.cards import formatting, labels
from bot.cards.card import (
    OPTION_MAX,
    Block,
    Button,
    ButtonStyle,
    Card,
    Colour,
    Option,
    Section,
    TextBlock,
)
from bot.cards.custom_ids import CANCEL_ALL, CANCEL_REQUEST, REFRESH_QUEUE, SHOW_REQUEST
from bot.cards.formatting import DOT
from bot.cards.links import jump_url
from bot.cards.markdown import inline_code, line, safe_line
from bot.cards.progress import expected_at
from bot.domain.alchemy.alchemy_forms import form_of
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest
from bot.domain.results import Phase, Status
from bot.i18n import _, ngettext

QUEUE_SHOWN = 10  # a section with its button takes three of a message's 40 components
PROMPT_SHOWN = 120


def queue_card(
    records: Sequence[Record],
    note: str = "",
    *,
    now: float,
    backends: Mapping[str, Backend] = MappingProxyType({}),
) -> Card:
    """A user's open requests, with the newest status and a Cancel button each.

    `now`: UTC seconds, to which the backend's estimates of the wait are added. `backends`: by name;
    one that cannot cancel a request under way has its button disabled.
    """
    shown, more = records[:QUEUE_SHOWN], len(records) - QUEUE_SHOWN
    blocks: list[Block] = [TextBlock("### " + _("Your open requests")), TextBlock(note)]
    blocks += [_section(record, now, _is_fixed(record, backends)) for record in shown]
    if not records:
        blocks.append(TextBlock(_("You have no open requests. `/imagine` starts one.")))
    if more > 0:
        text = ngettext(
            "and {count} more. **Cancel all** cancels it too.",
            "and {count} more. **Cancel all** cancels them too.",
            more,
        )
        blocks.append(TextBlock(f"-# {text.format(count=formatting.decimal(more))}"))
    buttons = (Button(REFRESH_QUEUE(), _("Refresh")),)
    if len(records) > 1:
        buttons = (Button(CANCEL_ALL(), _("Cancel all"), ButtonStyle.DANGER), *buttons)
    return Card(Colour.QUIET, tuple(blocks), (buttons,))


def _is_fixed(record: Record, backends: Mapping[str, Backend]) -> bool:
    """Whether its backend has accepted it and cannot cancel it."""
    backend = backends.get(record.backend)
    if backend is None or record.phase is Phase.QUEUED:
        return False
    return record.kind not in backend.capabilities.cancels


def _section(record: Record, now: float, fixed: bool) -> Section:
    stopping = fixed or record.cancel_at is not None
    cancel = Button(CANCEL_REQUEST(record.id), _(labels.CANCEL), disabled=stopping)
    return Section(_open_entry(record, now), cancel)


def link_of(record: Record) -> str:
    """A masked link to the message that shows the request; "" for none."""
    place = jump_url(record)
    label = _("open message")
    return f"[{label}]({place})" if place else ""


def _open_entry(record: Record, now: float) -> str:
    state = _(labels.PHASES[record.phase])
    position = record.status.queue_position if record.status is not None else 0
    if record.cancel_at is not None:
        state = _(labels.STOPPING)
    elif record.phase is Phase.QUEUED and position:
        state = _("{position} in the queue of the bot").format(
            position=formatting.ordinal(position)
        )
    elif record.phase in {Phase.WAITING, Phase.PROCESSING} and record.status is not None:
        state = DOT.join(filter(None, [state, *_position(record.status, now)]))
    return f"{entry(record, state)}\n> {prompt_line(record)}"


def _position(status: Status, now: float) -> tuple[str, str]:
    """The queue position at the backend and the time when it is ready."""
    place = status.queue_position
    return _(labels.PLACE).format(
        place=formatting.decimal(place)
    ) if place > 0 else "", expected_at(status, now)


def entry(record: Record, *states: str) -> str:
    """The first line about a request: number, states, time, link."""
    facts = [f"**#{record.id}**", *states, f"<t:{round(record.created_at)}:R>", link_of(record)]
    return DOT.join(filter(None, facts))


def prompt_line(record: Record) -> str:
    """The prompt or the forms of alchemy, on one line."""
    request = record.request
    if isinstance(request, AlchemyRequest):
        name, forms = inline_code(request.source.filename, 40), _forms(request)
        return f"{name}: {safe_line(forms, PROMPT_SHOWN - 50)}" if name else forms
    return safe_line(request.prompt, PROMPT_SHOWN)


def _forms(request: AlchemyRequest) -> str:
    return formatting.listed(form_of(name).shown for name in request.forms)


def menu_option(record: Record) -> Option:
    """The request as an option of a menu."""
    request = record.request
    said = _forms(request) if isinstance(request, AlchemyRequest) else request.prompt
    return Option(str(record.id), line(f"#{record.id} {said}", OPTION_MAX))


def show_button(record: Record) -> Button:
    """The button that shows the request's card to the requester."""
    return Button(SHOW_REQUEST(record.id), _("Show"))
