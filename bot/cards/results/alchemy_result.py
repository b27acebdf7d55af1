"""Alchemy: each form as it ends; pictures and drawings are withheld if the place requires it."""

import re

from bot.cards import formatting
from bot.cards.card import Block, TextBlock
from bot.cards.card_lines import titled, took
from bot.cards.context import CardContext, ResultPart
from bot.cards.markdown import code_block, fits, safe, safe_line, units
from bot.cards.results import alchemy_files
from bot.domain.alchemy.alchemy_forms import MAKES_IMAGE, Form, form_of
from bot.domain.generations import FormResult, Tag
from bot.domain.requests import AlchemyRequest
from bot.domain.results import Phase
from bot.i18n import N_, _

FORM_WAITING, FORM_WORKING = N_("waiting"), N_("in progress")
FORM_CHECKING, FORM_FAULTED = N_("being checked"), N_("processing failed")
FORM_CANCELLED, FORM_MISSING = N_("processing cancelled"), N_("not delivered")
FORM_KEPT, WITHHELD_TITLE = N_("withheld"), N_("Withheld")
WITHHELD = N_(
    "The NSFW check found NSFW content, and this channel is not age-restricted. Use an "
    "age-restricted channel."
)
UNCHECKED = N_(
    "The result of the NSFW check is missing, and this channel is not age-restricted. Press "
    "**Again**, or use an age-restricted channel."
)
REST_FORMS = N_("More images of #{id}")

PROSE_MAX = 900  # characters of one caption or description; longer ones are attached too
GROUPS, TAGS, TAG_MAX = 5, 4, 24
COLOURS = 12
JSON_MAX = 600  # characters of the result of a form that the bot does not know
KEPT_BACK = MAKES_IMAGE  # decided by the NSFW check
_HEX = re.compile(r"#?\b([0-9a-f]{6})\b", re.IGNORECASE)
Found = dict[str, FormResult]
_SIGNS = {"waiting": "⬛", "processing": "⏳", "done": "✅", "faulted": "❌", "cancelled": "✖️"}


def alchemy_part(scene: CardContext, room: int) -> ResultPart:
    """Every chosen form with its state or result, then pictures and files."""
    request, found, kept = _look(scene)
    shown = _shown(request, found, kept)
    text, long = _entries(scene, request, found, kept, room)
    closed_by_us = bool(kept) and not scene.phase.is_open
    files = [
        *alchemy_files.on_card(scene, shown),
        *alchemy_files.drawings(scene, shown),
        *alchemy_files.alchemy_texts(scene, long),
    ]
    return ResultPart(
        blocks=(TextBlock(text), *files),
        arrived=len(shown),
        title=_(WITHHELD_TITLE) if closed_by_us else "",
        small=(took(scene),),
        missing=_(kept) if closed_by_us else "",
        withheld=closed_by_us,
    )


def alchemy_overflow(scene: CardContext) -> tuple[Block, ...]:
    """The message after the card: the pictures that do not fit on it; () for none."""
    over = alchemy_files.after_card(scene, _shown(*_look(scene)))
    title = _(REST_FORMS).format(id=scene.record.id)
    return (TextBlock(titled(scene, title)), *over) if over else ()


def _look(scene: CardContext) -> tuple[AlchemyRequest, Found, str]:
    request = scene.record.request
    assert isinstance(request, AlchemyRequest)
    found = {form.form: form for form in scene.status.forms}
    return request, found, withheld(request, found, is_open=scene.phase.is_open)


def _shown(request: AlchemyRequest, found: Found, kept: str) -> list[FormResult]:
    """Results that arrived and may be shown."""
    arrived = [found[name] for name in request.forms if name in found and found[name].arrived]
    return [form for form in arrived if not kept or form_of(form.form).returns not in KEPT_BACK]


def withheld(request: AlchemyRequest, found: Found, *, is_open: bool) -> str:
    """Why pictures may not be shown, "" when they may. Without an NSFW check they may not."""
    makes = [
        found[name]
        for name in request.forms
        if form_of(name).returns in KEPT_BACK and name in found
    ]
    if not request.withhold or not any(form.arrived for form in makes):
        return ""
    verdict = found.get("nsfw")
    if verdict is not None and verdict.arrived and verdict.flag is not None:
        return WITHHELD if verdict.flag else ""
    ended = verdict is not None and verdict.state in {"done", "faulted", "cancelled"}
    return FORM_CHECKING if is_open and not ended else UNCHECKED


