"""The local model reference: entries for the models of the local workers."""

from typing import Any

from sandbox.horde.state.models_and_workers import IMAGE_MODELS, ImageModel

Json = dict[str, Any]

# The reference writes two baselines with spaces.
BASELINES = {"stable_diffusion_1": "stable diffusion 1", "stable_diffusion_2": "stable diffusion 2"}
ABOUT: dict[str, tuple[str, str, list[str]]] = {
    "stable_diffusion": ("The one that began it all. Small, quick and plain.", "generalist", []),
    "stable_diffusion_inpainting": ("Fills holes that a mask leaves.", "generalist", []),
    "Deliberate": ("Takes its time with light and skin; good at portraits.", "realistic", []),
    "Dreamshaper": ("Fairy tales, mist and lanterns.", "artistic", []),
    "Anything Diffusion": ("Drawn, with clear lines and flat colours.", "anime", []),
    "SDXL 1.0": ("A sober all-rounder for large pictures.", "generalist", []),
    "AlbedoBase XL (SDXL)": ("An all-rounder that understands plain sentences.", "generalist", []),
    "Juggernaut XL": ("Photographs of what never was.", "realistic", []),
    "DreamShaper XL": ("Six steps are enough.", "artistic", []),
    "Pony Diffusion XL": ("Understands tags, not sentences.", "anime", ["score_9", "score_8_up"]),
    "Hassaku XL": ("Bright drawings, made of tags.", "anime", ["masterpiece"]),
    "Flux.1-Schnell fp8 (Compact)": ("Four steps are enough. Can write.", "generalist", []),
    "Stable Cascade 1.0": ("Paints small first and then large.", "artistic", []),
}
RETIRED = ImageModel("Old Lantern", steps=(10, 30), cfg_scale=(4.0, 9.0), samplers=("k_euler",))


def models(base: str) -> Json:
    """The content of stable_diffusion.json, with links to images at `base`."""
    known = {**IMAGE_MODELS, RETIRED.name: RETIRED}
    return {name: _entry(number, model, base) for number, (name, model) in enumerate(known.items())}


def _entry(number: int, model: ImageModel, base: str) -> Json:
    about, style, triggers = ABOUT.get(model.name, ("Nobody serves it any more.", "other", []))
    entry: Json = {
        "name": model.name,
        "baseline": BASELINES.get(model.baseline, model.baseline),
        "type": "ckpt",
        "inpainting": "inpainting" in model.name,
        "description": about,
        "showcases": [f"{base}/picture/{number}-{side}.png" for side in (1, 2)],
        "version": "1.0",
        "style": style,
        "nsfw": model.nsfw,
        "homepage": f"https://example.org/models/{number}",
        "download_all": False,
        "config": {"files": [], "download": []},
        "size_on_disk_bytes": 2_000_000_000 + number,
    }
    if triggers:
        entry["trigger"] = triggers
    return entry | ({"requirements": needs} if (needs := _requirements(model)) else {})


def _requirements(model: ImageModel) -> Json:
    needs: Json = {}
    if model.steps:
        needs |= {"min_steps": model.steps[0], "max_steps": model.steps[1]}
    if model.cfg_scale:
        needs |= {"min_cfg_scale": model.cfg_scale[0], "max_cfg_scale": model.cfg_scale[1]}
    if model.samplers:
        needs["samplers"] = list(model.samplers)
    if model.clip_skip:
        needs["clip_skip"] = model.clip_skip
    return needs
