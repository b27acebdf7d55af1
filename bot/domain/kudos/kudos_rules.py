"""How the Horde counts steps, and how many need no kudos. Pure.

`free_steps` need no kudos; `cut_steps` are left of a request that lacks kudos. The server uses two
rules for them: docs/horde-api.md#kudos-in-advance, docs/horde-api.md#downgrades.
"""

from bot.domain.requests import ImageRequest
from bot.domain.results import Status

# Work of one step; 1 for other samplers. Those since 5.1.8: docs/horde-api.md#samplers-and-styles.
STEP_WORK = {
    **dict.fromkeys(("k_heun", "k_dpm_2", "k_dpm_2_a", "k_dpmpp_2s_a", "k_dpmpp_sde"), 2),
    **dict.fromkeys(("exp_heun_2_x0", "exp_heun_2_x0_sde", "dpmpp_2s_ancestral_cfg_pp"), 2),
    **dict.fromkeys(("seeds_2", "sa_solver_pece"), 2),
    **dict.fromkeys(("seeds_3", "heunpp2"), 3),
}
ADAPTIVE, ADAPTIVE_STEPS = "k_dpm_adaptive", 40  # always counted as 40
LCM = "lcm"
LCM_LORAS = frozenset({"195519", "216190", "324115"})
LCM_LORA_VERSIONS = frozenset(
    {"246747", "247778", "268475", "243643", "225222", "219782", "363353"}
)
MODEL_STEPS = 40  # limit of a model without one in the reference
CONTROL_STEPS, LCM_STEPS = 20, 10
CUT_MODEL_STEPS = 30  # the same for a downgrade
CHARGED_AT_SUBMIT = 3.0  # kudos of an image request: docs/horde-api.md#prices
CUT_MIN = 4  # steps; a downgrade leaves at least these


def counted_steps(sampler: str, steps: int) -> int:
    """Steps as the Horde counts them: a step of some samplers is the work of two or three."""
    if sampler == ADAPTIVE:
        return ADAPTIVE_STEPS
    return steps * STEP_WORK.get(sampler, 1)


def free_steps(sampler: str, most: int) -> int:
    """The most steps with that sampler that count as `most` or fewer; 0 for none."""
    if sampler == ADAPTIVE:
        return 0 if most < ADAPTIVE_STEPS else 500
    return most // STEP_WORK.get(sampler, 1)


def cut_steps(sampler: str, steps: int, most: int) -> int:
    """Steps that are left when the Horde cuts to `most` counted ones."""
    if counted_steps(sampler, steps) <= most:
        return steps
    return max(min(steps, CUT_MIN), min(steps, free_steps(sampler, most)))


def wishes_factor(request: ImageRequest) -> float:
    """Factor of the price for restrictions on workers."""
    factor = 1.0 if request.slow_workers else 1.2
    return factor * (1.1 if request.worker_blacklist and request.workers else 1.0)


def with_wishes(request: ImageRequest, kudos: float) -> float:
    """A price with the factors for restrictions of workers; the last kudo is not multiplied."""
    return (kudos - 1) * wishes_factor(request) + 1


def charged(status: Status) -> float:
    """Kudos of an image request at a Horde: as reported, or by its images if they cost more.

    The Horde loses the charge of an image for good when two workers deliver at the same instant.
    The price in a receipt is rounded, so less than half an image is no lost charge.
    """
    if not status.price:
        return status.cost
    each = status.price + 1
    least = CHARGED_AT_SUBMIT + each * sum(not one.censored for one in status.pictures)
    return least if least - status.cost > each / 2 else status.cost
