"""Stored choices: as JSON for the database, as flags for people."""

import difflib
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

from pydantic import BaseModel

from bot.catalog import SHAPES
from bot.domain.people import Preset, preset_key
from bot.domain.requests import ImageRequest, build
from bot.errors import BadOption
from bot.parameters.flags.errors import said
from bot.parameters.flags.table import FLAGS, OF_MODEL
from bot.parameters.flags.writer import to_text
from bot.parameters.layers import SIZES, Choices

# Not stored: fields of one request (prompt, pictures, privacy), of the place (NSFW, spoilers), and
# other presets, which could contain each other.
NEVER = frozenset(
    {"kind", "private", "prompt", "source", "mask", "extra_images", "preset"}
    | {"nsfw", "censor_nsfw", "spoiler"}
    | {"style_name"}  # found by the name of the style
)
_FIELDS = ImageRequest.model_fields
# Fields written by the flag of another field.
_WITH = {"hires_fix": "hires_strength", "worker_blacklist": "workers", "workflow": "texts"}
NO_PRESET = "There is no preset of that name.{guess} `/preset list` shows yours and this server's."
ALIKE = 0.6  # share of equal letters; a lower one makes no suggestion
KEPT = frozenset(_FIELDS) - NEVER | {"shape"}


def keepable(choices: Choices) -> dict[str, Any]:
    """Those of the choices that can be stored."""
    return {name: value for name, value in choices.items() if name in KEPT}


def dump(choices: Choices) -> str:
    """As JSON."""
    return json.dumps(keepable(choices), default=_plain, ensure_ascii=False)


def load_choices(text: str) -> dict[str, Any]:
    """From JSON, without fields and values that this version does not accept."""
    found: dict[str, Any] = {}
    for name, value in cast("dict[str, Any]", json.loads(text)).items():
        if name == "shape" and isinstance(value, str) and value in SHAPES:
            found[name] = value
        elif name in KEPT & _FIELDS.keys():
            with suppress(BadOption):
                found[name] = getattr(build(ImageRequest, prompt="anything", **{name: value}), name)
    return found


def choices_of_request(request: ImageRequest) -> dict[str, Any]:
    """All parameters of a request, for use with another prompt."""
    return {
        name: value
        for name in KEPT - {"shape", "seed"}
        if (value := getattr(request, name)) != _FIELDS[name].default or name in OF_MODEL
    }


def text_of(choices: Choices) -> str:
    """The flags for these choices, for pasting into `extra`."""
    kept = keepable(choices)
    shape = kept.pop("shape", "")
    parts = [f"--shape {shape}" if shape else ""]
    sides = SIZES & kept.keys()
    if len(sides) == 1:
        side = next(iter(sides))
        parts.append(f"--{side} {kept.pop(side)}")
    request = build(ImageRequest, prompt="anything", **kept)
    away = [name for name in kept if name not in OF_MODEL and kept[name] == _FIELDS[name].default]
    said = kept.keys() | {_WITH.get(name, name) for name in kept}
    written = to_text(request, without=frozenset(_FIELDS) - said)
    usual = (_usual(name, kept) for name in sorted(away))
    return " ".join(filter(None, [*parts, written, *usual]))


def _usual(name: str, kept: Choices) -> str:
    """The flag for a default value that replaces a weaker choice.

    "" where it would remove another choice, as `--no-hires` does for its strength alone.
    """
    flag = next((each for each in FLAGS if each.fields[0] == name), None)
    if flag is None:
        return ""
    value = _FIELDS[name].default
    if flag.kind is None:
        return f"--{flag.name}" if flag.alone[name] == value else f"--no-{flag.name}"
    if flag.away:
        clean = all(kept.get(other, gone) == gone for other, gone in flag.away.items())
        return f"--no-{flag.name}" if clean else ""
    return f"--{flag.name} {flag.kind.write(value)}" if value not in (None, "") else ""


def _plain(value: object) -> object:
    assert isinstance(value, BaseModel)
    return value.model_dump(mode="json")


def no_preset(name: str, known: Sequence[Preset]) -> str:
    """Message for an unknown preset, with the nearest name."""
    names = {preset.key: preset.name for preset in known}
    near = difflib.get_close_matches(preset_key(name), names, n=1, cutoff=ALIKE)
    return NO_PRESET.format(guess=f" Did you mean {said(names[near[0]])}?" if near else "")
