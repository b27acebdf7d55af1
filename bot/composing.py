"""Who decides what about a picture: option > preset > person > channel > server > model.

Each of them is a layer of choices: fields of ImageRequest that somebody set, and `shape`, which
becomes a size once the model is known. What nobody chose, the model's own defaults fill in.
"""

from collections.abc import Mapping
from typing import Any

from bot.catalog import Catalog, ImageDefaults, Shape
from bot.pictures.sides import like
from bot.requests import ImageRequest, Source, build

Choices = Mapping[str, Any]
SIZES = frozenset({"shape", "width", "height"})  # one of them chosen replaces weaker ones


def merged(*layers: Choices) -> dict[str, Any]:
    """All choices in one. The layers come strongest first."""
    found: dict[str, Any] = {}
    for layer in reversed(layers):
        if SIZES & layer.keys():
            found = {name: value for name, value in found.items() if name not in SIZES}
        found.update(layer)
    return found


def compose(catalog: Catalog, *layers: Choices) -> ImageRequest:
    """The request of these choices, strongest first. Raises BadOption, as `build` does."""
    chosen = merged(*layers)
    shape: Shape | None = chosen.pop("shape", None)
    models: tuple[str, ...] = tuple(chosen.get("models", ()))
    usual = catalog.defaults_for(models[0]) if models else catalog.newcomer()
    fields: dict[str, Any] = {
        "models": usual.models,
        "steps": usual.steps,
        "cfg_scale": usual.cfg_scale,
        "sampler": usual.sampler,
        "karras": usual.karras,
        "clip_skip": usual.clip_skip,
        **_size(catalog, usual, shape, chosen.get("source")),
    }
    return build(ImageRequest, **fields | chosen)


def _size(
    catalog: Catalog, usual: ImageDefaults, shape: Shape | None, source: Source | None
) -> dict[str, int]:
    if shape:
        model = next(iter(usual.models), "")
        width, height = catalog.shape(shape, catalog.baseline(model))
    elif source is not None and source.width and source.height:
        width, height = like(source.width, source.height, usual.width * usual.height)
    else:
        width, height = usual.width, usual.height
    return {"width": width, "height": height}
