"""Description of a downgrade: the Horde does not report it."""

from bot.cards import formatting
from bot.domain.generations import ImageGeneration
from bot.domain.requests import ImageRequest, Request, TextRequest
from bot.domain.results import Cut, Status
from bot.i18n import N_, _

SIZE = N_("The size {asked} needs kudos. The image was created with the size {made}.")
STEPS = N_("{asked} steps need kudos. The image was created with {made} steps.")
LENGTH = N_("{asked} tokens need kudos. The text has {made} tokens at most.")
WORKERS = N_("A request without slow workers needs kudos. Slow workers were allowed too.")
SMALLER = 0.98  # of the requested area: below it the backend reduced it


def cut_lines(request: Request, status: Status) -> str:
    """One line for each change; "" for none."""
    if isinstance(request, ImageRequest):
        lines = _of_picture(request, status)
    elif isinstance(request, TextRequest) and status.cut is not None:
        asked = formatting.decimal(request.max_length)
        made = formatting.decimal(status.cut.max_length)
        lines = [_(LENGTH).format(asked=asked, made=made)]
    else:
        lines = []
    return "\n".join(f"-# {line}" for line in lines)


def cut_values(request: Request, status: Status | None) -> dict[str, int | bool]:
    """The changed fields of the request with their new values."""
    cut = status.cut if status else None
    if cut is None or (isinstance(request, ImageRequest) and not _confirmed(request, cut, status)):
        return {}
    made = {"width": cut.width, "height": cut.height, "steps": cut.steps}
    found: dict[str, int | bool] = {
        name: value
        for name, value in (made | {"max_length": cut.max_length}).items()
        if value and value != getattr(request, name, value)
    }
    return found | ({"slow_workers": True} if cut.slow_workers else {})


def _of_picture(request: ImageRequest, status: Status) -> list[str]:
    values = cut_values(request, status)
    size = _delivered(request, status)
    if not size and not _arrived(status) and {"width", "height"} & values.keys():
        assert status.cut is not None
        size = (status.cut.width, status.cut.height)
    lines: list[str] = []
    if size:
        asked = formatting.size(request.width, request.height)
        lines.append(_(SIZE).format(asked=asked, made=formatting.size(*size)))
    if "steps" in values:
        lines.append(_(STEPS).format(asked=request.steps, made=values["steps"]))
    if "slow_workers" in values:
        lines.append(_(WORKERS))
    return lines


def _arrived(status: Status | None) -> list[ImageGeneration]:
    return [one for one in status.pictures if one.width] if status else []


def _delivered(request: ImageRequest, status: Status) -> tuple[int, int] | None:
    """The sides of the smallest picture if they are smaller than requested. With a style: none."""
    sizes = [(one.width, one.height) for one in _arrived(status)]
    real = min(sizes, key=lambda size: size[0] * size[1], default=None)
    if request.style or real is None:
        return None
    return real if real[0] * real[1] < request.width * request.height * SMALLER else None


def _confirmed(request: ImageRequest, cut: Cut, status: Status | None) -> bool:
    """A picture of the full size shows that there was no downgrade where it would have changed the
    size.
    """
    smaller = cut.width * cut.height < request.width * request.height * SMALLER
    arrived = _arrived(status)
    if not smaller or not arrived or request.post or request.style:
        return True
    return status is not None and _delivered(request, status) is not None
