"""What the server accepts of samplers and schedulers. Since 5.1.7."""

from pydantic import Field

from bot.horde.missing_features import Feature
from bot.horde.transport import Calls
from bot.http.schema import Items, Named, Wire

FEATURE = Feature.SAMPLER_CONSTRAINTS


class SettingRange(Wire):
    """The values of a setting such as `sampler_eta`; None is without a limit."""

    minimum: float = 0.0
    maximum: float | None = None
    default: float | None = None
    integer_only: bool = False


class WorkProfile(Wire):
    """Work of a sampler: units for each step, or of a whole request for an adaptive one."""

    kind: str = "fixed_rate"
    marginal_work_units_per_trajectory_step: float | None = None
    estimated_work_units_per_request: float | None = None


class Sampler(Wire):
    """One sampler. `presentation_tier`: recommended or advanced."""

    name: str = ""
    presentation_tier: str = "advanced"
    work_profile: WorkProfile = Field(default_factory=WorkProfile)
    measured_cost_ratio_sd15: float | None = None
    measured_cost_ratio_sdxl: float | None = None
    solver_type_choices: Items[str] = ()
    accepted_settings: Named[SettingRange] = Field(default_factory=dict[str, SettingRange])
    applies_cfg_pp: bool = False


class SamplerPair(Wire):
    """A sampler and a scheduler that the server refuses together."""

    sampler: str
    scheduler: str


class HardConstraints(Wire):
    """What the server refuses. A scheduler that is not named goes with every baseline."""

    rejected_sampler_scheduler_pairings: Items[SamplerPair] = ()
    scheduler_baseline_applicability: Named[Items[str]] = Field(
        default_factory=dict[str, tuple[str, ...]]
    )


class PresentationTiers(Wire):
    """The recommended samplers, in the order of a list."""

    note: str = ""
    recommended: Items[str] = ()


class Recommendation(Wire):
    """Samplers and schedulers that suit each other, and the source of that advice."""

    samplers: Items[str] = ()
    schedulers: Items[str] = ()
    provenance: str = ""
    source: str = ""
    summary: str = ""


class Advisories(Wire):
    """Values that are accepted with a warning when they are exceeded."""

    cfg_pp_advised_max_cfg_scale: float | None = None


class SamplerConstraints(Wire):
    """The whole document. `schema_version` 1.x is described here; another major may differ."""

    schema_version: str
    samplers: Named[Sampler] = Field(default_factory=dict[str, Sampler])
    hard_constraints: HardConstraints = Field(default_factory=HardConstraints)
    presentation_tiers: PresentationTiers = Field(default_factory=PresentationTiers)
    recommendations: Items[Recommendation] = ()
    advisories: Advisories = Field(default_factory=Advisories)


class SamplerConstraintCalls(Calls):
    """Raises FeatureMissing before 5.1.7."""

    async def get_sampler_constraints(self) -> SamplerConstraints:
        """The samplers and schedulers of this server. One call after a start is enough."""
        route = "/status/sampler_constraints"
        return await self._one(SamplerConstraints, "GET", route, feature=FEATURE)
