"""Rules for image parameters that the newer server added, in its order."""

from typing import Any

from sandbox.horde.errors import ApiError
from sandbox.horde.newer import samplers
from sandbox.horde.newer.baselines import BASELINES, RENDERED
from sandbox.horde.newer.samplers import SAMPLERS, Sampler, Setting

Json = dict[str, Any]
FLOW_SHIFT = (0.0, 100.0)
CONTROL_STRENGTH = (0.01, 3.0)


def check(body: Json, params: Json, baselines: set[str]) -> None:
    """Raises ApiError for the first violated rule. `baselines`: of all requested models."""
    name = params.get("sampler_name", "k_euler_a")
    _check_settings(name, SAMPLERS[name], params)
    _check_scheduler(name, params, baselines)
    _check_flow_shift(params, baselines)
    _check_families(body, params, baselines)
    _check_control_strength(params)


def _refuse(rc: str, message: str) -> ApiError:
    return ApiError(400, rc, message)


def _check_settings(name: str, sampler: Sampler, params: Json) -> None:
    for field in samplers.SETTINGS:
        if field not in params:
            continue
        setting = sampler.settings.get(field)
        if setting is None:
            raise _refuse("SamplerKnobInapplicable", f"{field} has no effect with {name}.")
        if not _fits(params[field], setting):
            most = "any" if setting.most is None else setting.most
            message = f"{field} must be between {setting.least} and {most} with {name}."
            raise _refuse("SamplerKnobOutOfRange", message)
    kind = params.get("sampler_solver_type")
    if kind is not None and kind not in sampler.solver_types:
        message = f"The solver type {kind} is not available with {name}."
        raise _refuse("SamplerSolverTypeUnsupported", message)


def _fits(value: float, setting: Setting) -> bool:
    if setting.whole and value != int(value):
        return False
    return value >= setting.least and (setting.most is None or value <= setting.most)


def _check_scheduler(name: str, params: Json, baselines: set[str]) -> None:
    scheduler = samplers.scheduler_of(params)
    if (name, scheduler) in samplers.REFUSED_PAIRS:
        message = f"The sampler {name} cannot be used with the scheduler {scheduler}."
        raise _refuse("SamplerSchedulerMismatch", message)
    known = samplers.SCHEDULER_BASELINES.get(scheduler)
    if known is not None and baselines - set(known):
        message = f"The scheduler {scheduler} works with {', '.join(known)} only."
        raise _refuse("SchedulerBaselineMismatch", message)


def _check_flow_shift(params: Json, baselines: set[str]) -> None:
    if "flow_shift" not in params:
        return
    if baselines - RENDERED["flow_shift"]:
        message = "flow_shift works with flow matching models only."
        raise _refuse("FlowShiftInapplicable", message)
    if not FLOW_SHIFT[0] <= params["flow_shift"] <= FLOW_SHIFT[1]:
        raise _refuse("FlowShiftOutOfRange", "flow_shift must be between 0 and 100.")


def _check_families(body: Json, params: Json, baselines: set[str]) -> None:
    control = params.get("control_type")
    no_weights = {each for each in baselines if control in _missing_controls(each)}
    rules: tuple[tuple[bool, set[str] | frozenset[str], str, str], ...] = (
        (bool(params.get("hires_fix")), baselines - RENDERED["hires_fix"], "HiResMismatch",
         "HiRes Fix does not work with one of the requested models."),
        (bool(params.get("transparent")), baselines - RENDERED["transparent"],
         "InvalidTransparencyModel", "Transparent images need Stable Diffusion 1.5 or XL."),
        (params.get("workflow") == "qr_code", baselines - RENDERED["qr_code"],
         "ControlNetMismatch.", "QR codes need Stable Diffusion 1.5 or XL."),
        (control is not None, no_weights, "ControlNetUnsupported",
         f"No ControlNet of the type {control} exists for one of the requested models."),
        (control is not None, baselines - RENDERED["control_type"], "ControlNetMismatch",
         "ControlNet does not work with one of the requested models."),
        (body.get("source_processing") == "remix", baselines - RENDERED["remix"], "InvalidRemix",
         "Image Remix is only available for Stable Cascade models."),
    )  # fmt: skip
    for asked, unfit, rc, message in rules:
        if asked and unfit:
            raise _refuse(rc, message)


def _missing_controls(name: str) -> tuple[str, ...]:
    found = BASELINES.get(name)
    return found.missing_controls if found is not None else ()


def _check_control_strength(params: Json) -> None:
    if "control_strength" not in params:
        return
    if "control_type" not in params and params.get("workflow") != "qr_code":
        message = "control_strength needs a control_type or the workflow qr_code."
        raise _refuse("ControlStrengthWithoutControlType", message)
    if not CONTROL_STRENGTH[0] <= params["control_strength"] <= CONTROL_STRENGTH[1]:
        message = "control_strength must be between 0.01 and 3.0."
        raise _refuse("ControlStrengthOutOfRange", message)


def warning_of(params: Json) -> dict[str, str]:
    """The newer server's warning by code; empty without one."""
    name, cfg = params.get("sampler_name"), float(params.get("cfg_scale", 7.5))
    if name in samplers.CFG_PP and cfg > samplers.CFG_PP_MOST:
        return {
            "CfgPPScaleTooLarge": "The cfg_scale specified for this generation is too large for "
            "a sampler that corrects it (CFG++)."
        }
    return {}
