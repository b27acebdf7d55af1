"""Precedence of the parameters of a picture.

Option > flag in `extra` > preset > style > user > channel > server > model. Each of them is a layer
of ImageChoices; a style is a layer itself. The model's defaults fill the rest.
"""

from collections.abc import Callable, Sequence

from bot.catalog import Catalog, ImageDefaults, Style, StyleCollection
from bot.domain.compatibility import check
from bot.domain.requests import ExtraImage, ImageChoices, ImageRequest, Mode, build, merged
from bot.domain.requests.image import SAMPLING
from bot.domain.requests.image_choices import SIZES
from bot.errors import BadOption
from bot.i18n import _, ngettext
from bot.parameters.sampling_checks import fitted, insisted
from bot.parameters.style_layers import (
    STYLE_NAME_MAX,
    texts_of_fields,
    with_collection,
    with_style,
    with_unlisted,
)
from bot.parameters.upfront_kudos import FREE_MIN, free_square, usual_steps
from bot.pictures.sizing import like, stepped_area
from bot.rules.guild_settings import NO_RULES, GuildSettings

# Fields that need a source; a default of one is ignored without a source.
OF_A_SOURCE = frozenset(
    {"mode", "strength", "mask", "parts", "expand", "extra_images", "control", "control_is_map"}
    | {"control_map", "control_strength", "image_strengths"}
)


def same_style(style: ImageChoices) -> ImageChoices:
    """The choices of a style as they are."""
    return style


def compose(
    catalog: Catalog,
    *layers: ImageChoices,
    standing: Sequence[ImageChoices] = (),
    rules: GuildSettings = NO_RULES,
    free_side: int = FREE_MIN,
    of_style: Callable[[ImageChoices], ImageChoices] = same_style,
) -> ImageRequest:
    """The request of these choices, strongest first. Raises BadOption, as `build` and `check` do.

    `layers` were chosen for this request, `standing` are defaults of users and places; the server's
    `rules` say which models are no default. The layer of a style comes between them, or after the
    default that names it. A style that the Horde applies replaces all of them:
    docs/horde-api.md#styles. `free_side`: of the square that needs no kudos now, in pixels.
    `of_style`: those choices of a style that are possible there.
    """
    chosen = _weighed(_styled(catalog, layers, standing, rules, of_style))
    models = chosen.models
    usual = catalog.defaults_for(models[0]) if models else catalog.newcomer(rules)
    unsaid = _of_model(catalog, usual, chosen, free_side)
    # A request ignores `shape`, `preset` and the like.
    request = build(ImageRequest, **unsaid.values() | chosen.values())
    if chosen.source is not None and not chosen.source.width and SIZES & chosen.names:
        request = request.model_copy(update={"size_chosen": True})
    if "steps" not in chosen.names:
        request = request.model_copy(update={"steps": usual_steps(request, catalog.about)})
    bases = tuple(map(catalog.baseline, request.models))
    sampling = catalog.sampling(rules)
    request = fitted(request, sampling, frozenset(bases), insisted(layers))
    check(request, *bases)
    chosen_here = _chosen(catalog, request, usual, layers)
    return request.model_copy(update={"sampling_chosen": chosen_here}) if chosen_here else request


def _styled(
    catalog: Catalog,
    layers: Sequence[ImageChoices],
    standing: Sequence[ImageChoices],
    rules: GuildSettings,
    of_style: Callable[[ImageChoices], ImageChoices],
) -> ImageChoices:
    """All choices merged, with those of the style and its words around the prompt."""
    every = [*layers, *standing]
    where = next((number for number, layer in enumerate(every) if "style" in layer.names), -1)
    name = every[where].style if where >= 0 else ""
    style = catalog.style(name, rules) if name else None
    found = style or (catalog.collection(name, rules) if name else None)
    # An unlisted style may be a private one, which the Horde knows by its id; in a default it is
    # one that no longer exists.
    if found is None and where >= len(layers):
        name, where = "", -1
    texts = ImageChoices(template_fields=texts_of_fields(every, where, found))
    if style is None or style.kind == "horde":
        return merged(texts, _beside_style(catalog, name, found, merged(*layers), every))
    named = ImageChoices(style_name=style.name[:STYLE_NAME_MAX])
    place = max(where + 1, len(layers))
    own = of_style(style.choices)
    chosen = merged(ImageChoices(style=""), *every[:place], own, *every[place:])
    return merged(texts, _worded(style, chosen), named, chosen)


