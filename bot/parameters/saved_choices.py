"""Stored choices: as JSON for the database, as flags for people."""

import difflib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from bot.domain.people import Preset, preset_key
from bot.domain.requests import ImageChoices, ImageRequest
from bot.domain.requests.image import ImageFields
from bot.i18n import _
from bot.parameters.flags.errors import quoted_input
from bot.parameters.flags.table import FLAGS, OF_MODEL
from bot.parameters.flags.writer import to_text

# Not stored: fields of one request (prompt, pictures, privacy), of the place (NSFW, spoilers), and
# other presets, which could contain each other.
NEVER = frozenset(
    {"private", "source", "mask", "extra_images"}
    | {"nsfw", "censor_nsfw", "spoiler"}
    | {"style_name", "style_replaces", "style_takes", "collection"}  # found by the name of a style
)
_FIELDS = ImageFields.model_fields
# Fields written by the flag of another field.
_WITH = {"hires_fix": "hires_strength", "worker_blacklist": "workers", "workflow": "texts"}
ALIKE = 0.6  # share of equal letters; a lower one makes no suggestion
KEPT = frozenset(_FIELDS) - NEVER | {"shape"}
SIDES = frozenset({"width", "height"})


def keepable(choices: ImageChoices) -> ImageChoices:
    """Those of the choices that can be stored."""
    return choices.only_of(KEPT)


def dump(choices: ImageChoices) -> str:
    """As JSON."""
    return json.dumps(json_values(choices), ensure_ascii=False)


def json_values(choices: ImageChoices) -> dict[str, Any]:
    """Those that can be stored, as values of JSON."""
    return choices.model_dump(mode="json", include=set(choices.names & KEPT))


def load_choices(text: str) -> ImageChoices:
    """From JSON, without fields and values that this version does not accept."""
    return choices_of_json(json.loads(text))


def choices_of_json(values: Mapping[str, Any]) -> ImageChoices:
    """The same from values of JSON by name."""
    found: list[ImageChoices] = []
    for name in values.keys() & KEPT:
        with suppress(ValidationError):
            found.append(ImageChoices.model_validate({name: values[name]}))
    return ImageChoices.model_construct(**{n: v for one in found for n, v in one.values().items()})


def choices_of_request(request: ImageRequest) -> ImageChoices:
    """All parameters of a request, for use with another prompt."""
    names = {
        name
        for name in _FIELDS.keys() & KEPT - {"seed"}
        if getattr(request, name) != _FIELDS[name].default or name in OF_MODEL
    }
    return ImageChoices.model_construct(**{name: getattr(request, name) for name in names})


def text_of(choices: ImageChoices) -> str:
    """The flags for these choices, for pasting into `extra`."""
    kept = keepable(choices)
    parts = [f"--shape {kept.shape}" if kept.shape else ""]
    sides = SIDES & kept.names
    if len(sides) == 1:
        parts += [f"--{side} {getattr(kept, side)}" for side in sides]
        kept = kept.without(sides)
    kept = kept.without({"shape"})
    away = [n for n in kept.names - OF_MODEL if getattr(kept, n) == _FIELDS[n].default]
    quoted_input = kept.names | {_WITH.get(name, name) for name in kept.names}
    written = to_text(kept, without=frozenset(_FIELDS) - quoted_input)
    usual = (_usual(name, kept) for name in sorted(away))
    return " ".join(filter(None, [*parts, written, *usual]))


def _usual(name: str, kept: ImageChoices) -> str:
    """The flag for a default value that replaces a weaker choice.

    "" where it would remove another choice, as `--no-hires` does for its strength alone.
    """
    flag = next((each for each in FLAGS if each.fields[0] == name), None)
    if flag is None:
        return ""
    value = _FIELDS[name].default
    if flag.kind is None:
        return f"--{flag.name}" if getattr(flag.alone, name) == value else f"--no-{flag.name}"
    if flag.away:
        clean = all(getattr(kept, other) == gone for other, gone in flag.away.values().items())
        return f"--no-{flag.name}" if clean else ""
    return f"--{flag.name} {flag.kind.write(value)}" if value not in (None, "") else ""


def no_preset(name: str, known: Sequence[Preset]) -> str:
    """Message for an unknown preset, with the nearest name."""
    names = {preset.key: preset.name for preset in known}
    near = difflib.get_close_matches(preset_key(name), names, n=1, cutoff=ALIKE)
    if near:
        sentence = _("There is no preset with this name. Did you mean {name}?")
        return sentence.format(name=quoted_input(names[near[0]]))
    return _("There is no preset with this name. `/preset list` shows the available presets.")
