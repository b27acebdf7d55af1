"""Samplers, schedulers and their settings: what the server of the place accepts."""

from collections.abc import Sequence

from bot.catalog import Catalog
from bot.domain.requests import ImageChoices, ImageRequest
from bot.domain.sampling_rules import SamplingRules, misfits
from bot.errors import BadOption
from bot.rules.guild_settings import GuildSettings

# A layer that chooses one of these makes the settings of weaker layers negotiable.
DECIDING = frozenset({"sampler", "models", "style"})
# What a dropped choice becomes; None for the settings. Nearly every server knows this sampler.
INSTEAD: dict[str, object] = {"sampler": "k_euler_a", "karras": True}


def check_sampling(catalog: Catalog, request: ImageRequest, rules: GuildSettings) -> None:
    """Raises BadOption for a value or a combination that the server of the place refuses."""
    bases = frozenset[str](map(catalog.baseline, request.models))
    for sentence in misfits(request, catalog.sampling(rules), bases).values():
        raise BadOption(sentence)


def fitted(
    request: ImageRequest, rules: SamplingRules, bases: frozenset[str], kept: frozenset[str]
) -> ImageRequest:
    """The request without refused values of fields that are not `kept`.

    A preset or a default may hold settings for another sampler, model or server.
    """
    dropped, instead = set[str](), INSTEAD
    if "k_euler_a" not in rules.samplers and rules.samplers:
        instead = {**INSTEAD, "sampler": next(iter(rules.samplers))}
    while weak := misfits(request, rules, bases).keys() - kept - dropped:
        dropped |= weak
        request = request.model_copy(update={name: instead.get(name) for name in weak})
    facts = rules.samplers.get(request.sampler)
    if facts is not None and facts.cfg_pp and not request.style and "cfg_scale" not in kept:
        lower = min(request.cfg_scale, rules.cfg_pp_max)
        request = request.model_copy(update={"cfg_scale": lower})
    return request


def insisted(layers: Sequence[ImageChoices]) -> frozenset[str]:
    """The fields that are refused and not dropped if the server does not accept them.

    `layers`: chosen for this request, strongest first.
    """
    found = frozenset[str]()
    for layer in layers:
        found |= layer.names
        if DECIDING & layer.names:
            break
    return found
