"""The control types of the newer server, and the price of an annotation with each."""

LEGACY = (
    "canny", "hed", "depth", "normal", "openpose", "seg", "scribble", "fakescribbles", "hough",
)  # fmt: skip
"""Any worker takes these; the others need a worker with extended ControlNet."""
_PRICES = {
    3: (
        "canny", "scribble", "binary", "standard_lineart", "scribble_xdog", "pyracanny", "color",
        "shuffle", "recolor_luminance", "recolor_intensity", "tile", "tile_ttplanet_guided",
        "tile_ttplanet_simple",
    ),
    5: (
        "hed", "depth", "mlsd", "openpose", "fakescribbles", "seg", "lineart", "lineart_anime",
        "lineart_anime_denoise", "pidinet", "scribble_pidinet", "teed", "normal_bae",
    ),
    8: (
        "normal", "midas_depth", "zoe_depth", "depth_anything", "depth_anything_v2",
        "oneformer_ade20k", "oneformer_coco",
    ),
}  # fmt: skip
TILE_PRICES = {name: price for price, names in _PRICES.items() for name in names}
"""Kudos for each tile of 512 x 512 pixels, for the 33 types of the form `annotation`."""
ANNOTATION_TYPES = tuple(TILE_PRICES)
IMAGE_CONTROL_TYPES = (*ANNOTATION_TYPES, "hough")  # the old name of mlsd
