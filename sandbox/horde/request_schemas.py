"""The schemas of the request bodies, from the Horde's public swagger file."""

from sandbox.horde.json_schema import Schema

SAMPLERS = [
    "k_dpm_2_a", "k_dpmpp_2m", "k_lms", "k_dpm_adaptive", "k_euler", "dpmsolver", "k_dpmpp_2s_a",
    "k_dpm_2", "lcm", "DDIM", "k_euler_a", "k_dpmpp_sde", "k_heun", "k_dpm_fast",
]  # fmt: skip
UPSCALERS = {
    "RealESRGAN_x4plus": 4, "RealESRGAN_x2plus": 2, "RealESRGAN_x4plus_anime_6B": 4,
    "NMKD_Siax": 4, "4x_AnimeSharp": 4, "4xNomos8kSC": 4, "4xLSDIRplus": 4,
    "4xNomosWebPhoto_RealPLKSR": 4, "4xNomos2_realplksr_dysample": 4, "4xNomos2_hq_dat2": 4,
    "2xModernSpanimationV1": 2,
}  # fmt: skip
FACE_FIXERS = ["GFPGAN", "CodeFormers", "GFPGANv1.3", "RestoreFormer"]
POST_PROCESSORS = [
    "GFPGAN", "RealESRGAN_x4plus", "RealESRGAN_x2plus", "RealESRGAN_x4plus_anime_6B", "NMKD_Siax",
    "4x_AnimeSharp", "CodeFormers", "strip_background", "4xNomos8kSC", "4xLSDIRplus",
    "4xNomosWebPhoto_RealPLKSR", "4xNomos2_realplksr_dysample", "4xNomos2_hq_dat2",
    "2xModernSpanimationV1", "GFPGANv1.3", "RestoreFormer",
]  # fmt: skip
ANALYSIS_FORMS = [
    "caption",
    "interrogation",
    "nsfw",
    "vectorize",
    "palette",
    "describe",
    "aesthetic",
]
FORMS = [*ANALYSIS_FORMS, *POST_PROCESSORS]
CONTROL_TYPES = [
    "canny", "hed", "depth", "normal", "openpose", "seg", "scribble", "fakescribbles", "hough",
]  # fmt: skip


def _text(least: int | None = None, most: int | None = None) -> Schema:
    schema: Schema = {"type": "string"}
    if least is not None:
        schema["minLength"] = least
    if most is not None:
        schema["maxLength"] = most
    return schema


def _number(least: float, most: float) -> Schema:
    return {"type": "number", "minimum": least, "maximum": most}


def _whole(least: int, most: int | None = None) -> Schema:
    schema: Schema = {"type": "integer", "minimum": least}
    if most is not None:
        schema["maximum"] = most
    return schema


def _one_of(names: list[str]) -> Schema:
    return {"type": "string", "enum": names}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Schema], *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


FLAG: Schema = {"type": "boolean"}
SIDE: Schema = {"type": "integer", "minimum": 64, "maximum": 3072, "multipleOf": 64}
LORA = _object(
    {
        "name": _text(1, 255),
        "model": _number(-5.0, 5.0),
        "clip": _number(-5.0, 5.0),
        "inject_trigger": _text(1, 30),
        "is_version": FLAG,
    },
    "name",
)
TEXTUAL_INVERSION = _object(
    {
        "name": _text(1, 255),
        "inject_ti": _one_of(["prompt", "negprompt"]),
        "strength": _number(-5.0, 5.0),
    },
    "name",
)
EXTRA_SOURCE_IMAGES = _list_of(_object({"image": _text(1), "strength": {"type": "number"}}))

