"""The command that makes a request again, as a person can paste it."""

from bot.alchemy import FORMS
from bot.records import Record
from bot.requests import AlchemyRequest, ImageRequest, TextRequest
from bot.results import ImageGeneration, Status

SQUARE = 1.0
WIDE, TALL = 1.6, 0.62  # beyond these a picture is called wide or tall


def command_for(record: Record, status: Status | None) -> str:
    """One line that Discord's message box turns back into the command with its options.

    With the seed of the first picture that arrived: several pictures of one request have a seed
    each, so the line then asks for that one.
    """
    request = record.request
    if isinstance(request, ImageRequest):
        return _imagine(request, _first(status))
    if isinstance(request, TextRequest):
        return _write(request, status)
    return _alchemy(request)


def shape_of(width: int, height: int) -> str:
    """The shape that `/imagine` calls such a size."""
    ratio = width / height
    if ratio == SQUARE:
        return "square"
    if ratio > SQUARE:
        return "wide" if ratio > WIDE else "landscape"
    return "tall" if ratio < TALL else "portrait"


def _imagine(request: ImageRequest, first: ImageGeneration | None) -> str:
    seed = request.seed or (first.seed if first else "")
    count = request.n if request.seed or not first else 1
    model = first.model if first and first.model else next(iter(request.models), "")
    return _line(
        "/imagine",
        prompt=request.prompt,
        model=model,
        shape=shape_of(request.width, request.height),
        count=str(count) if count > 1 else "",
        negative=request.negative,
        seed=seed,
        private="True" if request.private else "",
    )


def _write(request: TextRequest, status: Status | None) -> str:
    models = (text.model for text in status.texts) if status else ()
    return _line(
        "/write",
        prompt=request.prompt,
        model=next(filter(None, models), next(iter(request.models), "")),
        length=str(request.max_length),
        temperature=f"{request.temperature:g}",
        private="True" if request.private else "",
    )


def _alchemy(request: AlchemyRequest) -> str:
    chosen = {f"form{n}" if n > 1 else "form": name for n, name in enumerate(request.forms, 1)}
    labels = {option: FORMS[name].name for option, name in chosen.items()}
    return _line("/alchemy", **labels, private="True" if request.private else "")


def _line(command: str, **options: str) -> str:
    given = [f"{name}:{' '.join(value.split())}" for name, value in options.items() if value]
    return " ".join([command, *given])


def _first(status: Status | None) -> ImageGeneration | None:
    return next((g for g in status.pictures if g.arrived), None) if status else None
