"""Notes on a card about the source of a request. Pure."""

from bot.cards import formatting
from bot.domain.requests import ImageRequest, Request, Source
from bot.i18n import N_, _

SIZE = N_(
    "The source image has the size {own}. The image is created with the size {made}, which needs "
    "no kudos."
)
HOLES = N_("Only the transparent area is filled. Use `mode:img2img` to change the whole image.")
STRETCHED = N_("The mask was stretched to the aspect ratio of the source.")
SMALLER = 0.98  # of the source's area: below it, the result is smaller
SAME_SHAPE = 0.2  # the ratios differ by less: sides are rounded to 64 pixels
SAME_MASK = 0.05  # the ratios differ by less: its edges hardly move


def source_notes(request: Request) -> str:
    """One line for each thing that the requester may not expect; "" for none."""
    if not isinstance(request, ImageRequest) or request.source is None:
        return ""
    lines: list[str] = []
    if _is_shrunk(request, request.source):
        made = formatting.size(request.width, request.height)
        own = formatting.size(request.source.width, request.source.height)
        lines.append(_(SIZE).format(made=made, own=own))
    if request.mask is not None and _is_stretched(request.mask, request.source):
        lines.append(_(STRETCHED))
    if request.mode == "inpainting" and not (request.mask or request.parts):
        lines.append(_(HOLES))
    return "\n".join(f"-# {line}" for line in lines)


def _is_shrunk(request: ImageRequest, source: Source) -> bool:
    """The result is the source at a smaller size; another aspect ratio was the
    requester's choice.
    """
    if not source.width or not source.height or request.mode == "remix":
        return False
    ratio = request.width * source.height / (request.height * source.width)
    if any(request.expand) or abs(ratio - 1) > SAME_SHAPE:
        return False
    return request.width * request.height < SMALLER * source.width * source.height


def _is_stretched(mask: Source, source: Source) -> bool:
    if not (mask.width and mask.height and source.width and source.height):
        return False
    return abs(mask.width * source.height / (mask.height * source.width) - 1) > SAME_MASK
