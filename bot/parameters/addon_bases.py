"""Compatibility of LoRAs and embeddings with models: both need the same baseline."""

from collections.abc import Iterable

from bot.catalog import Addon, Catalog
from bot.domain.requests import Embedding, ImageChoices, ImageRequest, Lora
from bot.i18n import _

UNKNOWN = "other"
NAME_MAX = 60  # characters


def addon_bases(catalog: Catalog, choices: ImageChoices) -> frozenset[str]:
    """Baselines of the chosen LoRAs and embeddings; empty if none is known."""
    bases = (addon.base for addon in _addons(catalog, choices.loras, choices.embeddings))
    return frozenset(base for base in bases if base and base != UNKNOWN)


def mismatches(catalog: Catalog, request: ImageRequest) -> tuple[str, ...]:
    """A warning for each LoRA and embedding of another baseline than the model's.

    A style of the Horde brings its own model, so nothing is known about it here.
    """
    if request.style or len(request.models) != 1 or not (request.loras or request.embeddings):
        return ()
    model = request.models[0]
    base = catalog.baseline(model)
    return tuple(
        _("{addon} is made for {base} models and may have no effect with {model}.").format(
            addon=addon.name[:NAME_MAX],
            base=(addon.base_name or str(addon.base))[:NAME_MAX],
            model=model[:NAME_MAX],
        )
        for addon in _addons(catalog, request.loras, request.embeddings)
        if addon.base not in {None, UNKNOWN, base} and base != UNKNOWN
    )


def _addons(
    catalog: Catalog, loras: Iterable[Lora], embeddings: Iterable[Embedding]
) -> list[Addon]:
    found = [catalog.lora(lora.name) for lora in loras]
    found += [catalog.embedding(embedding.name) for embedding in embeddings]
    return [addon for addon in found if addon is not None]
