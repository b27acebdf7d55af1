"""Every field of the Horde's image requests: how a user sets it, or why not.

The names are those of GenerationInputStable in the Horde's swagger (5.1.5, 2026-08) and of the
parameters since then (docs/horde-api.md#samplers-and-styles), with dots
before fields of an object and brackets before those of the objects in a list.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Coverage:
    """One field. `extra`: flags that set it, `sends`: the value that the Horde receives.

    `how`: how it is set if no flag sets it.
    """

    field: str
    extra: str = ""
    sends: Any = None
    how: str = ""


LORA = '--lora "Add More Details":0.8:0.7@any'
EMBEDDING = "--ti 7808:1.2@negprompt"
WORKER = "00000000-0000-4000-8000-000000000000"
PLACE = "the place: yes in age-restricted channels"
REACHES: tuple[Coverage, ...] = (
    Coverage("prompt", how="the option `prompt`, and `negative` behind `###`"),
    Coverage("models", "--model AlbedoBase XL (SDXL)", ["AlbedoBase XL (SDXL)"]),
    Coverage("style", "--style 6e9b9d9e-8c2f-4b7c-9d1e-2f6b1a0c3d4e",
          "6e9b9d9e-8c2f-4b7c-9d1e-2f6b1a0c3d4e"),
    Coverage("template_fields", '--style "postage stamp" --field country="New Zealand"',
          {"country": "New Zealand"}),
    Coverage("nsfw", how=PLACE),
    Coverage("censor_nsfw", how=f"{PLACE}, which turns it off"),
    Coverage("trusted_workers", "--trusted", sends=True),
    Coverage("validated_backends", "--validated", sends=True),
    Coverage("slow_workers", "--fast", sends=False),
    Coverage("extra_slow_workers", "--extra-slow", sends=True),
    Coverage("workers", f"--worker {WORKER}", [WORKER]),
    Coverage("worker_blacklist", f"--not-worker {WORKER}", sends=True),
    Coverage("disable_batching", "--no-batching", sends=True),
    Coverage("allow_downgrade", "--model AlbedoBase XL (SDXL) --downgrade", sends=True),
    Coverage("source_image", how="the option `image`, and **Use as source**"),
    Coverage("source_processing", "--mode outpainting --expand 64", "outpainting"),
    Coverage("source_mask", how="the option `mask` of `/remix`, and `--parts`"),
    Coverage("extra_source_images[].image", how="the options `image2` to `image5` of `/remix`"),
    Coverage("extra_source_images[].strength", "--image-strengths 0.5", 0.5),
    Coverage("params.width", "--size 832x1216", 832),
    Coverage("params.height", "--size 832x1216", 1216),
    Coverage("params.steps", "--steps 31", 31),
    Coverage("params.cfg_scale", "--cfg 6.25", 6.25),
    Coverage("params.sampler_name", "--sampler DDIM", "DDIM"),
    Coverage("params.karras", "--no-karras", sends=False),
    Coverage("params.scheduler", "--scheduler beta", "beta"),
    Coverage("params.sampler_eta", "--eta 0.5", 0.5),
    Coverage("params.sampler_s_noise", "--s-noise 1.1", 1.1),
    Coverage("params.sampler_s_churn", "--sampler k_euler --s-churn 10", 10),
    Coverage("params.sampler_s_tmin", "--sampler k_euler --s-tmin 0.05", 0.05),
    Coverage("params.sampler_s_tmax", "--sampler k_euler --s-tmax 50", 50),
    Coverage("params.sampler_order", "--sampler deis --sampler-order 3", 3),
    Coverage("params.sampler_solver_type", "--sampler dpmpp_2m_sde --solver-type heun", "heun"),
    Coverage("params.flow_shift", "--model Flux.1-Schnell fp8 (Compact) --flow-shift 3", 3),
    Coverage("params.n", "--count 7", 7),
    Coverage("params.seed", '--seed "a word"', "a word"),
    Coverage("params.seed_variation", "--variation 5", 5),
    Coverage("params.clip_skip", "--clip-skip 2", 2),
    Coverage("params.tiling", "--tiling", sends=True),
    Coverage("params.transparent", "--transparent", sends=True),
    Coverage("params.hires_fix", "--hires", sends=True),
    Coverage("params.hires_fix_denoising_strength", "--hires 0.6", 0.6),
    Coverage("params.denoising_strength", "--strength 0.4", 0.4),
    Coverage("params.post_processing", "--post GFPGAN,4x_AnimeSharp", ["GFPGAN", "4x_AnimeSharp"]),
    Coverage("params.facefixer_strength", "--face-strength 0.75", 0.75),
    Coverage("params.loras[].name", LORA, "Add More Details"),
    Coverage("params.loras[].model", LORA, 0.8),
    Coverage("params.loras[].clip", LORA, 0.7),
    Coverage("params.loras[].inject_trigger", LORA, "any"),
    Coverage("params.loras[].is_version", "--lora-version 12345", sends=True),
    Coverage("params.tis[].name", EMBEDDING, "7808"),
    Coverage("params.tis[].inject_ti", EMBEDDING, "negprompt"),
    Coverage("params.tis[].strength", EMBEDDING, 1.2),
    Coverage("params.control_type", "--control canny", "canny"),
    Coverage("params.control_strength", "--control depth --control-strength 0.8", 0.8),
    Coverage("params.image_is_control", "--control depth --control-is-map", sends=True),
    Coverage("params.return_control_map", "--control depth --control-map", sends=True),
    Coverage("params.workflow", "--qr https://aihorde.net", "qr_code"),
    Coverage("params.extra_texts[].text", "--qr https://aihorde.net", "https://aihorde.net"),
    Coverage("params.extra_texts[].reference", "--qr hello", "qr_code"),
)  # fmt: skip
NEVER: dict[str, str] = {
    "replacement_filter": "Always yes. With no, one bad prompt puts the bot's IP address in "
    "time-out, for all of its users.",
    "r2": "Always yes: images arrive as links. With no, every answer contains all images as "
    "base64.",
    "shared": "It has no effect any more: the Horde sets it to no.",
    "dry_run": "`/estimate` asks for the price.",
    "proxied_account": "For services with such an account. Users set their own key with "
    "`/account login`.",
    "webhook": "The address of the bot, set by the operator.",
    "params.special": "For accounts that the Horde has marked as special; its content is not "
    "documented.",
}
