"""Lines that several kinds of cards share: how it was made, missing results, the small print."""

from collections.abc import Iterable, Sequence

from bot.cards import formatting, labels
from bot.cards.context import CardContext
from bot.cards.formatting import DOT
from bot.cards.markdown import safe_line
from bot.cards.progress import expected
from bot.domain.requests import Kind
from bot.domain.results import Phase
from bot.i18n import N_, _, ngettext

FROM = N_("from {number}")
REMARK_MAX, REMARKS, REASONS = 160, 3, 5
NAME_MAX, NAMES = 60, 2


def worker_names(found: Iterable[str], limit: int = NAMES) -> str:
    """The first few different names in bold, and the number of others; "" for none."""
    visible = (safe_line(name, NAME_MAX) for name in found)
    unique = list(dict.fromkeys(name for name in visible if name.strip()))
    shown = [f"**{name}**" for name in unique[:limit]]
    more = len(unique) - limit
    return formatting.and_more(shown, more) if more > 0 else ", ".join(shown)


def foot(scene: CardContext, *facts: str) -> str:
    """The small print: requester, price so far, payer, number of the request."""
    record, parts = scene.record, list(facts)
    if not scene.own:
        parts.append(labels.requester(record.user_id))
    if scene.costs and scene.phase.is_open:
        parts.append(_("{kudos} so far").format(kudos=scene.price))
    elif scene.costs and not scene.status.arrived:
        spent = _("at least {kudos} spent") if scene.status.begun else _("{kudos} spent")
        parts.append(spent.format(kudos=scene.price))
    parts.append(labels.payer_label(record.payer, own=scene.own, able=scene.able.made_by))
    parts.append(f"#{record.id}")
    if record.parent:
        number = f"#{record.parent}"
        named = f"[{number}]({scene.parent_link})" if scene.parent_link else number
        parts.append(_(FROM).format(number=named))
    return f"-# {DOT.join(filter(None, parts))}"


def titled(scene: CardContext, title: str) -> str:
    """The small title of a second message, with its requester where others read it."""
    whose = "" if scene.own else labels.requester(scene.record.user_id)
    return f"-# {DOT.join(filter(None, [title, whose]))}"


def took(scene: CardContext) -> str:
    """The requester's waiting time."""
    ended = scene.record.outcome_at or scene.record.closed_at or scene.now
    return formatting.duration(ended - scene.record.created_at)


def remarks(found: Iterable[str], sign: str) -> str:
    """A few warnings or a worker's notes, one a line."""
    unique = list(dict.fromkeys(safe_line(text, REMARK_MAX) for text in found if text))
    return "\n".join(f"{sign} {text}" for text in unique[:REMARKS] if text)


def ignored_options(scene: CardContext) -> str:
    """A line about choices that the backend does not use; "" for none."""
    names = scene.record.request.ignored
    if not names:
        return ""
    text = _(labels.BACKEND_IGNORES).format(
        backend=scene.able.made_by.title, names=formatting.listed(f"`{name}`" for name in names)
    )
    return f"-# {text}"


def missing_results(scene: CardContext, problems: Sequence[str]) -> str:
    """Missing results and their reasons, one line for each reason; "" when none is missing.

    `problems`: one for each seen generation, "" for one that arrived. Results that a cancelled
    request never made are not missing.
    """
    kind, total = scene.record.kind, expected(scene)[1]
    if scene.phase.is_open or not problems:
        return ""  # no result at all: the card says that for all of them
    rest = total - len(problems) if scene.phase is not Phase.CANCELLED else 0
    why = scene.detail or scene.why(labels.NOT_DELIVERED)
    whys = [*problems[:total], *[why] * rest]
    if len(set(whys)) == 1:
        return whys[0]  # no result, for one reason
    grouped: dict[str, list[int]] = {}
    for number, why in enumerate(whys, start=1):
        if why:
            grouped.setdefault(why, []).append(number)
    return "\n".join(
        f"- **{_of(kind, numbers)}:** {why}" for why, numbers in list(grouped.items())[:REASONS]
    )


def _of(kind: Kind, numbers: Sequence[int]) -> str:
    """Image 2; texts 1 and 3."""
    if kind is Kind.IMAGE:
        label = ngettext("Image {numbers}", "Images {numbers}", len(numbers))
    elif kind is Kind.VIDEO:
        label = ngettext("Video {numbers}", "Videos {numbers}", len(numbers))
    else:
        label = ngettext("Text {numbers}", "Texts {numbers}", len(numbers))
    return label.format(numbers=formatting.numbers(numbers))


def made(scene: CardContext, models: Iterable[str], workers: Iterable[str], *facts: str) -> str:
    """The line about its making: model, facts, time taken, price, worker."""
    worker = next((worker for worker in workers if worker), "")
    parts = [
        worker_names(models),
        *facts,
        took(scene),
        scene.price if scene.costs else "",
        made_by(worker),
    ]
    return DOT.join(filter(None, parts))


def made_by(worker: str) -> str:
    """The worker in a line about a result; "" for none."""
    name = safe_line(worker, NAME_MAX)
    return _("by\N{NO-BREAK SPACE}{worker}").format(worker=name) if name else ""
