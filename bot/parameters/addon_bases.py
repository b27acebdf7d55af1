"""Compatibility of LoRAs and embeddings with models: both need the same baseline."""

from collections.abc import Iterable, Mapping

from bot.catalog import Addon, Catalog
from bot.domain.requests import Embedding, ImageChoices, ImageRequest, Lora
from bot.i18n import _
from bot.i18n.formats import list_and

UNKNOWN = "other"
NAME_MAX = 60  # characters


def addon_bases(catalog: Catalog, choices: ImageChoices | ImageRequest) -> frozenset[str]:
    """Baselines of the chosen LoRAs and embeddings; empty if none is known."""
    bases = (addon.base for addon in _addons(catalog, choices.loras, choices.embeddings))
    return frozenset(base for base in bases if base and base != UNKNOWN)


def mismatches(catalog: Catalog, request: ImageRequest) -> tuple[str, ...]:
    """A warning for each LoRA and embedding of another baseline than the model's.

    A style of the Horde brings its own model, so nothing is known about it here.
    """
    if request.style or not (request.loras or request.embeddings):
        return ()
    bases = {model: catalog.baseline(model) for model in request.models}
    addons = _addons(catalog, request.loras, request.embeddings)
    found = [(addon, _others(addon, bases)) for addon in addons]
    return tuple(
        _("{addon} is made for {base} models and may have no effect with {model}.").format(
            addon=addon.name[:NAME_MAX],
            base=(addon.base_name or str(addon.base))[:NAME_MAX],
            model=list_and(model[:NAME_MAX] for model in models),
        )
        for addon, models in found
        if models
    )


def _others(addon: Addon, bases: Mapping[str, str]) -> list[str]:
    """The models of another baseline, where both are known."""
    if addon.base in {None, UNKNOWN}:
        return []
    return [model for model, base in bases.items() if base not in {addon.base, UNKNOWN}]


def _addons(
    catalog: Catalog, loras: Iterable[Lora], embeddings: Iterable[Embedding]
) -> list[Addon]:
    pairs = [(lora, catalog.lora(lora.name)) for lora in loras]
    # The number of a version may be that of another LoRA.
    found = [addon for lora, addon in pairs if addon and addon.is_version == lora.is_version]
    named = (catalog.embedding(embedding.name) for embedding in embeddings)
    return [*found, *(addon for addon in named if addon)]
