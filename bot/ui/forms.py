"""Alchemy: each form as it ends, pictures and drawings kept back where the place asks for it."""

import re
from pathlib import PurePath

from bot.alchemy import FORMS, Form
from bot.requests import AlchemyRequest
from bot.results import FormResult, Tag
from bot.ui import words
from bot.ui.card import ALT_MAX, FILES_MAX, Attachment, Block, Gallery, Picture, Text
from bot.ui.markdown import fits, line, safe, safe_line, units
from bot.ui.scene import Part, Scene, took

PROSE_MAX = 900  # characters of one caption or description; longer ones are attached too
MARGIN = 150  # room for the remark about files
GROUPS, TAGS, TAG_MAX = 5, 4, 24
COLOURS = 12
KEPT_BACK = frozenset({"picture", "svg"})  # what the NSFW check decides about
_HEX = re.compile(r"#?\b([0-9a-f]{6})\b", re.IGNORECASE)
_SIGNS = {"waiting": "⬛", "processing": "⏳", "done": "✅", "faulted": "❌", "cancelled": "✖️"}


def part(scene: Scene, room: int) -> Part:
    """Every chosen form with its state or result, then pictures and files."""
    request = scene.record.request
    assert isinstance(request, AlchemyRequest)
    found = {form.form: form for form in scene.status.forms}
    kept = withheld(request, found, is_open=scene.phase.is_open)
    shown = [found[name] for name in request.forms if name in found and found[name].arrived]
    if kept:
        shown = [form for form in shown if FORMS[form.form].returns not in KEPT_BACK]
    text, attached = _entries(scene, request, found, kept, room - MARGIN)
    files = _files(scene, shown, attached)
    over = [Text(f"-# {words.NOT_ALL_FILES.format(shown=FILES_MAX, total=files[1])}")]
    closed_by_us = bool(kept) and not scene.phase.is_open
    return Part(
        blocks=(Text(text), *files[0], *(over if files[1] > FILES_MAX else [])),
        arrived=len(shown),
        title=words.WITHHELD_TITLE if closed_by_us else "",
        small=(took(scene),),
        missing=kept if closed_by_us else "",
        withheld=closed_by_us,
    )


def withheld(request: AlchemyRequest, found: dict[str, FormResult], *, is_open: bool) -> str:
    """Why pictures may not be shown, "" when they may. Without a verdict they may not."""
    makes = [
        found[name] for name in request.forms if FORMS[name].returns in KEPT_BACK and name in found
    ]
    if not request.withhold or not any(form.arrived for form in makes):
        return ""
    verdict = found.get("nsfw")
    if verdict is not None and verdict.arrived and verdict.flag is not None:
        return words.WITHHELD if verdict.flag else ""
    ended = verdict is not None and verdict.state in {"done", "faulted", "cancelled"}
    return words.FORM_CHECKING if is_open and not ended else words.UNCHECKED