def _entries(
    scene: CardContext, request: AlchemyRequest, found: Found, kept: str, room: int
) -> tuple[str, list[FormResult]]:
    """The lines, and the texts among them that were shortened."""
    prose = [name for name in request.forms if _is_prose(name, found)]
    lines = {
        name: _entry(scene, form_of(name), found.get(name), kept)
        for name in request.forms
        if name not in prose
    }
    left = room - sum(units(text) + 1 for text in lines.values())
    each = max(0, min(PROSE_MAX, left // max(1, len(prose)) - 40))
    long: list[FormResult] = []
    for name in prose:
        shown = safe(found[name].text, each)
        # Words describe the hidden picture too. A spoiler ends with its line.
        hidden = request.source.spoiler
        shown = f"||{' '.join(shown.split())}||" if hidden else shown.replace("\n", "\n> ")
        lines[name] = f"{_SIGNS['done']} **{form_of(name).shown}**\n> {shown}"
        if not fits(found[name].text, each):
            long.append(found[name])
    return "\n".join(lines[name] for name in request.forms), long


def _is_prose(name: str, found: Found) -> bool:
    result = found.get(name)
    if result is None or not result.arrived or result.code:
        return False
    returns = form_of(name).returns
    return returns == "text" or (returns == "any" and not result.file)


def _entry(scene: CardContext, form: Form, result: FormResult | None, kept: str) -> str:
    label = f"**{form.shown}**"
    if result is None or not result.arrived:
        return f"{_sign(scene, result)} {label} {_state(scene, result)}".rstrip()
    if kept and form.returns in KEPT_BACK:
        checking = kept == FORM_CHECKING
        return f"{'⏳' if checking else '🔒'} {label} {_(kept if checking else FORM_KEPT)}"
    value = _code(scene, result.text) if result.code else _value(scene, form, result)
    return f"{_SIGNS['done']} {label} {value}".rstrip()


def _value(scene: CardContext, form: Form, result: FormResult) -> str:
    match form.returns:
        case "flag":
            return _("yes") if result.flag else _("no")
        case "score":
            return _score(result.text)
        case "colours":
            codes = list(dict.fromkeys(code.lower() for code in _HEX.findall(result.text)))
            shown = " ".join(f"`#{code}`" for code in codes[:COLOURS])
            return shown or safe_line(result.text, 100)
        case "tags":
            groups = list(result.tags.items())[:GROUPS]
            if _look(scene)[0].source.spoiler:
                return f"||{' '.join(''.join(_group(*item) for item in groups).split())}||"
            return "".join(_group(*item) for item in groups)
        case _:
            return alchemy_files.sides(scene, result)


def _code(scene: CardContext, text: str) -> str:
    if _look(scene)[0].source.spoiler:  # a spoiler ends with its line
        return f"||{safe_line(text, JSON_MAX)}||"
    return "\n" + code_block(text, JSON_MAX)


def _score(text: str) -> str:
    try:
        return _("{score} of 10").format(score=formatting.decimal(round(float(text), 1)))
    except ValueError:
        return safe_line(text, 40)


def _group(name: str, tags: tuple[Tag, ...]) -> str:
    best = sorted(tags, key=lambda tag: -tag.confidence)[:TAGS]
    shown = ", ".join(f"{safe_line(tag.text, TAG_MAX)} {tag.confidence:.0f} %" for tag in best)
    return f"\n> {safe_line(name, TAG_MAX)}: {shown}" if shown else ""


def _sign(scene: CardContext, result: FormResult | None) -> str:
    if result is None or (result.state in {"waiting", "processing"} and not scene.phase.is_open):
        return _SIGNS["waiting"] if scene.phase.is_open else _SIGNS["cancelled"]
    return _SIGNS["faulted" if result.state == "done" else result.state]


def _state(scene: CardContext, result: FormResult | None) -> str:
    if result is not None and result.problem:
        return safe_line(result.problem, 80)
    if result is None and scene.phase is Phase.REJECTED:
        return ""  # it was never sent
    state = result.state if result else "waiting"
    if state in {"waiting", "processing"} and not scene.phase.is_open:
        return _(FORM_MISSING)
    texts = {
        "waiting": FORM_WAITING,
        "processing": FORM_WORKING,
        "cancelled": FORM_CANCELLED,
    }
    return _(texts.get(state, FORM_FAULTED))
