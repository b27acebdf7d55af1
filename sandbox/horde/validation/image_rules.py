"""Rules for the parameters of image requests, checked after schema and account."""

from typing import Any

from sandbox.horde.errors import ApiError, bad_request
from sandbox.horde.newer import image_parameters
from sandbox.horde.request_schemas import POST_PROCESSORS, UPSCALERS
from sandbox.horde.state.accounts import User
from sandbox.horde.state.models_and_workers import CASCADE, FLUX, IMAGE_MODELS, XL, ImageModel

Json = dict[str, Any]
MOST_WORDS = 7500
MODEL_REQUIREMENTS = "the requirements for one of the requested models."
NO_WORKER = (
    "Warning: No available workers can fulfill this request. It will expire in 20 minutes unless "
    "a worker appears. Please confider reducing its size of the request or choosing a different "
    "model."
)


def baseline(name: str) -> str:
    """The baseline of a model; the name of a custom model has it in brackets."""
    if name in IMAGE_MODELS:
        return IMAGE_MODELS[name].baseline
    tags = {"[SDXL]": XL, "[Flux]": FLUX, "[Qwen]": "qwen_image"}
    tags |= dict.fromkeys(("[ZModel]", "[ZImage]"), "z_image_turbo")
    return next((value for tag, value in tags.items() if tag in name), "stable_diffusion_1")


def check(body: Json, params: Json, models: list[str], user: User, *, newer: bool = False) -> None:
    """Raises ApiError for the first violated rule, in the real server's order."""
    baselines = {baseline(name) for name in models}
    _check_lists(params)
    if newer:
        image_parameters.check(body, params, baselines)
    _check_features(params, baselines)
    if len(body["prompt"].split()) > MOST_WORDS:
        message = "Too large prompt. Please reduce the amount of tokens contained."
        raise ApiError(400, "InvalidPromptSize", message)
    _check_control(body, params, set() if newer else baselines)
    _check_remix(body, baselines)
    _check_texts(params)
    if "special" in params and not user.special:
        raise bad_request("Only special users can send a special field.")
    if "SDXL_beta::stability.ai#6901" in models and user.anonymous:
        raise ApiError(403, "BetaAnonForbidden", "Anonymous users cannot use the SDXL beta.")
    for name in models:
        if name in POST_PROCESSORS:
            message = f"{name} is a post-processor and cannot be requested as a model."
            raise ApiError(400, "UnexpectedModelName", message)
        if name == "stable_diffusion_inpainting" and "source_image" not in body:
            message = f"{name} needs a source image."
            raise ApiError(400, "SourceImageRequiredForModel", message)
    if "source_mask" in body and "source_image" not in body:
        message = "Source mask is not needed without a source image."
        raise ApiError(400, "SourceMaskUnnecessary", message)


def _check_lists(params: Json) -> None:
    if sum(name in UPSCALERS for name in params.get("post_processing", ())) > 1:
        raise ApiError(400, "TooManyUpscalers", "Cannot use more than 1 upscaler at a time.")
    cfg = float(params.get("cfg_scale", 5.0))
    if abs(cfg - round(cfg, 2)) > 1e-9:
        raise ApiError(400, "BadCFGDecimals", "cfg_scale must be rounded to 2 decimal places")
    if len(params.get("loras", ())) > 5:
        raise ApiError(400, "TooManyLoras", "You cannot request more than 5 loras per generation.")
    for lora in params.get("loras", ()):
        if lora.get("is_version") and not lora["name"].isdigit():
            message = "explicit LoRa version requests have to be a version ID (i.e integer)."
            raise ApiError(400, "BadLoraVersion", message)
    if len(params.get("tis", ())) > 20:
        message = "You cannot request more than 20 Textual Inversions per generation."
        raise ApiError(400, "TooManyTIs", message)


def _check_features(params: Json, baselines: set[str]) -> None:
    if params.get("hires_fix") and baselines & {FLUX, "qwen_image", "z_image_turbo"}:
        message = "HiRes Fix does not work with Flux currently."
        raise ApiError(400, "HiResMismatch", message)
    if params.get("transparent"):
        _check_transparent(params, baselines)


