"""The command that makes a request again, as a person can paste it."""

from dataclasses import dataclass

from bot.alchemy import FORMS
from bot.catalog import SHAPES, baseline, defaults_for, shape
from bot.records import Record
from bot.requests import AlchemyRequest, ImageRequest, TextRequest
from bot.results import Status

FORM_OPTIONS = ("form", "second", "third")  # of /alchemy


@dataclass(frozen=True, slots=True)
class Repeat:
    """One line that Discord's message box turns back into a command with its options.

    `exact`: it gives the same again; else the command has no option for something of it.
    """

    line: str
    exact: bool = True


def command_for(record: Record, status: Status | None) -> Repeat:
    """The command for a request.

    With the seed of the first picture that arrived: several pictures of one request have a seed
    each, so the line then asks for that one.
    """
    request = record.request
    if isinstance(request, ImageRequest):
        return _imagine(request, status)
    if isinstance(request, TextRequest):
        return _write(request, status)
    return _alchemy(request)


def _imagine(request: ImageRequest, status: Status | None) -> Repeat:
    first = next((g for g in status.pictures if g.arrived), None) if status else None
    model = next(iter(request.models), "")
    if first and first.model and len(request.models) != 1:
        model = first.model
    usual = defaults_for(model)
    count = request.n if request.seed or not first else 1
    made = (request.steps, request.cfg_scale, request.sampler, request.karras)
    return Repeat(
        _line(
            "/imagine",
            prompt=request.prompt,
            model=model,
            shape=_shape(request, model),
            count=str(count) if count > 1 else "",
            negative=request.negative,
            seed=request.seed or (first.seed if first else ""),
            private=_yes(request.private),
        ),
        exact=made == (usual.steps, usual.cfg_scale, usual.sampler, usual.karras)
        and (request.width, request.height) in _sizes(model),
    )


def _sizes(model: str) -> dict[tuple[int, int], str]:
    return {shape(name, baseline(model)): name for name in SHAPES}


def _shape(request: ImageRequest, model: str) -> str:
    """The shape with these sides, else the one with the nearest ratio; "" for the model's own."""
    usual = defaults_for(model)
    if (request.width, request.height) == (usual.width, usual.height):
        return ""
    ratio = request.width / request.height
    nearest = min(_sizes(model), key=lambda size: abs(size[0] / size[1] - ratio))
    return _sizes(model)[nearest]


def _write(request: TextRequest, status: Status | None) -> Repeat:
    models = (text.model for text in status.texts) if status else ()
    line = _line(
        "/write",
        prompt=request.prompt,
        model=next(filter(None, models), next(iter(request.models), "")),
        length=str(request.max_length),
        temperature=f"{request.temperature:g}",
        private=_yes(request.private),
    )
    return Repeat(line)


def _alchemy(request: AlchemyRequest) -> Repeat:
    labels = [FORMS[name].label for name in request.forms]
    chosen = dict(zip(FORM_OPTIONS, labels, strict=False))
    line = _line("/alchemy", **chosen, private=_yes(request.private))
    return Repeat(line, exact=len(labels) <= len(FORM_OPTIONS))


def _yes(value: bool) -> str:
    return "True" if value else ""


def _line(command: str, **options: str) -> str:
    given = [f"{name}:{' '.join(value.split())}" for name, value in options.items() if value]
    return " ".join([command, *given])
