"""The 41 samplers and 11 schedulers of the newer server: settings, ranges, work and costs.

The facts are those that AI Horde 5.1.8 and later publish at /status/sampler_constraints.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Setting:
    """The range of one sampler setting; `most` None: no maximum."""

    least: float
    most: float | None
    default: float | None
    whole: bool = False


Settings = dict[str, Setting]
_NOISE: Settings = {"sampler_s_noise": Setting(0, 100, 1)}
_ETA: Settings = {"sampler_eta": Setting(0, 100, 1), **_NOISE}
_CHURN: Settings = {
    "sampler_s_churn": Setting(0, 100, 0),
    "sampler_s_tmin": Setting(0, 100, 0),
    "sampler_s_tmax": Setting(0, None, None),
    **_NOISE,
}
_NARROW: Settings = {"sampler_eta": Setting(0, 1, 1), "sampler_s_noise": Setting(0, 10, 1)}
_MIDPOINT = ("midpoint", "heun")
_PHI = ("phi_1", "phi_2")
SOLVER_TYPES = (*_MIDPOINT, *_PHI)
SETTINGS = (*_CHURN, "sampler_eta", "sampler_order")
ADAPTIVE = "k_dpm_adaptive"
ADAPTIVE_WORK = 40  # work units of a whole request


def _order(least: int, most: int, default: int) -> Settings:
    return {"sampler_order": Setting(least, most, default, whole=True)}


@dataclass(frozen=True, slots=True)
class Sampler:
    """`units`: work for each step; 0 for the adaptive sampler. `ratios`: cost in SD and XL."""

    units: int
    ratios: tuple[float, float] | None
    settings: Settings
    solver_types: tuple[str, ...] = ()
    group: Literal["legacy", "extended", "solver"] = "extended"

    def work(self, steps: int) -> int:
        """The work units of so many steps."""
        return steps * self.units or ADAPTIVE_WORK


def _old(units: int, sd: float, xl: float, settings: Settings) -> Sampler:
    return Sampler(units, (sd, xl), settings, group="legacy")


def _new(
    units: int, sd: float, xl: float, settings: Settings, types: tuple[str, ...] = ()
) -> Sampler:
    return Sampler(units, (sd, xl), settings, types)


def _solver(
    units: int, sd: float, xl: float, settings: Settings, types: tuple[str, ...] = ()
) -> Sampler:
    return Sampler(units, (sd, xl), settings, types, "solver")


SAMPLERS: dict[str, Sampler] = {
    "k_lms": _old(1, 1.02, 1.0, _order(1, 100, 4)),
    "k_heun": _old(2, 2.03, 1.87, _CHURN),
    "k_euler": _old(1, 1.0, 1.0, _CHURN),
    "k_euler_a": _old(1, 1.08, 1.01, _ETA),
    "k_dpm_2": _old(2, 2.17, 1.94, _CHURN),
    "k_dpm_2_a": _old(2, 2.22, 1.97, _ETA),
    "k_dpm_fast": _old(1, 1.16, 0.97, {}),
    ADAPTIVE: Sampler(
        0, None, _ETA | {"sampler_eta": Setting(0, 100, 0)} | _order(2, 3, 3), group="legacy"
    ),
    "k_dpmpp_2s_a": _old(2, 2.35, 2.01, _ETA),
    "k_dpmpp_2m": _old(1, 1.08, 0.98, {}),
    "dpmsolver": _old(1, 1.12, 1.0, {}),
    "k_dpmpp_sde": _old(2, 2.58, 2.22, _ETA),
    "lcm": _old(1, 1.21, 0.96, _NOISE),
    "DDIM": _old(1, 1.13, 0.96, {}),
    "uni_pc": _new(1, 1.34, 0.98, {}),
    "uni_pc_bh2": _new(1, 1.17, 0.99, {}),
    "dpmpp_2m_sde": _new(1, 1.33, 1.14, _ETA, _MIDPOINT),
    "dpmpp_3m_sde": _new(1, 1.18, 1.12, _ETA),
    "ddpm": _new(1, 1.05, 1.03, {}),
    "deis": _new(1, 1.13, 0.96, _order(2, 4, 3)),
    "ipndm": _new(1, 1.01, 1.0, _order(2, 4, 4)),
    "res_multistep": _new(1, 1.01, 0.98, _NOISE),
    "gradient_estimation": _new(1, 1.18, 0.99, {}),
    "heunpp2": _new(3, 3.21, 2.93, _CHURN),
    "er_sde": _new(1, 1.07, 0.98, _NOISE),
    "sa_solver": _new(1, 1.08, 0.94, _NOISE),
    "euler_cfg_pp": _solver(1, 1.11, 1.1, {}),
    "euler_ancestral_cfg_pp": _solver(1, 1.15, 0.99, _NARROW),
    "exp_heun_2_x0": _solver(2, 2.08, 2.39, {}, _PHI),
    "exp_heun_2_x0_sde": _solver(2, 2.27, 1.99, _ETA, _PHI),
    "dpmpp_2s_ancestral_cfg_pp": _solver(2, 2.14, 2.02, _ETA),
    "dpmpp_2m_cfg_pp": _solver(1, 1.01, 1.05, {}),
    "dpmpp_2m_sde_heun": _solver(1, 1.27, 1.1, _ETA, _MIDPOINT),
    "ipndm_v": _solver(1, 1.11, 1.15, _order(2, 4, 4)),
    "res_multistep_cfg_pp": _solver(1, 1.08, 1.03, _NOISE),
    "res_multistep_ancestral": _solver(1, 1.13, 1.14, _ETA),
    "res_multistep_ancestral_cfg_pp": _solver(1, 1.11, 1.04, _ETA),
    "gradient_estimation_cfg_pp": _solver(1, 1.2, 1.02, {}),
    "seeds_2": _solver(2, 2.26, 1.88, _ETA, _PHI),
    "seeds_3": _solver(3, 3.52, 2.82, _ETA),
    "sa_solver_pece": _solver(2, 2.38, 2.11, _NOISE),
}
LEGACY_SAMPLERS = frozenset(name for name, each in SAMPLERS.items() if each.group == "legacy")
CFG_PP = frozenset(name for name in SAMPLERS if name.endswith("_cfg_pp"))
CFG_PP_MOST = 2.0  # larger values are only warned of
SCHEDULERS = (
    "normal", "karras", "simple", "sgm_uniform", "exponential", "ddim_uniform", "beta",
    "linear_quadratic", "kl_optimal", "align_your_steps", "gits",
)  # fmt: skip
REFUSED_PAIRS = (("dpmpp_3m_sde", "normal"),)
_UNET = ("stable_diffusion_1", "stable_diffusion_xl")
SCHEDULER_BASELINES: dict[str, tuple[str, ...]] = {"align_your_steps": _UNET, "gits": _UNET}
RECOMMENDED = (
    "DDIM", "dpmpp_2m_sde", "k_dpmpp_2m", "k_dpmpp_sde", "k_euler", "k_euler_a", "lcm", "uni_pc",
)  # fmt: skip


def scheduler_of(params: dict[str, object]) -> str:
    """The scheduler of a request: its own, else the one that `karras` (true if absent) means."""
    named = params.get("scheduler")
    if isinstance(named, str):
        return named
    return "karras" if params.get("karras", True) else "normal"
