"""The form `annotation` of the newer server: the map that a control type sees in an image."""

import io
import json
from typing import Any

from PIL import Image, ImageFilter, ImageOps

from sandbox.horde.errors import ApiError
from sandbox.horde.newer.control_types import TILE_PRICES
from sandbox.horde.newer.request_schemas import ANNOTATION

Json = dict[str, Any]
UNKNOWN_PRICE = 5  # kudos for each tile


def distinct(forms: list[Json]) -> list[Json]:
    """The forms without repetitions. Raises ApiError: annotation without a known control type."""
    for each in forms:
        if each["name"] == ANNOTATION and control_type(each) not in TILE_PRICES:
            message = "An annotation needs a payload with a known control_type."
            raise ApiError(400, "InvalidControlType", message)
    by_content = {json.dumps([each["name"], each.get("payload")]): each for each in forms}
    return list(by_content.values())


def control_type(form: Json) -> str:
    """The control type of an annotation; "" for other forms."""
    if form["name"] != ANNOTATION:
        return ""
    named = form.get("payload", {}).get("control_type")
    return named if isinstance(named, str) else ""


def price(control: str, tiles: int) -> int:
    """The kudos of an annotation, by the tile of 512 x 512 pixels."""
    return TILE_PRICES.get(control, UNKNOWN_PRICE) * tiles


def render(control: str, data: bytes) -> bytes:
    """The map as WebP: edges, or for the larger types something like a depth map."""
    with Image.open(io.BytesIO(data)) as image:
        grey = ImageOps.autocontrast(image.convert("L"), cutoff=2)
    if TILE_PRICES[control] > UNKNOWN_PRICE:
        picture = ImageOps.invert(grey.filter(ImageFilter.GaussianBlur(6)))
    else:
        picture = ImageOps.autocontrast(grey.filter(ImageFilter.FIND_EDGES), cutoff=2)
    out = io.BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=90)
    return out.getvalue()
