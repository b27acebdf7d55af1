"""The command that repeats a request, for pasting."""

import re
from dataclasses import dataclass, replace

from bot.domain.records import Record
from bot.domain.requests import (
    VIDEO_SHAPES,
    AlchemyRequest,
    ImageRequest,
    TextRequest,
    VideoRequest,
)
from bot.domain.results import Status
from bot.parameters.flags import to_text

COUNT_MAX = 4  # limit of the option; --count takes more
EXTRA_MAX = 2_000  # characters of the option
# Options of /imagine and the fields that they set.
FIELDS = {
    "prompt": "prompt",
    "negative": "negative",
    "model": "models",
    "seed": "seed",
    "count": "n",
    "private": "private",
}
# The names of all options of the command, and those that text in it could be taken for.
OPTIONS = (
    *FIELDS,
    *("form", "second", "third", "forms"),
    *("extra", "shape", "style", "preset", "image", "strength", "length", "temperature"),
    *("seconds", "fps", "mode", "area", "mask", "expand", "expand_by", "control"),
    *(f"image{number}" for number in range(2, 6)),
)


@dataclass(frozen=True, slots=True)
class Repeat:
    """One line that Discord's message box turns back into a command with its options.

    `exact`: it makes the same again, once the source pictures are added; else some of its text
    cannot be pasted.
    """

    line: str
    exact: bool = True


def command_for(record: Record, status: Status | None) -> Repeat:
    """The command for a request.

    With the seed of the first picture: several pictures of one request have a seed each.
    """
    request = record.request
    if isinstance(request, ImageRequest):
        return _imagine(request, status)
    if isinstance(request, TextRequest):
        return _write(request, status)
    if isinstance(request, VideoRequest):
        return _animate(request, status)
    return _alchemy(request)


def _imagine(request: ImageRequest, status: Status | None) -> Repeat:
    first = next((g for g in status.pictures if g.arrived), None) if status else None
    if first and not request.seed:  # the others have seeds of their own
        request = request.model_copy(update={"seed": first.seed, "n": 1})
    if first and first.model and len(request.models) != 1 and not request.style:
        request = request.model_copy(update={"models": (first.model,)})
    options = {
        "prompt": request.prompt,
        "negative": request.negative,
        "model": request.models[0] if len(request.models) == 1 else "",
        "seed": request.seed,
        "count": str(request.n) if 1 < request.n <= COUNT_MAX else "",
        "private": _yes(request.private),
    }
    said = {FIELDS[name] for name, value in options.items() if value}
    flags = to_text(request, without=frozenset(said), only=True)
    # The flags come last: text in them may look like an option's name, but none follows.
    found = _pasted(_command_of(request), **options, extra=flags)
    return replace(found, exact=found.exact and len(flags) <= EXTRA_MAX)


def _command_of(request: ImageRequest) -> str:
    return "/remix" if request.mask or request.extra_images else "/imagine"


def _write(request: TextRequest, status: Status | None) -> Repeat:
    models = (text.model for text in status.texts) if status else ()
    return _pasted(
        "/write",
        prompt=request.prompt,
        model=next(filter(None, models), next(iter(request.models), "")),
        length=str(request.max_length),
        temperature=f"{request.temperature:g}",
        private=_yes(request.private),
    )


def _animate(request: VideoRequest, status: Status | None) -> Repeat:
    made = next((video for video in status.videos if video.arrived), None) if status else None
    shapes = {sides: name for name, sides in VIDEO_SHAPES.items()}
    shape = shapes.get((request.width, request.height), "")
    found = _pasted(
        "/animate",
        prompt=request.prompt,
        negative=request.negative,
        model=(made.model if made else "") or next(iter(request.models), ""),
        seconds=str(request.seconds),
        fps=str(request.fps),
        shape=shape,
        seed=request.seed or (made.seed if made else ""),
        private=_yes(request.private),
    )
    return replace(found, exact=found.exact and bool(shape))


def _alchemy(request: AlchemyRequest) -> Repeat:
    """By name: the choices of the other options have labels in the language of the client."""
    forms = ", ".join(request.forms)
    return _pasted("/alchemy", forms=forms, private=_yes(request.private))


def _yes(value: bool) -> str:
    return str(value) if value else ""


def _pasted(command: str, **options: str) -> Repeat:
    """The line, and whether Discord's message box reads the same values from it.

    It has one line, and `name:` after a blank is read as the name of an option.
    """
    given = {name: value for name, value in options.items() if value}
    line = " ".join([command, *(f"{name}:{_one_line(value)}" for name, value in given.items())])
    pieces = re.split(rf" ({'|'.join(OPTIONS)}):", line)
    read = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return Repeat(line, exact=read == given)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
