"""Choices of every field, and a catalog to compose requests of them."""

from collections.abc import Mapping
from typing import Any

from bot.catalog import (
    ImageDefaults,
    ModelFacts,
    Style,
    baseline,
    defaults_for,
    guessed_facts,
    size_of_shape,
)
from bot.domain.requests import ImageChoices, Lora
from bot.domain.sampling_rules import OLDER, SamplingRules
from bot.rules.guild_settings import NO_RULES, GuildSettings

STYLES_BY_NAME = {
    "dusk": Style(
        "dusk",
        "file",
        choices=ImageChoices(steps=11, sampler="lcm"),
        template="dusk: {p}###fog{np}",
    ),
    "theirs": Style("theirs", "horde", id="the-id", choices=ImageChoices(style="the-id", steps=12)),
}


def layer_of(values: Mapping[str, Any]) -> ImageChoices:
    """Choices by the names of their fields."""
    return ImageChoices.model_validate(values)


class ModelCatalog:
    """A catalog without a network; the newcomer's model is Deliberate."""

    def newcomer(self, rules: GuildSettings = NO_RULES) -> ImageDefaults:
        del rules
        return defaults_for("Deliberate")

    def defaults_for(self, model: str) -> ImageDefaults:
        return defaults_for(model)

    def sampling(self, rules: GuildSettings = NO_RULES) -> SamplingRules:
        del rules
        return OLDER

    def about(self, name: str) -> ModelFacts:
        return guessed_facts(name)

    def is_missing(self, *_: object) -> bool:
        """No list is loaded."""
        return False

    def baseline(self, name: str) -> str:
        return baseline(name)

    def shape(self, name: Any, base: Any) -> tuple[int, int]:
        return size_of_shape(name, base)

    def style(self, name: str, rules: GuildSettings = NO_RULES) -> Style | None:
        del rules
        found = [one for one in STYLES_BY_NAME.values() if name in {one.name, one.id}]
        return found[0] if found else None

    def collection(self, *_: object) -> None:
        """There is no collection."""

    style_contract = None  # an older server


# Three values of each field that a person may choose, over size and style.
LAYER_VALUES: Mapping[str, tuple[Any, Any, Any]] = {
    "negative": ("fog", "rain", "snow"),
    "models": (("Deliberate",), ("Dreamshaper",), ("Anything v5", "Babes")),
    "steps": (7, 8, 9),
    "cfg_scale": (1.5, 2.5, 3.5),
    "sampler": ("k_heun", "lcm", "DDIM"),
    "karras": (True, False, True),
    "n": (2, 3, 4),
    "seed": ("1", "2", ""),
    "seed_variation": (5, 6, None),
    "clip_skip": (1, 2, None),
    "tiling": (True, False, True),
    "hires_fix": (False, True, False),
    "hires_strength": (0.2, 0.4, None),
    "transparent": (False, True, False),
    "post": (("GFPGAN",), ("CodeFormers", "RealESRGAN_x4plus"), ()),
    "face_strength": (0.2, 0.4, None),
    "loras": ((Lora(name="1"),), (Lora(name="2"),), ()),
    "trusted_workers": (True, False, True),
    "slow_workers": (True, False, True),
    "allow_downgrade": (True, False, False),
    "disable_batching": (True, False, True),
}