def _beside_style(
    catalog: Catalog,
    name: str,
    found: Style | StyleCollection | None,
    own: ImageChoices,
    every: Sequence[ImageChoices],
) -> ImageChoices:
    """All choices with a style that the Horde applies, or without a style."""
    match found:
        case Style():
            return with_style(found, own, every)
        case StyleCollection():
            return with_collection(found, own, every)
        case None:
            return with_unlisted(catalog, name, own, every)


def _worded(style: Style, chosen: ImageChoices) -> ImageChoices:
    """The prompts inside those of the style; their lengths are checked with the request."""
    prompt, negative = style.apply(chosen.prompt, chosen.negative)
    return ImageChoices.model_construct(prompt=prompt, negative=negative)


def _chosen(
    catalog: Catalog, request: ImageRequest, usual: ImageDefaults, layers: Sequence[ImageChoices]
) -> tuple[str, ...]:
    """The fields of SAMPLING that were chosen for this request.

    The usual values of the model are no choice, since Edit writes flags for all of them.
    """
    names = frozenset[str]().union(*(layer.names for layer in layers))
    steps = usual_steps(request.model_copy(update={"steps": usual.steps}), catalog.about)
    values: dict[str, object] = {"steps": steps, "scheduler": None, "karras": usual.karras}
    values |= {"cfg_scale": usual.cfg_scale, "sampler": usual.sampler}
    return tuple(
        name for name in SAMPLING if name in names and getattr(request, name) != values[name]
    )


def _weighed(chosen: ImageChoices) -> ImageChoices:
    """The choices with the strengths of the extra images put into these."""
    if not chosen.image_strengths:
        return chosen
    images = weighed(chosen.extra_images, chosen.image_strengths)
    return merged(ImageChoices(extra_images=images), chosen)


def weighed(images: Sequence[ExtraImage], strengths: Sequence[float]) -> tuple[ExtraImage, ...]:
    """The extra images, each with its strength; those without one stay as they are."""
    if len(strengths) > len(images):
        sentence = ngettext(
            "`--image-strengths` has {count} value, and there are fewer extra images.",
            "`--image-strengths` has {count} values, and there are fewer extra images.",
            len(strengths),
        )
        advice = _("Add images or remove values.")
        raise BadOption(f"{sentence.format(count=len(strengths))} {advice}")
    left = images[len(strengths) :]
    pairs = zip(images, strengths, strict=False)
    return (*(image.model_copy(update={"strength": each}) for image, each in pairs), *left)


def _of_model(
    catalog: Catalog, usual: ImageDefaults, chosen: ImageChoices, free_side: int
) -> ImageChoices:
    """Values of fields that were not chosen. `free_side`: see `compose`."""
    width, height = _size(catalog, usual, chosen, free_side)
    return ImageChoices(
        models=usual.models,
        width=width,
        height=height,
        steps=usual.steps,
        cfg_scale=usual.cfg_scale,
        sampler=usual.sampler,
        karras=usual.karras,
        clip_skip=usual.clip_skip,
        mode=_mode(chosen),
    )


def _mode(chosen: ImageChoices) -> Mode | None:
    """The mode of a request that chose none; None: an upload's transparent parts decide."""
    source = chosen.source
    if source is None:
        return None
    decided = source.file or chosen.control or chosen.workflow
    return "img2img" if decided else None


def _size(
    catalog: Catalog, usual: ImageDefaults, chosen: ImageChoices, free_side: int
) -> tuple[int, int]:
    """Sides in pixels. A source keeps its size up to the area that needs no kudos, and is never
    made smaller than the model's usual picture.
    """
    source = chosen.source
    if chosen.shape:
        model = next(iter(usual.models), "")
        return catalog.shape(chosen.shape, catalog.baseline(model))
    if source is not None and source.width and source.height:
        side = free_square(chosen.models or usual.models, free_side, catalog.about)
        own = stepped_area(source.width, source.height)
        area = max(usual.width * usual.height, min(own, side**2))
        return like(source.width, source.height, area)
    return usual.width, usual.height
