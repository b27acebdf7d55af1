"""Renders a request and its status as a Card. Pure: no Discord, no clock."""

from bot.cards import buttons, formatting, labels
from bot.cards.card import TEXT_MAX, Card, Colour, TextBlock, Verb
from bot.cards.card_lines import foot, ignored_options, remarks
from bot.cards.context import CardContext, ResultPart
from bot.cards.details import details
from bot.cards.downgrade import cut_lines
from bot.cards.formatting import DOT
from bot.cards.markdown import units
from bot.cards.progress import bar, expected, fraction, state_parts
from bot.cards.prompt import prompt_lines
from bot.cards.results import alchemy_result, image_result, text_result, video_result
from bot.cards.source_notes import source_notes
from bot.domain.capabilities import ALL_HORDE, HORDE, RequestAbilities
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.i18n import N_, _, ngettext

# While it is open
ANOTHER_WORKER = N_("A worker failed. Another worker takes over.")
NO_WORKER_CAN = N_(
    "No online worker can take this request at the moment. It keeps its place; to wait less, "
    "cancel it and choose another model."
)
OVERTAKEN = N_(
    "The workers that can take this request have too much work. It may take longer than expected."
)
LATE = N_("The worker takes longer than the Horde allows. Another worker takes over soon.")
# When it has ended: a title, the reason, and the button to press
TITLES = {
    Phase.FAULTED: N_("Failed"),
    Phase.CANCELLED: N_("Cancelled"),
    Phase.EXPIRED: N_("Timed out"),
    Phase.REJECTED: N_("Refused"),
}
CENSORED_TITLE = N_("Censored")
REASONS = {
    Phase.FAULTED: N_("The workers failed. Press **Again** to try once more."),
    Phase.EXPIRED: N_(
        "No worker took the request in time. Press **Again**, or choose a model with more workers."
    ),
    Phase.REJECTED: N_("The Horde refused the request. Change it and send it again."),
    Phase.CANCELLED: "",
}
REFUSED_BY = N_("{backend} refused the request. Change it and send it again.")
ONCE_MORE = N_("Press **Again** to try once more.")
OF_BACKEND = {  # where no workers are, instead of REASONS
    Phase.FAULTED: N_("{backend} failed. Press **Again** to try once more."),
    Phase.EXPIRED: N_("{backend} did not take the request in time. Press **Again**."),
}
NOT_BEGUN = N_("The request was not started. Press **Again** to send it again.")
NOTHING_SPENT = N_("No worker had started. Press **Again** to send it again.")

__all__ = ["card_for", "details", "failure", "progress", "result"]

# Reasons that contain advice already.
WITH_ADVICE = (image_result.NO_BYTES, text_result.REASONING_ONLY)
_PARTS = {
    Kind.IMAGE: image_result.image_part,
    Kind.TEXT: text_result.text_part,
    Kind.ALCHEMY: alchemy_result.alchemy_part,
    Kind.VIDEO: video_result.video_part,
}
_FAILED = {
    Phase.CANCELLED: Colour.QUIET,
    Phase.EXPIRED: Colour.PARTIAL,
}


def card_for(
    record: Record,
    status: Status | None,
    *,
    now: float,
    published: bool = False,
    parent_link: str = "",
    able: RequestAbilities = ALL_HORDE,
) -> Card:
    """The card of a request: its progress, its result, or the reason of its failure.

    `published`: the card goes into the channel although the request was private. `parent_link`:
    address of the card of the parent request. `able`: only what these backends can do is offered.
    """
    shown = status or record.status or Status(phase=record.phase)
    scene = CardContext(record, shown, now, published, parent_link, able)
    if scene.phase.is_open:
        return progress(scene)
    part = _part(scene, [])
    return result(scene, part) if part.arrived or part.withheld else failure(scene, part)


def rest_for(
    record: Record, status: Status | None, *, now: float, published: bool = False
) -> Card | None:
    """The message after the card: the pictures that do not fit on it."""
    shown = status or record.status
    if record.kind in {Kind.TEXT, Kind.VIDEO} or shown is None:
        return None
    scene, is_image = CardContext(record, shown, now, published), record.kind is Kind.IMAGE
    if not (
        blocks := image_result.image_overflow(scene)
        if is_image
        else alchemy_result.alchemy_overflow(scene)
    ):
        return None
    is_open = scene.phase.is_open
    colour = Colour.WORKING if is_open else Colour.DONE
    return Card(
        colour, blocks, menus=(buttons.rest_menu(scene),) if is_image and not is_open else ()
    )


def progress(scene: CardContext) -> Card:
    """Open request: the prompt, its progress, arrived results; Cancel where that is possible."""
    stopping = scene.record.cancel_at is not None
    running = f"{bar(fraction(scene))}  {DOT.join(state_parts(scene))}"
    state = _(labels.STOPPING) if stopping else running
    top, notes = [prompt_lines(scene), TextBlock(state)], open_notes(scene)
    end = [*_texts(notes), TextBlock(foot(scene))]
    part = _part(scene, [*top, *end])
    working = scene.phase is Phase.PROCESSING or expected(scene)[0] > 0
    cancel = buttons.verb_button(Verb.CANCEL, scene.record.id, disabled=stopping)
    offer = scene.status.offer if scene.phase is Phase.QUEUED and not stopping else None
    first = (buttons.move_button(scene.record.id, offer),) if offer is not None else ()
    rows = ((*first, cancel),) if scene.is_cancellable else ()
    colour = Colour.WORKING if working else Colour.WAITING
    return Card(colour, (*top, *part.blocks, *end), rows)


