"""A request and a look at it become the card that a message shows. Pure: no Discord, no clock."""

from bot.records import Record
from bot.requests import Kind
from bot.results import Phase, Status
from bot.ui import answers, forms, gallery, rows, words
from bot.ui.asked import asked
from bot.ui.card import TEXT_MAX, Card, Colour, Text, Verb
from bot.ui.details import details
from bot.ui.markdown import units
from bot.ui.scene import (
    DOT,
    Part,
    Scene,
    bar,
    button,
    expected,
    foot,
    fraction,
    ready,
    remarks,
)

__all__ = ["card_for", "details", "failure", "progress", "result"]

TOLD = (words.AGAIN, "Change", "Please")  # in reasons that say themselves what to do
NOBODY = "No worker"  # how the backend's own warning about that begins
_PARTS = {Kind.IMAGE: gallery.part, Kind.TEXT: answers.part, Kind.ALCHEMY: forms.part}
_FAILED = {
    Phase.CANCELLED: Colour.QUIET,
    Phase.EXPIRED: Colour.PARTIAL,
}


def card_for(
    record: Record,
    status: Status | None,
    *,
    place: int = 0,
    now: float,
    published: bool = False,
    way_back: str = "",
) -> Card:
    """The card of a request: its progress, its result, or why there is none.

    `place`: 1-based in our own queue, 0 when it is not in it. `published`: the card goes into
    the channel although the request was private. `way_back`: the address of what it was made from.
    """
    shown = status or record.status or Status(phase=record.phase)
    scene = Scene(record, shown, now, place, published, way_back)
    if scene.phase.is_open:
        return progress(scene)
    part = _part(scene, [])
    return result(scene, part) if part.arrived or part.withheld else failure(scene, part)


def rest_for(record: Record, status: Status | None, *, now: float) -> Card | None:
    """What the message after the card shows: the pictures that the card has no room for."""
    shown = status or record.status
    if record.kind is Kind.TEXT or shown is None:
        return None
    scene, is_image = Scene(record, shown, now), record.kind is Kind.IMAGE
    if not (blocks := gallery.rest(scene) if is_image else forms.rest(scene)):
        return None
    is_open = scene.phase.is_open
    colour = Colour.WORKING if is_open else Colour.DONE
    return Card(colour, blocks, menu=rows.rest_menu(scene) if is_image and not is_open else None)


def progress(scene: Scene) -> Card:
    """It is open: what was asked, how far it is, what arrived already; Cancel."""
    stopping = scene.record.cancel_at is not None
    state = words.STOPPING if stopping else f"{bar(fraction(scene))}  {DOT.join(_state(scene))}"
    top, notes = [asked(scene), Text(state)], _open_notes(scene)
    end = [*_texts(notes), Text(foot(scene))]
    part = _part(scene, [*top, *end])
    working = scene.phase is Phase.PROCESSING or expected(scene)[0] > 0
    cancel = button(Verb.CANCEL, scene.record.id, disabled=stopping)
    colour = Colour.WORKING if working else Colour.WAITING
    return Card(colour, (*top, *part.blocks, *end), ((cancel,),))


def result(scene: Scene, part: Part) -> Card:
    """Something arrived: it, what is missing and why, and the one line about its making."""
    top = [asked(scene)]
    whole = scene.phase in {Phase.DONE, Phase.HELD} and not part.missing
    told = remarks((w for w in scene.status.warnings if not w.startswith(NOBODY)), words.WARNING)
    end = [*_texts("" if whole else _shortfall(scene, part)), *_texts(told), *_texts(part.notes)]
    small = Text("\n".join(filter(None, [part.line, foot(scene, *part.small)])))
    part = _part(scene, [*top, *end, small])  # now with the room that the rest leaves
    colour = Colour.DONE if whole else Colour.PARTIAL
    blocks = (*top, *part.blocks, *end, small)
    menu = None if part.withheld else rows.menu(scene)  # another way would be kept back as well
    return Card(colour, blocks, rows.ended(scene, arrived=part.arrived > 0), menu)


