"""Sources and masks in the form that a backend needs. For the picture child alone."""

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from bot.pictures.mask_marks import marked
from bot.pictures.protocol import (
    Cover,
    DrawCells,
    DrawMargin,
    Enlarge,
    ReadAlpha,
    ReadMask,
)
from bot.pictures.transforms import mapped, resized, save_image, without_transparency

_SNAP = 20  # levels off black or white that are noise of a JPEG
_CELLS = ("top left", "top", "top right", "left", "middle", "right", "bottom left", "bottom",
          "bottom right")  # fmt: skip


class BlankError(Exception):
    """The mask marks nothing."""


class FullError(Exception):
    """The mask marks everything."""


def changed(picture: Image.Image, order: Cover | Enlarge | ReadMask | ReadAlpha) -> bytes:
    """The result of one of these orders for a plain picture. Raises BlankError."""
    match order:
        case Cover():
            return cover(picture, order)
        case Enlarge():
            return enlarge(picture, order)
        case ReadMask():
            return read_mask(picture, order)
        case ReadAlpha():
            return read_alpha(picture, order)


def drawn(order: DrawCells | DrawMargin) -> bytes:
    """A mask that needs no picture."""
    return draw_cells(order) if isinstance(order, DrawCells) else draw_margin(order)


def cover(picture: Image.Image, order: Cover) -> bytes:
    """See `Cover`. A WebP."""
    fitted = _fitted(picture, (order.width, order.height))
    if fitted.mode == "RGB":
        return _webp(fitted)
    return _webp(without_transparency(fitted) if order.filled else _on_white(fitted))


def enlarge(picture: Image.Image, order: Enlarge) -> bytes:
    """See `Enlarge`. A WebP."""
    onto = order.onto
    inner = resized(picture, (onto.inner_width, onto.inner_height))
    canvas = Image.new("RGBA", (onto.width, onto.height))
    canvas.paste(inner, (onto.left, onto.top))
    return _webp(without_transparency(canvas))


def read_mask(picture: Image.Image, order: ReadMask) -> bytes:
    """See `ReadMask`. A grey PNG. Raises BlankError, FullError."""
    mask = marked(picture)
    # Made for the source: cropped like the source.
    scale = max(order.width / order.of_width, order.height / order.of_height)
    across = mask.width * (1 - order.width / scale / order.of_width) / 2
    down = mask.height * (1 - order.height / scale / order.of_height) / 2
    box = (max(0.0, across), max(0.0, down))
    box += (mask.width - box[0], mask.height - box[1])
    size = order.width, order.height
    fitted = resized(mask, size, Image.Resampling.BILINEAR, box)
    return _checked(fitted, may_be_full=False)


def read_alpha(picture: Image.Image, order: ReadAlpha) -> bytes:
    """See `ReadAlpha`. A grey PNG. Raises BlankError, FullError."""
    if picture.mode != "RGBA":
        raise BlankError
    fitted = _fitted(ImageOps.invert(picture.getchannel("A")), (order.width, order.height))
    return _checked(fitted, may_be_full=False, least=order.least)


def draw_cells(order: DrawCells) -> bytes:
    """See `DrawCells`. A grey PNG, soft between the cells."""
    mask = Image.new("L", (order.width, order.height))
    draw = ImageDraw.Draw(mask)
    for part in order.parts:
        row, column = divmod(_CELLS.index(part), 3)
        left, right = (round(mask.width * side / 3) for side in (column, column + 1))
        top, bottom = (round(mask.height * side / 3) for side in (row, row + 1))
        draw.rectangle((left, top, right - 1, bottom - 1), fill=255)
    return _checked(mask.filter(ImageFilter.GaussianBlur(_softness(mask))))


def draw_margin(order: DrawMargin) -> bytes:
    """See `DrawMargin`. A grey PNG; it extends a little into the source, so that no seam stays."""
    around = order.around
    mask = Image.new("L", (around.width, around.height), 255)
    soft = _softness(mask)
    inset = round(2 * soft)
    right, bottom = around.left + around.inner_width, around.top + around.inner_height
    inner = (
        around.left + (inset if around.left else 0),
        around.top + (inset if around.top else 0),
        right - 1 - (inset if right < around.width else 0),
        bottom - 1 - (inset if bottom < around.height else 0),
    )
    if inner[0] < inner[2] and inner[1] < inner[3]:
        ImageDraw.Draw(mask).rectangle(inner, fill=0)
    return _checked(mask.filter(ImageFilter.GaussianBlur(soft)))


def _checked(mask: Image.Image, *, may_be_full: bool = True, least: float = 0.0) -> bytes:
    clean = mapped(mask, _snapped)
    counts = clean.histogram()
    if sum(counts[128:]) <= least * sum(counts):
        raise BlankError
    if not may_be_full and sum(counts[:128]) == 0:
        raise FullError
    return save_image(clean, "PNG")


def _snapped(level: int) -> int:
    return 0 if level < _SNAP else 255 if level > 255 - _SNAP else level


def _fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def _on_white(picture: Image.Image) -> Image.Image:
    base = Image.new("RGB", picture.size, "white")
    base.paste(picture, mask=picture.getchannel("A"))
    return base


def _softness(mask: Image.Image) -> float:
    return max(2.0, min(mask.size) / 128)


def _webp(picture: Image.Image) -> bytes:
    return save_image(picture, "WEBP", quality=95, method=2)