def result(scene: CardContext, part: ResultPart) -> Card:
    """Results: what arrived, missing ones and why, the line about its making."""
    top = [prompt_lines(scene)]
    whole = scene.phase in {Phase.DONE, Phase.HELD} and not part.missing
    told = remarks(scene.status.warnings, labels.WARNING)
    told = "\n".join(filter(None, [told, ignored_options(scene)]))
    end = [*_texts("" if whole else _shortfall(scene, part)), *_texts(told), *_texts(part.notes)]
    small = TextBlock("\n".join(filter(None, [part.line, foot(scene, *part.small)])))
    part = _part(scene, [*top, *end, small])  # now with the space that the rest leaves
    colour = Colour.DONE if whole else Colour.PARTIAL
    blocks = (*top, *part.blocks, *end, small)
    # another upscaler would be withheld as well
    menus = () if part.withheld else buttons.menus(scene)
    return Card(colour, blocks, buttons.ended_buttons(scene, arrived=part.arrived > 0), menus)


def failure(scene: CardContext, part: ResultPart) -> Card:
    """No result: the reason, and the button to press."""
    text, colour = TextBlock(failure_text(scene, part)), failure_colour(scene.phase)
    blocks = (prompt_lines(scene), *part.blocks, text, TextBlock(foot(scene)))
    return Card(colour, blocks, buttons.ended_buttons(scene, arrived=False), buttons.menus(scene))


def failure_text(scene: CardContext, part: ResultPart) -> str:
    """The title and the reason of a request without a result, and the button to press."""
    title = CENSORED_TITLE if part.censored else TITLES.get(scene.phase, TITLES[Phase.FAULTED])
    why = _advised(part.missing, scene) or _with_advice(scene) or _reason(scene)
    if scene.detail and any(scene.detail in block.content for block in _texts_in(part)):
        why = why.removeprefix(scene.detail).strip() or _reason(scene)  # its form shows it already
    return f"**{_(title)}**\n{why}".rstrip()


def failure_colour(phase: Phase) -> Colour:
    """The colour of a request that ended in that phase without a result."""
    return _FAILED.get(phase, Colour.FAILED)


def _texts_in(part: ResultPart) -> list[TextBlock]:
    return [block for block in part.blocks if isinstance(block, TextBlock)]


def _part(scene: CardContext, others: list[TextBlock]) -> ResultPart:
    used = sum(units(text.content) for text in others)
    return _PARTS[scene.record.kind](scene, TEXT_MAX - used)


def open_notes(scene: CardContext) -> str:
    """Lines about the wait of an open request, and about changes of it; "" for none."""
    status = scene.status
    lines = [f"{labels.INFO} {scene.detail}" if scene.detail else ""]
    lines.append(remarks((*status.worker_warnings, *status.warnings), labels.WARNING))
    lines.append(image_result.passed_over(scene.record.request))
    lines.append(ignored_options(scene))
    lines.append(source_notes(scene.record.request))
    lines.append(cut_lines(scene.record.request, status))
    if status.restarted and scene.phase in {Phase.WAITING, Phase.PROCESSING}:
        lines.append(f"-# {_(ANOTHER_WORKER)}")
    told = bool(status.worker_warnings)
    if not status.is_possible and scene.phase is Phase.WAITING and not told:
        lines.append(f"{labels.WARNING} {_(NO_WORKER_CAN)}")
    if status.few_workers and scene.phase is Phase.WAITING:
        lines.append(f"{labels.WARNING} {_few_workers(status.eligible_workers or 0)}")
    if status.late and scene.phase is Phase.PROCESSING:
        lines.append(f"-# {_(LATE)}")
    return "\n".join(filter(None, lines))


def _few_workers(count: int) -> str:
    """`count`: of the workers that can take it; 0 is unknown."""
    if not count:
        return _(OVERTAKEN)
    return ngettext(
        "Only {count} online worker can take this request, and it has too much work. It may take "
        "longer than expected.",
        "The {count} online workers that can take this request have too much work. It may take "
        "longer than expected.",
        count,
    ).format(count=formatting.decimal(count))


def _shortfall(scene: CardContext, part: ResultPart) -> str:
    """Title of a result card when results are missing."""
    done, total = part.arrived, expected(scene)[1]
    if scene.phase is Phase.CANCELLED and not part.title:
        stopped = _("**Cancelled after {done} of {total}**").format(done=done, total=total)
        return "\n".join(filter(None, [stopped, scene.detail]))
    title = part.title or _("{done} of {total} arrived").format(done=done, total=total)
    return "\n".join(filter(None, [f"**{title}**", part.missing]))


def _reason(scene: CardContext) -> str:
    if scene.phase is Phase.CANCELLED and not scene.status.cost:
        return _(NOTHING_SPENT if scene.has_workers else NOT_BEGUN)
    title = scene.able.made_by.title
    if scene.phase is Phase.REJECTED and title != HORDE.title:
        return _(REFUSED_BY).format(backend=title)
    if not scene.has_workers and scene.phase in OF_BACKEND:
        return _(OF_BACKEND[scene.phase]).format(backend=title)
    reason = REASONS.get(scene.phase, REASONS[Phase.FAULTED])
    return _(reason) if reason else ""


def _with_advice(scene: CardContext) -> str:
    """The reason in the status, and the button to press."""
    return _advised(scene.detail, scene)


def _advised(why: str, scene: CardContext) -> str:
    """The reason with the button to press; "" without a reason. Some reasons contain advice."""
    if not why or scene.phase is not Phase.FAULTED:
        return why
    advice = [*map(_, WITH_ADVICE), *map(scene.why, labels.MISSING_AT_BACKEND)]
    if any(words in why for words in advice):
        return why
    between = "\n" if why.startswith("- ") else " "
    return f"{why}{between}{_(ONCE_MORE)}"


def _texts(content: str) -> list[TextBlock]:
    return [TextBlock(content)] if content else []
