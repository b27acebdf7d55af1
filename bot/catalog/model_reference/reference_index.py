"""Index of all public files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar

from bot.catalog.baselines import Baseline, baseline
from bot.catalog.entries import Addon, AddonKind, ModelFacts, Needs, Style
from bot.catalog.model_reference.prompt_formats import NO_FORMATS, PromptFormats
from bot.domain.requests import NO_CHOICES, Embedding, ImageChoices, Lora, merged
from bot.domain.requests.image import EMBEDDINGS_MAX, LORAS_MAX

Enhancements = Mapping[Baseline, ImageChoices]

A = TypeVar("A", Lora, Embedding)
FIRST = ("featured", "new")  # categories that rate a style and do not describe it
ANY_STYLES = 3  # styles named on the card of a LoRA
# Any trigger word of a LoRA (docs/horde-api.md#image-requests); not a word for the prompt.
ANY_TRIGGER = "any"

guessed = lru_cache(maxsize=4_096)(baseline)


# Limits of the image model reference (2026-08), used until it has been read.
_STEPS: Mapping[str, tuple[int, int]] = {
    "dreamshaper xl": (4, 6),
    "flux.1-schnell fp8 (compact)": (4, 8),
    "stable cascade 1.0": (1, 30),
}


def guessed_facts(model: str) -> ModelFacts:
    """Facts that the name of an image model tells."""
    steps = _STEPS.get(model.casefold())
    needs = Needs(steps=steps) if steps else Needs()
    return ModelFacts(model, guessed(model), needs=needs, known=False)


@dataclass(frozen=True, slots=True)
class ReferenceIndex:
    """Models by name in small letters, styles the best first, LoRAs and embeddings of styles, and
    the prompt formats of text models.
    """

    models: Mapping[str, ModelFacts] = field(default_factory=dict[str, ModelFacts])
    styles: tuple[Style, ...] = ()
    addons: tuple[Addon, ...] = ()
    prompt_formats: PromptFormats = NO_FORMATS

    def about(self, model: str) -> ModelFacts:
        """Facts about the image model of that name, from the reference or else from its name."""
        return self.models.get(model.casefold()) or guessed_facts(model)

    def base(self, model: str) -> Baseline:
        """Baseline of the model of that name."""
        return _base(self.models, model)


def library_of(
    models: Mapping[str, ModelFacts],
    styles: Sequence[Style] = (),
    categories: Mapping[str, tuple[str, ...]] | None = None,
    previews: Mapping[str, tuple[str, ...]] | None = None,
    enhancements: Enhancements | None = None,
    prompt_formats: PromptFormats = NO_FORMATS,
) -> ReferenceIndex:
    """One index of all files."""
    by_name = {name.casefold(): facts for name, facts in models.items()}
    more = enhancements or {}
    groups, shown = categories or {}, previews or {}
    named = _category_of(groups)
    dressed = [
        replace(
            style,
            category=named.get(style.name, ""),
            examples=shown.get(style.name, ()),
            nsfw=any(_is_nsfw(by_name, model) for model in style.models),
            choices=_enhanced(style, by_name, more),
        )
        for style in styles
    ]
    first = [name for group in FIRST for name in groups.get(group, ())]
    order = {name: place for place, name in reversed(list(enumerate(first)))}
    dressed.sort(key=lambda style: order.get(style.name, len(order)))
    return ReferenceIndex(by_name, tuple(dressed), _addons(dressed, by_name), prompt_formats)


def _enhanced(
    style: Style, models: Mapping[str, ModelFacts], enhancements: Enhancements
) -> ImageChoices:
    """The fields of the style with the enhancements of its baseline, if it asks for them.

    Lists are joined in the order of the file, as far as a request allows; for other fields the
    enhancement counts, as in the Horde's own clients.
    """
    if not style.enhanced or not style.models:
        return style.choices
    own, more = style.choices, enhancements.get(_base(models, style.models[0]), NO_CHOICES)
    lists = ImageChoices(
        loras=_grown(own.loras, more.loras)[:LORAS_MAX],
        embeddings=_grown(own.embeddings, more.embeddings)[:EMBEDDINGS_MAX],
    )
    return merged(lists.only_of(own.names | more.names), more, own)


def _grown(before: tuple[A, ...], more: tuple[A, ...]) -> tuple[A, ...]:
    known = {one.name for one in before}
    return (*before, *(one for one in more if one.name not in known))


def _base(models: Mapping[str, ModelFacts], name: str) -> Baseline:
    known = models.get(name.casefold())
    return known.base if known else guessed(name)


def _category_of(groups: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The first category that describes the style; else the first one."""
    found: dict[str, str] = {}
    telling = [name for name in groups if name not in FIRST]
    for group in [*telling, *(name for name in FIRST if name in groups)]:
        for style in groups[group]:
            found.setdefault(style, group)
    return found


def _is_nsfw(models: Mapping[str, ModelFacts], name: str) -> bool:
    known = models.get(name.casefold())
    return known is not None and known.nsfw


def _addons(styles: Sequence[Style], models: Mapping[str, ModelFacts]) -> tuple[Addon, ...]:
    """The LoRAs and embeddings of styles: the only ones known without CivitAI."""
    found: dict[tuple[AddonKind, str], Addon] = {}
    for style in styles:
        model = models.get(style.models[0].casefold()) if style.models else None
        for lora in style.choices.loras:
            addon = Addon("lora", lora.name, lora.name, is_version=lora.is_version)
            _join(found, addon, style, model, lora.trigger)
        for embedding in style.choices.embeddings:
            _join(found, Addon("embedding", embedding.name, embedding.name), style, model, "")
    return tuple(found.values())


def _join(
    found: dict[tuple[AddonKind, str], Addon],
    addon: Addon,
    style: Style,
    model: ModelFacts | None,
    trigger: str,
) -> None:
    before = found.get((addon.kind, addon.id), addon)
    styles = (*before.styles, style.name)[:ANY_STYLES]
    said = (trigger,) if trigger and trigger != ANY_TRIGGER else ()
    found[addon.kind, addon.id] = replace(
        before,
        base=before.base or (model.base if model else None),
        triggers=before.triggers or said,
        nsfw=before.nsfw or style.nsfw,
        styles=styles,
    )
