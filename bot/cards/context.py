"""The input of a card, and the lines that all kinds of cards share."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.cards import formatting, labels
from bot.cards.card import Block, Button, ButtonStyle, Verb
from bot.cards.custom_ids import CARD
from bot.cards.markdown import safe_line
from bot.domain.records import MessageAccess, Payer, Record
from bot.domain.requests import AlchemyRequest, Kind
from bot.domain.results import Phase, Status
from bot.i18n import N_, _, ngettext

COULD_NOT_SEND = N_("This could not be sent. Its requester was told why in private.")
NOT_DELIVERED = N_("Never delivered by a worker. Press **Again** to try once more.")
FROM = N_("from {number}")

DETAIL_MAX, REMARK_MAX, REMARKS, REASONS = 500, 160, 3, 5
NAME_MAX, NAMES = 60, 2
BAR = 14  # segments: as wide as fits beside a sentence on a phone
NO_WORKER = "No worker"  # beginning of the backend's own warning
ETA_STEP = 5  # seconds; finer figures would cause needless edits
FREE = frozenset({Payer.ANONYMOUS, Payer.STYLE})  # payers of whose kudos nothing is said
ALMOST = 0.95  # only a result fills the bar, never an estimate
DOT = " · "
# a backend's own count, which the title shows already
_COUNTED = re.compile(r"^\d+ of \d+ arrived\. ?")


@dataclass(frozen=True, slots=True)
class CardContext:
    """One request at one moment. `published`: shown in the channel although it was private.

    `parent_link`: address of the card of the parent request, or "".
    """

    record: Record
    status: Status
    now: float
    published: bool = False
    parent_link: str = ""

    @property
    def phase(self) -> Phase:
        """The phase to show: a closed row counts more than an old poll, an outcome more than an
        open row.
        """
        if self.status.phase.is_open and not self.record.phase.is_open:
            return self.record.phase
        return self.status.phase

    @property
    def hidden(self) -> bool:
        """Only the requester sees this card."""
        return self.record.private and not self.published

    @property
    def own(self) -> bool:
        """Only the requester reads this card: it is private, or in direct messages with the bot."""
        messages = self.record.messages
        in_dm = bool(messages) and messages[-1].reach is MessageAccess.DM
        return self.hidden or in_dm

    @property
    def costs(self) -> bool:
        """Kudos were spent that a key pays: beside "free" they would read as a price."""
        return self.status.kudos > 0 and self.record.payer not in FREE

    @property
    def detail(self) -> str:
        """The status's own sentence, if this card may show it."""
        if self.status.detail and not (self.status.public or self.hidden):
            return _(COULD_NOT_SEND) if self.phase is Phase.REJECTED else ""
        return safe_line(self.status.detail, DETAIL_MAX)


@dataclass(frozen=True, slots=True)
class ResultPart:
    """What one kind of request adds to a card.

    `arrived`: share of it that can be shown; `line`: how it was made; `missing`: results that are
    missing and why, under `title`; `censored`: only because of a filter; `withheld`: not shown by
    the bot.
    """

    blocks: tuple[Block, ...] = ()
    arrived: int = 0
    title: str = ""
    line: str = ""
    missing: str = ""
    notes: str = ""
    small: tuple[str, ...] = ()  # facts for the small print
    censored: bool = False
    withheld: bool = False


def bar(fraction: float) -> str:
    """A bar of BAR segments. Full only when everything has arrived."""
    full = BAR if fraction >= 1 else int(max(0.0, fraction) * BAR)
    return "▰" * full + "▱" * (BAR - full)


def expected(scene: CardContext) -> tuple[int, int]:
    """Finished and expected results, as the requester counts them."""
    request = scene.record.request
    if isinstance(request, AlchemyRequest):
        ended = {form.form for form in scene.status.forms if form.state == "done"}
        return len(ended.intersection(request.forms)), len(request.forms)
    return min(scene.status.finished, request.n), request.n


def fraction(scene: CardContext) -> float:
    """Progress: by the results, or by the elapsed share of the estimated time."""
    done, total = expected(scene)
    by_count = done / total
    started = scene.record.sent_at
    if started is None or scene.phase not in {Phase.WAITING, Phase.PROCESSING}:
        return by_count
    elapsed, left = max(0.0, scene.now - started), scene.status.wait_time
    if lacks_worker(scene.status):
        by_time = 0.0
    elif left > 0:
        by_time = elapsed / (elapsed + left)
    else:  # overdue while a worker makes it; else just sent, or without an estimate
        overdue = scene.phase is Phase.PROCESSING and total == 1 and elapsed > ETA_STEP
        by_time = ALMOST if overdue else 0.0
    return max(by_count, min(by_time, ALMOST))


def expected_at(status: Status, now: float) -> str:
    """The estimate, as a timestamp that the reader's client counts down; "" for none.

    Its wording allows for an estimate that has passed: the Horde's often have. Without a worker
    that can take the request, the Horde's estimate means nothing.
    """
    if status.wait_time <= 0 or lacks_worker(status):
        return ""
    at = now + status.wait_time
    return _("expected {time}").format(time=f"<t:{math.ceil(at / ETA_STEP) * ETA_STEP}:R>")


