"""The document of /status/sampler_constraints."""

from typing import Any

from sandbox.horde.newer import samplers
from sandbox.horde.newer.samplers import Sampler

Json = dict[str, Any]
SCHEMA_VERSION = "1.0"
RULING = "The sandbox's wording of the recommendations of the real server."
# Samplers, schedulers and the origin of a recommendation.
_RECOMMENDED: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    ((), ("karras", "normal"), "upstream_author"),
    (("DDIM",), ("ddim_uniform",), "upstream_author"),
    (("dpmpp_2m_sde", "k_dpmpp_2m"), ("karras",), "community"),
    (("k_euler", "k_euler_a"), ("normal", "simple"), "community"),
    (("lcm",), ("sgm_uniform", "simple"), "community"),
    (tuple(sorted(samplers.CFG_PP)), (), "ai_horde_devs"),
)


def document() -> Json:
    """The whole document. Obeying `hard_constraints` avoids every refusal on these grounds."""
    return {
        "schema_version": SCHEMA_VERSION,
        "samplers": {name: _sampler(name, each) for name, each in samplers.SAMPLERS.items()},
        "hard_constraints": {
            "rejected_sampler_scheduler_pairings": [
                {"sampler": sampler, "scheduler": scheduler}
                for sampler, scheduler in samplers.REFUSED_PAIRS
            ],
            "scheduler_baseline_applicability": {
                name: list(baselines) for name, baselines in samplers.SCHEDULER_BASELINES.items()
            },
        },
        "presentation_tiers": {
            "note": "Show the recommended samplers first; all others are for advanced users.",
            "recommended": list(samplers.RECOMMENDED),
        },
        "recommendations": [_recommendation(*each) for each in _RECOMMENDED],
        "advisories": {"cfg_pp_advised_max_cfg_scale": samplers.CFG_PP_MOST},
        "work_accounting": {"unit": "marginal work units of one trajectory step"},
        "execution_contracts": {},
    }


def _sampler(name: str, sampler: Sampler) -> Json:
    sd, xl = sampler.ratios or (None, None)
    work: Json = {"kind": "fixed_rate", "marginal_work_units_per_trajectory_step": sampler.units}
    if name == samplers.ADAPTIVE:
        work = {
            "kind": "adaptive",
            "estimated_work_units_per_request": samplers.ADAPTIVE_WORK,
            "finite_ceiling_contract_versions": [],
        }
    return {
        "name": name,
        "presentation_tier": "recommended" if name in samplers.RECOMMENDED else "advanced",
        "work_profile": work,
        "measured_cost_ratio_sd15": sd,
        "measured_cost_ratio_sdxl": xl,
        "solver_type_choices": list(sampler.solver_types),
        "accepted_settings": {
            field: {
                "minimum": float(setting.least),
                "maximum": None if setting.most is None else float(setting.most),
                "default": None if setting.default is None else float(setting.default),
                "integer_only": setting.whole,
            }
            for field, setting in sampler.settings.items()
        },
        "applies_cfg_pp": name in samplers.CFG_PP,
    }


def _recommendation(names: tuple[str, ...], schedulers: tuple[str, ...], provenance: str) -> Json:
    pair = " with ".join(", ".join(each) for each in (names, schedulers) if each)
    return {
        "samplers": list(names),
        "schedulers": list(schedulers),
        "provenance": provenance,
        "source": RULING,
        "summary": f"Recommended: {pair}.",
    }
