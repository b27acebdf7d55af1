"""How the Horde counts steps, and how many go without kudos. Pure.

AI Horde 5.1.5 (2026-08). It measures a request by one rule and cuts it by another: what goes
without kudos is `free_steps`, what is left of a request that lacks them is `cut_steps`.
"""

from bot.domain.requests import ImageRequest

SECOND_ORDER = frozenset({"k_heun", "k_dpm_2", "k_dpm_2_a", "k_dpmpp_2s_a", "k_dpmpp_sde"})
ADAPTIVE, ADAPTIVE_STEPS = "k_dpm_adaptive", 40  # counts as so many, whatever was asked for
LCM = "lcm"
LCM_LORAS = frozenset({"195519", "216190", "324115"})
LCM_LORA_VERSIONS = frozenset(
    {"246747", "247778", "268475", "243643", "225222", "219782", "363353"}
)
MODEL_STEPS = 40  # of a model without a limit of its own
CONTROL_STEPS, LCM_STEPS = 20, 10
CUT_MODEL_STEPS = 30  # of a model without a limit of its own, once the kudos are missing
CUT_MIN = 4  # steps; the Horde cuts no further


def counted_steps(sampler: str, steps: int) -> int:
    """The steps as the Horde counts them: samplers of second order work twice as long."""
    if sampler == ADAPTIVE:
        return ADAPTIVE_STEPS
    return steps * 2 if sampler in SECOND_ORDER else steps


def free_steps(sampler: str, most: int) -> int:
    """The most steps with that sampler that count as `most` or fewer; 0 for none."""
    if sampler == ADAPTIVE:
        return 0 if most < ADAPTIVE_STEPS else 500
    return most // 2 if sampler in SECOND_ORDER else most


def cut_steps(sampler: str, steps: int, most: int) -> int:
    """The steps that are left when the Horde cuts to `most` counted ones."""
    if counted_steps(sampler, steps) <= most:
        return steps
    return max(min(steps, CUT_MIN), min(steps, free_steps(sampler, most)))


def wishes_factor(request: ImageRequest) -> float:
    """What wishes for certain workers multiply a price by."""
    factor = 1.0 if request.slow_workers else 1.2
    return factor * (1.1 if request.worker_blacklist and request.workers else 1.0)
