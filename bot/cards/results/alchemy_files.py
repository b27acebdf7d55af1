"""The files of an alchemy card: pictures beside their source, drawings, long texts."""

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from bot.cards import formatting
from bot.cards.card import ALT_MAX, FILES_MAX, GALLERY_MAX, Attachment, Gallery, Picture
from bot.cards.context import CardContext
from bot.cards.markdown import line
from bot.cards.results.image_result import stem
from bot.domain.alchemy.alchemy_forms import form_of
from bot.domain.generations import FormResult
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest
from bot.i18n import N_, _

BEFORE, BEHIND = N_("Before"), N_("Source")

COMPARED = frozenset({"upscale", "face"})  # forms shown beside their source
LONG_TEXTS = 1  # files that long texts need: one for all of them


def alchemy_filename(record_id: int, form: FormResult) -> str:
    """File name of a form's picture."""
    suffix = PurePath(form.file).suffix.lower() or ".svg"
    return f"{stem(record_id)}{form.form.replace(':', '-')}{suffix}"


def on_card(scene: CardContext, shown: Sequence[FormResult]) -> list[Gallery]:
    """The pictures on the card itself, beside their source; [] for none."""
    pictures = _pictures(scene, shown)[: _room(scene)]
    return [Gallery(tuple(pictures))] if pictures else []


def after_card(scene: CardContext, shown: Sequence[FormResult]) -> list[Gallery]:
    """The pictures that do not fit on the card; [] for none."""
    room = _room(scene)
    pictures = _pictures(scene, shown)[room : room + GALLERY_MAX]
    return [Gallery(tuple(pictures))] if pictures else []


def drawings(scene: CardContext, shown: Sequence[FormResult]) -> list[Attachment]:
    """Drawings to download; Discord shows none."""
    return [
        Attachment(
            alchemy_filename(scene.record.id, form),
            data=b"" if form.file else form.text.encode("utf-8", "replace"),
            file=form.file,
        )
        for form in shown
        if form_of(form.form).returns == "svg"
    ]


def alchemy_texts(scene: CardContext, long: Sequence[FormResult]) -> list[Attachment]:
    """Texts that were shortened on the card, whole, in one file; [] for none."""
    if not long:
        return []
    parts = [f"{form_of(form.form).shown}\n\n{form.text}\n" for form in long]
    name = f"{stem(scene.record.id)}{'-'.join(form.form for form in long)}.txt"
    data = "\n\n".join(parts).encode("utf-8", "replace")
    return [Attachment(name, data=data, spoiler=_request(scene).source.spoiler)]


def sides(scene: CardContext, form: FormResult) -> str:
    """Size of the picture; for an upscaled one also the size before. "" when unknown."""
    now = formatting.size(form.width, form.height) if form.width else ""
    source = _request(scene).source
    grown = form_of(form.form).group == "upscale" and source.width > 0
    before = formatting.size(source.width, source.height) if grown else ""
    return f"{before}{formatting.NBSP}→ {now}" if before and now else now


def is_picture(form: FormResult) -> bool:
    """Whether Discord shows the file of that form."""
    return form_of(form.form).returns in {"picture", "any"} and bool(form.file)


def _pictures(scene: CardContext, shown: Sequence[FormResult]) -> list[Picture]:
    made = [form for form in shown if is_picture(form)]
    source, hidden = _request(scene).source, _request(scene).spoiler
    results = [
        Picture(form.file, alchemy_filename(scene.record.id, form), _alt(scene, form), hidden)
        for form in made
    ]
    if not made and shown and source.file:  # readers see what the words are about
        return [_source(scene, BEHIND, hidden=hidden or not _is_checked(scene))]
    compared = source.file and any(form_of(form.form).group in COMPARED for form in made)
    if not compared or len(results) >= _room(scene) + GALLERY_MAX:
        return results
    return [_source(scene, BEFORE, hidden=hidden), *results]


def _source(scene: CardContext, name: str, *, hidden: bool) -> Picture:
    source = _request(scene).source
    size = formatting.size(source.width, source.height) if source.width else ""
    alt = line(f"{_(name)} {size}", ALT_MAX)
    # Without an ending: readers of the file know it.
    return Picture(source.file, f"{stem(scene.record.id)}{name.lower()}", alt, hidden)


def _is_checked(scene: CardContext) -> bool:
    """Whether the source may be shown openly there: by the channel, or by its NSFW check."""
    flags = [form.flag for form in scene.status.forms if form.form == "nsfw"]
    return not _request(scene).withhold or False in flags


def _alt(scene: CardContext, form: FormResult) -> str:
    return line(f"{form_of(form.form).shown} {sides(scene, form)}", ALT_MAX)


def _room(scene: CardContext) -> int:
    """Number of pictures on the card: all files minus the others, the same whatever has arrived so
    far.
    """
    kinds = {form_of(name).returns for name in _request(scene).forms}
    return FILES_MAX - ("svg" in kinds) - (LONG_TEXTS if kinds & {"text", "any"} else 0)


def _request(scene: CardContext) -> AlchemyRequest:
    request = scene.record.request
    assert isinstance(request, AlchemyRequest)
    return request


def as_json(record: Record) -> bytes:
    """Every form with its state and its results except pictures, whose sides are listed.

    Links are left out: a worker's are secret, and expire within the hour.
    """
    request = record.request
    assert isinstance(request, AlchemyRequest)
    found = {form.form: form for form in record.status.forms} if record.status else {}
    source = {"filename": request.source.filename} | _sides(request.source)
    forms = {name: _form(name, found.get(name)) for name in request.forms}
    body = {"request": record.id, "source": source, "forms": forms}
    return json.dumps(body, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _form(name: str, result: FormResult | None) -> dict[str, Any]:
    about: dict[str, Any] = {"name": form_of(name).short}
    if result is None:
        return about | {"state": "missing"}
    about["state"] = result.state
    if result.problem:
        about["problem"] = result.problem
    return about | (_value(name, result) if result.arrived else {})


def _value(name: str, result: FormResult) -> dict[str, Any]:
    if form_of(name).returns in {"picture", "svg"} or is_picture(result):
        return _sides(result) | ({"value": result.text} if result.text else {})
    return {"value": _reading(name, result)}


def _reading(name: str, result: FormResult) -> Any:
    match form_of(name).returns:
        case "flag":
            return result.flag
        case "score":
            return _number(result.text)
        case "colours":
            return [part.strip() for part in result.text.split(",") if part.strip()]
        case "tags":
            return {
                group: [{"text": tag.text, "confidence": tag.confidence} for tag in tags]
                for group, tags in result.tags.items()
            }
        case _:
            return _json(result.text) if result.code else result.text


def _sides(of: Any) -> dict[str, int]:
    return {"width": of.width, "height": of.height} if of.width and of.height else {}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # it was shortened
        return text


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
