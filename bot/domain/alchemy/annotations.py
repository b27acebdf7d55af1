"""The alchemy form `annotation` of newer servers: the map that a control type sees in an image.

A request names it annotation:TYPE, so that each type is a form of its own.
"""

FORM = "annotation"
_PREFIX = f"{FORM}:"

_PRICES = {
    3: (
        "canny", "scribble", "binary", "standard_lineart", "scribble_xdog", "pyracanny", "color",
        "shuffle", "recolor_luminance", "recolor_intensity", "tile", "tile_ttplanet_guided",
        "tile_ttplanet_simple",
    ),
    8: (
        "normal", "midas_depth", "zoe_depth", "depth_anything", "depth_anything_v2",
        "oneformer_ade20k", "oneformer_coco",
    ),
}  # fmt: skip
_TILE_PRICES = {name: price for price, names in _PRICES.items() for name in names}
_OTHER_PRICE = 5  # kudos: the other types that 5.1.14 has, and types that it does not have


def form_name(control_type: str) -> str:
    """The name of the form for that control type; without one the bare name of the form."""
    return f"{_PREFIX}{control_type}" if control_type else FORM


def control_type(form: str) -> str:
    """The control type of an annotation; "" for other forms."""
    return form.removeprefix(_PREFIX) if form.startswith(_PREFIX) else ""


def tile_price(control: str) -> int:
    """Kudos for each tile of 512 x 512 pixels: docs/horde-api.md#annotations."""
    return _TILE_PRICES.get(control, _OTHER_PRICE)
