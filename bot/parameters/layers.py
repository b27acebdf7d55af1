"""Precedence of the parameters of a picture.

Option > flag in `extra` > preset > style > user > channel > server > model. Each of them is a layer
of choices: fields of ImageRequest, `shape`, which becomes a size once the model is known,
`image_strengths` of the extra images, and `style`, which is a layer itself. The model's defaults
fill the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.catalog import Catalog, ImageDefaults, Shape, Style
from bot.domain.compatibility import check
from bot.domain.requests import ExtraImage, ImageRequest, Source, build
from bot.errors import BadOption
from bot.parameters.upfront_kudos import FREE_MIN, free_square, usual_steps
from bot.pictures.sizing import like, stepped_area
from bot.rules.guild_settings import NO_RULES, GuildSettings

Choices = Mapping[str, Any]
STYLE_NAME_MAX = 100  # characters
SIZES = frozenset({"shape", "width", "height"})  # one of them chosen replaces weaker ones
# Fields that need a source; a default of one is ignored without a source.
OF_A_SOURCE = frozenset(
    {"mode", "strength", "mask", "parts", "expand", "extra_images", "control", "control_is_map"}
    | {"control_map", "image_strengths"}
)


def merged(*layers: Choices) -> dict[str, Any]:
    """All choices merged. The layers come strongest first."""
    found: dict[str, Any] = {}
    for layer in reversed(layers):
        if SIZES & layer.keys():
            found = {name: value for name, value in found.items() if name not in SIZES}
        found.update(layer)
    return found


def without_source(layer: Choices) -> dict[str, Any]:
    """The choices of a layer for a request without a source."""
    return {name: value for name, value in layer.items() if name not in OF_A_SOURCE}


def compose(
    catalog: Catalog,
    *layers: Choices,
    standing: Sequence[Choices] = (),
    rules: GuildSettings = NO_RULES,
    free_side: int = FREE_MIN,
) -> ImageRequest:
    """The request of these choices, strongest first. Raises BadOption, as `build` and `check` do.

    `layers` were chosen for this request, `standing` are defaults of users and places; the server's
    `rules` say which models are no default. The layer of a style comes between them, or after the
    default that names it. A style that the Horde applies replaces all of them:
    docs/horde-api.md#styles. `free_side`: of the square that needs no kudos now, in pixels.
    """
    chosen = _styled(catalog, layers, standing, rules)
    shape: Shape | None = chosen.pop("shape", None)
    models: tuple[str, ...] = tuple(chosen.get("models", ()))
    usual = catalog.defaults_for(models[0]) if models else catalog.newcomer(rules)
    source: Source | None = chosen.get("source")
    area = free_square(models or usual.models, free_side, catalog.about) ** 2
    if strengths := chosen.pop("image_strengths", ()):
        chosen["extra_images"] = weighed(chosen.get("extra_images", ()), strengths)
    fields: dict[str, Any] = {
        "models": usual.models,
        "steps": usual.steps,
        "cfg_scale": usual.cfg_scale,
        "sampler": usual.sampler,
        "karras": usual.karras,
        "clip_skip": usual.clip_skip,
        "mode": _mode(source, chosen),
        **_size(catalog, usual, shape, source, area),
    }
    request = build(ImageRequest, **fields | chosen)
    if "steps" not in chosen:
        request = request.model_copy(update={"steps": usual_steps(request, catalog.about)})
    check(request, *map(catalog.baseline, request.models))
    return request


def _styled(
    catalog: Catalog,
    layers: Sequence[Choices],
    standing: Sequence[Choices],
    rules: GuildSettings,
) -> dict[str, Any]:
    """All choices merged, with those of the style and its words around the prompt."""
    every = [*layers, *standing]
    where = next((number for number, layer in enumerate(every) if "style" in layer), -1)
    name = every[where]["style"] if where >= 0 else ""
    style = catalog.style(name, rules) if name else None
    if style is None:
        # An unlisted style may be a private one, which the Horde knows by its id; in a default it
        # is one that no longer exists.
        unlisted = {"style": name if 0 <= where < len(layers) else ""}
        return merged(unlisted, *every)
    if style.kind == "horde":
        return merged({**style.choices, "style_name": style.name[:STYLE_NAME_MAX]}, *every)
    place = max(where + 1, len(layers))
    chosen = merged({"style": ""}, *every[:place], style.choices, *every[place:])
    return chosen | _worded(style, chosen) | {"style_name": style.name[:STYLE_NAME_MAX]}


def _worded(style: Style, chosen: Choices) -> dict[str, str]:
    prompt, negative = style.apply(chosen.get("prompt", ""), chosen.get("negative", ""))
    return {"prompt": prompt, "negative": negative}


def weighed(images: Sequence[ExtraImage], strengths: Sequence[float]) -> tuple[ExtraImage, ...]:
    """The further pictures, each with its strength; without one they stay unchanged."""
    if len(strengths) > len(images):
        raise BadOption(f"There are strengths for {len(strengths)} further pictures: add those.")
    left = images[len(strengths) :]
    pairs = zip(images, strengths, strict=False)
    return (*(image.model_copy(update={"strength": each}) for image, each in pairs), *left)


def _mode(source: Source | None, chosen: Choices) -> str | None:
    """The mode of a request that chose none; None: an upload's transparent parts decide."""
    if source is None:
        return None
    decided = source.file or chosen.get("control") or chosen.get("workflow")
    return "img2img" if decided else None


def _size(
    catalog: Catalog, usual: ImageDefaults, shape: Shape | None, source: Source | None, area: int
) -> dict[str, int]:
    """Sides in pixels. A source keeps its size up to `area`, which needs no kudos, and is never
    made smaller than the model's usual picture.
    """
    if shape:
        model = next(iter(usual.models), "")
        width, height = catalog.shape(shape, catalog.baseline(model))
    elif source is not None and source.width and source.height:
        usual_area = usual.width * usual.height
        own = stepped_area(source.width, source.height)
        width, height = like(source.width, source.height, max(usual_area, min(own, area)))
    else:
        width, height = usual.width, usual.height
    return {"width": width, "height": height}
