"""Prepares source pictures for a request: sides, masks, a larger canvas.

The source keeps its proportions; parts that do not fit into the sides of the request are cropped on
both sides alike; a mask belongs to the source as it was uploaded.
"""

from dataclasses import dataclass

from bot.domain.request_images import Pictures
from bot.domain.requests import ImageRequest, Source
from bot.domain.requests.image import FULL_STRENGTH, REPAINTED
from bot.errors import NothingMarked
from bot.pictures import Converter, inspect
from bot.pictures.protocol import Cover, DrawCells, DrawMargin, Enlarge, Order, ReadAlpha, ReadMask
from bot.pictures.sizing import check_ratio, enlarged, is_like, like, placed

HOLE_MIN = 0.02  # share of transparent points; less is rounded corners or noise
EXTRA_SIDE = 1024  # pixels; models look at further pictures through a smaller input


@dataclass(frozen=True, slots=True)
class PreparedImages:
    """The stored bytes of a request's pictures, upright."""

    source: bytes
    mask: bytes = b""
    extra: tuple[bytes, ...] = ()


async def fit(
    request: ImageRequest, uploads: PreparedImages, converter: Converter
) -> tuple[ImageRequest, Pictures]:
    """The pictures as they are sent, and the request with the resulting sides.

    Its source has its true sides. Raises BadOption, PictureError.
    """
    source = request.source
    assert source is not None
    check_ratio(source.width, source.height)
    if request.mode is None:
        request = request.model_copy(update=await _mode(request, uploads.source, converter))
    extra = [await converter.carry_out(_reduced(data), data) for data in uploads.extra]
    if request.mode == "outpainting" and any(request.expand):
        request = request.model_copy(update=_canvas(request, source))
        picture, mask = await _outpainted(request, source, uploads, converter)
    else:
        picture, mask = await _covered(request, source, uploads, converter)
    return request, Pictures(source=picture, mask=mask, extra=tuple(extra))


async def _mode(request: ImageRequest, data: bytes, converter: Converter) -> dict[str, object]:
    """Changes that set the mode if the requester did not: inpainting of transparent parts.

    A strength of REPAINTED counts as not chosen. Raises PictureError for an invisible picture.
    """
    over: dict[str, object] = {"mode": "img2img"}
    if not inspect(data).has_alpha:
        return over
    try:
        await converter.carry_out(ReadAlpha(request.width, request.height, HOLE_MIN), data)
    except NothingMarked:
        return over
    strength = FULL_STRENGTH if request.strength == REPAINTED else request.strength
    return {"mode": "inpainting", "strength": strength}


def reshaped(request: ImageRequest, source: Source) -> ImageRequest:
    """The request with sides like those of its source, if they were chosen by wrong ones.

    `source`: with its true sides. Before they were unknown, or Discord reported them before EXIF
    turned the picture by 90 degrees.
    """
    told, sides = request.source, (request.width, request.height)
    if told is None or request.size_chosen or source.width == source.height:
        return request
    if not told.width or not told.height:
        width, height = like(source.width, source.height, request.width * request.height)
    elif (told.width > told.height) != (source.width > source.height) and is_like(
        told.width, told.height, sides
    ):
        height, width = sides
    else:
        return request
    return request.model_copy(update={"width": width, "height": height})


def _canvas(request: ImageRequest, source: Source) -> dict[str, int]:
    """Chosen sides stay if they have the proportions of the enlarged picture."""
    left, top, right, bottom = request.expand
    wide, high = source.width + left + right, source.height + top + bottom
    if is_like(wide, high, (request.width, request.height)):
        return {}
    width, height = enlarged(source.width, source.height, request.expand)
    return {"width": width, "height": height}


async def _outpainted(
    request: ImageRequest, source: Source, uploads: PreparedImages, converter: Converter
) -> tuple[bytes, bytes]:
    canvas = request.width, request.height
    place = placed(source.width, source.height, request.expand, canvas)
    picture = await converter.carry_out(Enlarge(place), uploads.source)
    return picture, await converter.carry_out(DrawMargin(place))


async def _covered(
    request: ImageRequest, source: Source, uploads: PreparedImages, converter: Converter
) -> tuple[bytes, bytes]:
    painted = request.mode in {"inpainting", "outpainting"}
    cover = Cover(request.width, request.height, filled=painted)
    picture = await converter.carry_out(cover, uploads.source)
    if not painted:
        return picture, b""
    order, data = _mask(request, source, uploads)
    return picture, await converter.carry_out(order, data)


def _mask(request: ImageRequest, source: Source, uploads: PreparedImages) -> tuple[Order, bytes]:
    """An uploaded mask, else the named area, else the transparent parts."""
    width, height = request.width, request.height
    if uploads.mask:
        return ReadMask(width, height, source.width, source.height), uploads.mask
    if request.parts:
        return DrawCells(width, height, request.parts), b""
    return ReadAlpha(width, height), uploads.source


def _reduced(data: bytes) -> Cover:
    facts = inspect(data)
    scale = min(1.0, EXTRA_SIDE / max(facts.width, facts.height))
    return Cover(max(1, round(facts.width * scale)), max(1, round(facts.height * scale)))