IMAGE_STYLE_PARAMS: dict[str, Schema] = {
    "sampler_name": _one_of(SAMPLERS),
    "cfg_scale": _number(0, 100),
    "denoising_strength": _number(0.01, 1.0),
    "hires_fix_denoising_strength": _number(0.01, 1.0),
    "height": SIDE,
    "width": SIDE,
    "post_processing": {**_list_of(_one_of(POST_PROCESSORS)), "uniqueItems": True},
    "karras": FLAG,
    "tiling": FLAG,
    "hires_fix": FLAG,
    "clip_skip": _whole(1, 12),
    "facefixer_strength": _number(0, 1.0),
    "loras": _list_of(LORA),
    "tis": _list_of(TEXTUAL_INVERSION),
    "special": {"type": "object"},
    "workflow": _one_of(["qr_code"]),
    "transparent": FLAG,
    "steps": _whole(1, 500),
}
IMAGE_PARAMS = _object(
    {
        **IMAGE_STYLE_PARAMS,
        "seed": _text(),
        "seed_variation": _whole(1, 1000),
        "control_type": _one_of(CONTROL_TYPES),
        "image_is_control": FLAG,
        "return_control_map": FLAG,
        "extra_texts": _list_of(_object({"text": _text(1), "reference": _text(3)})),
        "n": _whole(1, 20),
    }
)

_COMMON_FIELDS: dict[str, Schema] = {
    "trusted_workers": FLAG,
    "validated_backends": FLAG,
    "slow_workers": FLAG,
    "extra_slow_workers": FLAG,
    "workers": _list_of(_text()),
    "worker_blacklist": FLAG,
    "models": _list_of(_text()),
    "extra_source_images": EXTRA_SOURCE_IMAGES,
    "dry_run": FLAG,
    "proxied_account": _text(),
    "disable_batching": FLAG,
    "allow_downgrade": FLAG,
    "style": _text(3, 1024),
}
IMAGE = _object(
    {
        **_COMMON_FIELDS,
        "prompt": _text(1),
        "params": IMAGE_PARAMS,
        "nsfw": FLAG,
        "censor_nsfw": FLAG,
        "source_image": _text(),
        "source_processing": _one_of(["img2img", "inpainting", "outpainting", "remix"]),
        "source_mask": _text(),
        "r2": FLAG,
        "shared": FLAG,
        "replacement_filter": FLAG,
        "webhook": _text(10, 1024),
    },
    "prompt",
)

AIPG_V2_SOURCE_PROCESSING = ("txt2img", "txt2video", "img2video")
AIPG_V2_IMAGE: Schema = {
    **IMAGE,
    "properties": {
        **IMAGE["properties"],
        "source_processing": _one_of(
            ["img2img", "inpainting", "outpainting", "remix", *AIPG_V2_SOURCE_PROCESSING]
        ),
    },
}

TEXT_STYLE_PARAMS: dict[str, Schema] = {
    "frmtadsnsp": FLAG,
    "frmtrmblln": FLAG,
    "frmtrmspch": FLAG,
    "frmttriminc": FLAG,
    "rep_pen": _number(1, 3),
    "rep_pen_range": _whole(0, 4096),
    "rep_pen_slope": _number(0, 10),
    "singleline": FLAG,
    "temperature": _number(0, 5.0),
    "tfs": _number(0.0, 1.0),
    "top_a": _number(0.0, 1.0),
    "top_k": _whole(0, 200),
    "top_p": _number(0.001, 1.0),
    "typical": _number(0.0, 1.0),
    "sampler_order": _list_of({"type": "integer"}),
    "use_default_badwordsids": FLAG,
    "stop_sequence": _list_of(_text()),
    "min_p": _number(0.0, 1.0),
    "smoothing_factor": _number(0.0, 10.0),
    "dynatemp_range": _number(0.0, 5.0),
    "dynatemp_exponent": _number(0.0, 5.0),
}
TEXT = _object(
    {
        **_COMMON_FIELDS,
        "prompt": _text(),
        "params": _object(
            {
                **TEXT_STYLE_PARAMS,
                "n": _whole(1, 20),
                "max_context_length": _whole(80, 1_048_576),
                "max_length": _whole(16, 4096),
            }
        ),
        "softprompt": _text(1),
        "webhook": _text(),
    }
)

ALCHEMY = _object(
    {
        "source_image": _text(),
        "forms": _list_of(_object({"name": _one_of(FORMS), "payload": {"type": "object"}}, "name")),
        "slow_workers": FLAG,
        "webhook": _text(10, 1024),
    }
)
