"""What a style of the Horde declares: the fields of its prompt, and what a request may set.

Since 5.1.13: docs/horde-api.md#samplers-and-styles. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.requests.image import TemplateText
from bot.errors import UserError

# Fields of a request, and the parameters of the Horde that policies name.
PARAMETERS = {
    "sampler": "sampler_name",
    "hires_strength": "hires_fix_denoising_strength",
    "post": "post_processing",
    "face_strength": "facefixer_strength",
    "embeddings": "tis",
    "strength": "denoising_strength",
    "control": "control_type",
    "control_is_map": "image_is_control",
    "control_map": "return_control_map",
    "texts": "extra_texts",
} | {
    name: name
    for name in (
        *("width", "height", "steps", "cfg_scale", "karras", "scheduler", "seed", "n"),
        *("seed_variation", "clip_skip", "tiling", "transparent", "hires_fix", "loras"),
        *("control_strength", "workflow", "sampler_eta", "sampler_s_noise", "sampler_s_churn"),
        *("sampler_s_tmin", "sampler_s_tmax", "sampler_order", "sampler_solver_type"),
        "flow_shift",
    )
}


@dataclass(frozen=True, slots=True)
class StyleField:
    """A text that a request fills into the prompt of a style."""

    name: str
    description: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class StylePolicy:
    """The parameters that a request may set beside a style, by the Horde's names.

    `override`: none, listed or all of them; another word counts as none.
    `ceilings`: a larger value is refused.
    """

    override: str = "none"
    overridable: tuple[str, ...] = ()
    ceilings: tuple[tuple[str, float], ...] = ()

    @property
    def open_fields(self) -> frozenset[str]:
        """The fields of a request that count, besides the number of images, which always does."""
        if self.override == "all":
            return frozenset(PARAMETERS)
        listed = self.overridable if self.override == "listed" else ()
        return frozenset(name for name, sent in PARAMETERS.items() if sent in listed)

    def ceiling(self, field: str) -> float | None:
        """The largest value of that field of a request; None without one."""
        return dict(self.ceilings).get(PARAMETERS[field])


class MissingFields(UserError):
    """A style needs texts that were not given. The message says how to give them.

    `fields`: those to ask for, the required ones first. `given`: the texts that the request has.
    """

    def __init__(
        self, message: str, fields: Sequence[StyleField], given: tuple[TemplateText, ...]
    ) -> None:
        super().__init__(message)
        self.fields = tuple(sorted(fields, key=lambda field: not field.required))
        self.given = given


def accepts(fields: Sequence[StyleField], sent: Collection[str]) -> bool:
    """Whether a style with these fields knows all of the sent ones."""
    return {*sent} <= {field.name for field in fields}


def missing(fields: Sequence[StyleField], sent: Collection[str]) -> list[StyleField]:
    """The required fields that were not sent."""
    return [field for field in fields if field.required and field.name not in sent]