def _entries(
    scene: Scene, request: AlchemyRequest, found: dict[str, FormResult], kept: str, room: int
) -> tuple[str, list[Attachment]]:
    prose = [name for name in request.forms if _is_prose(name, found)]
    lines = {
        name: _entry(scene, FORMS[name], found.get(name), kept)
        for name in request.forms
        if name not in prose
    }
    left = room - sum(units(text) + 1 for text in lines.values())
    each = max(0, min(PROSE_MAX, left // max(1, len(prose)) - 40))
    attached: list[Attachment] = []
    for name in prose:
        shown = safe(found[name].text, each).replace("\n", "\n> ")
        lines[name] = f"{_SIGNS['done']} **{_short(FORMS[name])}**\n> {shown}"
        if not fits(found[name].text, each):
            data = found[name].text.encode("utf-8", "replace")
            attached.append(Attachment(f"hordecord-{scene.record.id}-{name}.txt", data=data))
    return "\n".join(lines[name] for name in request.forms), attached


def _is_prose(name: str, found: dict[str, FormResult]) -> bool:
    return FORMS[name].returns == "text" and name in found and found[name].arrived


def _entry(scene: Scene, form: Form, result: FormResult | None, kept: str) -> str:
    label = f"**{_short(form)}**"
    if result is None or not result.arrived:
        return f"{_sign(scene, result)} {label} {_state(scene, result)}".rstrip()
    if kept and form.returns in KEPT_BACK:
        checking = kept == words.FORM_CHECKING
        return f"{'⏳' if checking else '🔒'} {label} {kept if checking else words.FORM_KEPT}"
    return f"{_SIGNS['done']} {label} {_value(form, result)}".rstrip()


def _value(form: Form, result: FormResult) -> str:
    match form.returns:
        case "flag":
            return "yes" if result.flag else "no"
        case "score":
            return _score(result.text)
        case "colours":
            codes = list(dict.fromkeys(code.lower() for code in _HEX.findall(result.text)))
            shown = " ".join(f"`#{code}`" for code in codes[:COLOURS])
            return shown or safe_line(result.text, 100)
        case "tags":
            return "".join(_group(*item) for item in list(result.tags.items())[:GROUPS])
        case _:
            return words.size(result.width, result.height) if result.width else ""


def _score(text: str) -> str:
    try:
        return f"{float(text):.1f} of 10"
    except ValueError:
        return safe_line(text, 40)


def _group(name: str, tags: tuple[Tag, ...]) -> str:
    best = sorted(tags, key=lambda tag: -tag.confidence)[:TAGS]
    shown = ", ".join(f"{safe_line(tag.text, TAG_MAX)} {tag.confidence:.0f} %" for tag in best)
    return f"\n> {safe_line(name, TAG_MAX)}: {shown}" if shown else ""


def _sign(scene: Scene, result: FormResult | None) -> str:
    if result is None or (result.state in {"waiting", "processing"} and not scene.phase.is_open):
        return _SIGNS["waiting"] if scene.phase.is_open else _SIGNS["cancelled"]
    return _SIGNS["faulted" if result.state == "done" else result.state]


def _state(scene: Scene, result: FormResult | None) -> str:
    if result is not None and result.problem:
        return safe_line(result.problem, 80)
    state = result.state if result else "waiting"
    if state in {"waiting", "processing"} and not scene.phase.is_open:
        return words.FORM_MISSING
    texts = {
        "waiting": words.FORM_WAITING,
        "processing": words.FORM_WORKING,
        "cancelled": words.FORM_CANCELLED,
    }
    return texts.get(state, words.FORM_FAULTED)


def _files(
    scene: Scene, shown: list[FormResult], attached: list[Attachment]
) -> tuple[list[Block], int]:
    """The blocks that hold files, at most FILES_MAX files; and how many there would be."""
    pictures = [form for form in shown if FORMS[form.form].returns == "picture"]
    drawings = [_drawing(scene, form) for form in shown if FORMS[form.form].returns == "svg"]
    others = [*drawings, *attached][:FILES_MAX]
    fitting = pictures[: FILES_MAX - len(others)]
    blocks: list[Block] = []
    if fitting:
        blocks.append(Gallery(tuple(_picture(scene, form) for form in fitting)))
    return [*blocks, *others], len(pictures) + len(others)


def _picture(scene: Scene, form: FormResult) -> Picture:
    return Picture(
        form.file, filename(scene.record.id, form), line(_short(FORMS[form.form]), ALT_MAX)
    )


def _drawing(scene: Scene, form: FormResult) -> Attachment:
    data = b"" if form.file else form.text.encode("utf-8", "replace")
    return Attachment(filename(scene.record.id, form), data=data, file=form.file)


def filename(record_id: int, form: FormResult) -> str:
    """What a form's picture is called when somebody saves it."""
    suffix = PurePath(form.file).suffix.lower() or ".svg"
    return f"hordecord-{record_id}-{form.form}{suffix}"


def _short(form: Form) -> str:
    return form.label.partition(":")[0]