def _check_transparent(params: Json, baselines: set[str]) -> None:
    if baselines - {"stable_diffusion_1", XL}:
        message = "Generating Transparent images is only possible for Stable Diffusion 1.5 and XL."
        raise ApiError(400, "InvalidTransparencyModel", message)
    if "control_type" in params:
        message = "Transparent images do not work with ControlNet."
        raise ApiError(400, "InvalidTransparencyCN", message)


def _check_control(body: Json, params: Json, baselines: set[str]) -> None:
    if "control_type" in params:
        if "source_image" not in body:
            message = "Controlnet Requires a source image."
            raise ApiError(400, "ControlNetSourceMissing", message)
        if body.get("source_processing") in ("inpainting", "outpainting"):
            message = "ControlNet does not work with inpainting currently."
            raise ApiError(400, "ControlNetInpaintingMismatch", message)
        if baselines - {"stable_diffusion_1"}:
            message = "ControlNet does not work with SDXL currently."
            raise ApiError(400, "ControlNetMismatch", message)
    elif params.get("image_is_control") or params.get("return_control_map"):
        message = "Control fields need a control_type."
        raise ApiError(400, "ControlNetInvalidPayload", message)


def _check_remix(body: Json, baselines: set[str]) -> None:
    remix = body.get("source_processing") == "remix"
    if remix and (CASCADE not in baselines or len(baselines) > 1):
        message = "Image Remix is only available for Stable Cascade models."
        raise ApiError(400, "InvalidRemix", message)
    if body.get("extra_source_images") and not remix:
        message = "This request type does not accept extra source images."
        raise ApiError(
            400, "InvalidExtraSourceImages.", message, newer_rc="InvalidExtraSourceImages"
        )


def _check_texts(params: Json) -> None:
    texts = params.get("extra_texts")
    if params.get("workflow") == "qr_code":
        if not any(each.get("reference") == "qr_code" for each in texts or ()):
            message = "This request requires you pass the required extra texts for this workflow."
            raise ApiError(400, "MissingExtraTexts.", message, newer_rc="MissingExtraTexts")
    elif texts:
        message = "This request type does not accept extra texts."
        raise ApiError(400, "InvalidExtraTexts.", message, newer_rc="InvalidExtraTexts")


def warnings_for(models: list[str], params: Json) -> list[dict[str, str]]:
    """Warnings for parameters that the model reference advises against."""
    codes: dict[str, str] = {}
    for name in models:
        if (model := IMAGE_MODELS.get(name)) is not None:
            codes.update(_advice(model, params))
    codes |= image_parameters.warning_of(params)
    return [{"code": code, "message": text} for code, text in codes.items()]


def _advice(model: ImageModel, params: Json) -> dict[str, str]:
    steps, cfg = int(params.get("steps", 30)), float(params.get("cfg_scale", 7.5))
    few_steps, many_steps = model.steps or (0, 500)
    small, large = model.cfg_scale or (0.0, 100.0)
    sampler = params.get("sampler_name", "k_euler_a")
    generation = "specified for this generation"
    found = {
        "SamplerMismatch": (
            bool(model.samplers) and sampler not in model.samplers,
            f"The requested sampler does not match {MODEL_REQUIREMENTS}",
        ),
        "CfgScaleTooSmall": (
            cfg < small,
            f"The cfg_scale {generation} is too small for this model.",
        ),
        "CfgScaleTooLarge": (
            cfg > large,
            f"The cfg_scale {generation} is too large for this model.",
        ),
        "StepsTooFew": (steps < few_steps, f"The steps {generation} are too few for this model."),
        "StepsTooMany": (
            steps > many_steps,
            f"The steps {generation} are too many for this model.",
        ),
        "ClipSkipMismatch": (
            model.clip_skip is not None and params.get("clip_skip", 1) != model.clip_skip,
            f"The clip skip {generation} does not match {MODEL_REQUIREMENTS}",
        ),
    }
    return {code: text for code, (wrong, text) in found.items() if wrong}