def lacks_worker(status: Status) -> bool:
    """No online worker can take it, by the newest poll or the answer to the submit."""
    if status.phase is not Phase.WAITING:
        return False
    return not status.is_possible or any(text.startswith(NO_WORKER) for text in status.warnings)


def worker_names(found: Iterable[str], limit: int = NAMES) -> str:
    """The first few different names in bold, and the number of others; "" for none."""
    visible = (safe_line(name, NAME_MAX) for name in found)
    unique = list(dict.fromkeys(name for name in visible if name.strip()))
    shown = ", ".join(f"**{name}**" for name in unique[:limit])
    more = len(unique) - limit
    return _("{names} and {count} more").format(names=shown, count=more) if more > 0 else shown


def foot(scene: CardContext, *facts: str) -> str:
    """The small print: requester, kudos so far, payer, number of the request."""
    record, parts = scene.record, list(facts)
    if not scene.own:
        parts.append(labels.requester(record.user_id))
    if scene.costs and scene.phase.is_open:
        parts.append(_("{kudos} so far").format(kudos=formatting.kudos(scene.status.kudos)))
    elif scene.costs and not scene.status.arrived:
        spent = _("at least {kudos} spent") if scene.status.begun else _("{kudos} spent")
        parts.append(spent.format(kudos=formatting.kudos(scene.status.kudos)))
    parts.append(labels.payer_label(record.payer, own=scene.own))
    parts.append(f"#{record.id}")
    if record.parent:
        number = f"#{record.parent}"
        named = f"[{number}]({scene.parent_link})" if scene.parent_link else number
        parts.append(_(FROM).format(number=named))
    return f"-# {DOT.join(parts)}"


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


def missing_results(scene: CardContext, problems: Sequence[str]) -> str:
    """Missing results and their reasons, one line for each reason; "" when none is missing.

    `problems`: one for each seen generation, "" for one that arrived. Results that a cancelled
    request never made are not missing.
    """
    kind, total = scene.record.kind, expected(scene)[1]
    if scene.phase.is_open or not problems:
        return ""  # no result at all: the card says that for all of them
    rest = total - len(problems) if scene.phase is not Phase.CANCELLED else 0
    why = _COUNTED.sub("", scene.detail) or _(NOT_DELIVERED)
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
    """Picture 2; texts 1 and 3."""
    if kind is Kind.IMAGE:
        label = ngettext("Picture {numbers}", "Pictures {numbers}", len(numbers))
    else:
        label = ngettext("Text {numbers}", "Texts {numbers}", len(numbers))
    return label.format(numbers=formatting.numbers(numbers))


def made(scene: CardContext, models: Iterable[str], workers: Iterable[str], *facts: str) -> str:
    """The line about its making: model, facts, time taken, kudos, worker."""
    worker = next((worker for worker in workers if worker), "")
    parts = [
        worker_names(models),
        *facts,
        took(scene),
        formatting.kudos(scene.status.kudos) if scene.costs else "",
        made_by(worker),
    ]
    return DOT.join(filter(None, parts))


def made_by(worker: str) -> str:
    """The worker in a line about a result; "" for none."""
    name = safe_line(worker, NAME_MAX)
    return _("by\N{NO-BREAK SPACE}{worker}").format(worker=name) if name else ""


def verb_button(verb: Verb, record_id: int, *, number: int = 0, disabled: bool = False) -> Button:
    """The button of a verb, the same on every card. `number`: of its picture."""
    label, emoji, style = _BUTTONS[verb]
    return Button(CARD(verb, record_id, number), _(label), style, emoji, disabled)


_BUTTONS = {
    Verb.CANCEL: (labels.CANCEL, "⏹️", ButtonStyle.SECONDARY),
    Verb.AGAIN: (labels.AGAIN, "🔁", ButtonStyle.PRIMARY),
    Verb.VARY: (labels.VARY, "🎲", ButtonStyle.SECONDARY),
    Verb.UPSCALE: (labels.UPSCALE, "🔍", ButtonStyle.SECONDARY),
    Verb.EDIT: (labels.EDIT, "✏️", ButtonStyle.SECONDARY),
    Verb.USE: (labels.USE, "🖼️", ButtonStyle.SECONDARY),
    Verb.DESCRIBE: (labels.DESCRIBE, "💬", ButtonStyle.SECONDARY),
    Verb.CONTINUE: (labels.CONTINUE, "➡️", ButtonStyle.SECONDARY),
    Verb.JSON: (labels.JSON, "🧾", ButtonStyle.SECONDARY),
    Verb.DETAILS: (labels.DETAILS, "📋", ButtonStyle.SECONDARY),
    Verb.SAVE: (labels.SAVE, "⭐", ButtonStyle.SECONDARY),
    Verb.PUBLISH: (labels.PUBLISH, "📢", ButtonStyle.SUCCESS),
    Verb.DELETE: (labels.DELETE, "🗑️", ButtonStyle.SECONDARY),
}