def failure(scene: Scene, part: Part) -> Card:
    """Nothing arrived: why, and what to press."""
    title = words.CENSORED_TITLE if part.censored else words.TITLES.get(scene.phase)
    why = _advised(part.missing, scene) or _with_advice(scene) or _reason(scene)
    if scene.detail and any(scene.detail in block.content for block in _texts_in(part)):
        why = why.removeprefix(scene.detail).strip() or _reason(scene)  # its form says it already
    text = Text(f"**{title or words.TITLES[Phase.FAULTED]}**\n{why}".rstrip())
    colour = _FAILED.get(scene.phase, Colour.FAILED)
    blocks = (asked(scene), *part.blocks, text, Text(foot(scene)))
    return Card(colour, blocks, rows.ended(scene, arrived=False), rows.menu(scene))


def _texts_in(part: Part) -> list[Text]:
    return [block for block in part.blocks if isinstance(block, Text)]


def _part(scene: Scene, others: list[Text]) -> Part:
    used = sum(units(text.content) for text in others)
    return _PARTS[scene.record.kind](scene, TEXT_MAX - used)


def _state(scene: Scene) -> list[str]:
    status, kind = scene.status, scene.record.kind
    done, total = expected(scene)
    parts = [f"**{done} of {total} done**"] if total > 1 and done else []
    if scene.phase in {Phase.QUEUED, Phase.SENDING}:
        handing = words.HANDING_OVER.format(backend=words.backend(scene.record.backend))
        waits = scene.phase is Phase.QUEUED and scene.place > 0
        return [f"**{words.ordinal(scene.place)} in our queue**" if waits else handing]
    if scene.phase is Phase.PROCESSING and not parts:
        parts.append(f"**{words.DOING[kind]}**")
    if status.queue_position > 0:
        parts.append(words.PLACE.format(place=status.queue_position))
    elif scene.phase is Phase.WAITING and not parts:
        parts.append(words.WAITING)
    return [*parts, *filter(None, [ready(scene)])]


def _open_notes(scene: Scene) -> str:
    status = scene.status
    lines = [f"{words.INFO} {scene.detail}" if scene.detail else ""]
    lines.append(remarks(status.warnings, words.WARNING))
    lines.append(gallery.passed_over(scene.record.request))
    if status.restarted and scene.phase in {Phase.WAITING, Phase.PROCESSING}:
        lines.append(f"-# {words.ANOTHER_WORKER}")
    told = any(warning.startswith(NOBODY) for warning in status.warnings)
    if not status.is_possible and scene.phase is Phase.WAITING and not told:
        lines.append(f"{words.WARNING} {words.NOBODY_CAN}")
    return "\n".join(filter(None, lines))


def _shortfall(scene: Scene, part: Part) -> str:
    """What a result card says when not everything is there."""
    done, total = part.arrived, expected(scene)[1]
    if scene.phase is Phase.CANCELLED:
        return "\n".join(filter(None, [f"**Cancelled after {done} of {total}**", scene.detail]))
    title = part.title or f"{done} of {total} arrived"
    return "\n".join(filter(None, [f"**{title}**", part.missing]))


def _reason(scene: Scene) -> str:
    if scene.phase is Phase.CANCELLED and not scene.status.kudos:
        return words.NOTHING_SPENT
    return words.REASONS.get(scene.phase, words.REASONS[Phase.FAULTED])


def _with_advice(scene: Scene) -> str:
    """The backend's own reason, and what to press where it does not say that."""
    return _advised(scene.detail, scene)


def _advised(why: str, scene: Scene) -> str:
    """The reason with what to press; "" without a reason. Some reasons say it themselves."""
    if not why or scene.phase is not Phase.FAULTED or any(word in why for word in TOLD):
        return why
    between = "\n" if why.startswith("- ") else " "
    return f"{why}{between}{words.ONCE_MORE}"


def _texts(content: str) -> list[Text]:
    return [Text(content)] if content else []
