"""The `info` of an answer: the seeds and parameters of each image, as a JSON string."""

import json
from typing import Any

from sandbox.a1111.request_bodies import GenerationBody
from sandbox.a1111.settings import PROGRAM_VERSIONS
from sandbox.a1111.state import A1111State


def infotext(state: A1111State, body: GenerationBody, seed: int, size: tuple[int, int]) -> str:
    """The text that the web UI writes into a file, and that `infotexts` repeats."""
    facts = {
        "Steps": body.steps,
        "Sampler": body.sampler_name or body.sampler_index,
        "Schedule type": body.scheduler or "Automatic",
        "CFG scale": body.cfg_scale,
        "Seed": seed,
        "Size": f"{size[0]}x{size[1]}",
        "Model hash": state.loaded.short_hash,
        "Model": state.loaded.name,
        "Version": PROGRAM_VERSIONS[state.settings.version],
    }
    lines = [body.prompt or ""]
    if body.negative_prompt:
        lines.append(f"Negative prompt: {body.negative_prompt}")
    lines.append(", ".join(f"{name}: {value}" for name, value in facts.items()))
    return "\n".join(lines)


def info(
    state: A1111State, body: GenerationBody, seeds: list[int], texts: list[str], job_timestamp: str
) -> str:
    """The `info` of txt2img and img2img. It lists all seeds, also after an interrupt."""
    prompt, negative = body.prompt or "", body.negative_prompt or ""
    facts: dict[str, Any] = {
        "prompt": prompt,
        "all_prompts": [prompt] * len(seeds),
        "negative_prompt": negative,
        "all_negative_prompts": [negative] * len(seeds),
        "seed": seeds[0],
        "all_seeds": seeds,
        "subseed": seeds[0],
        "all_subseeds": seeds,
        "subseed_strength": body.subseed_strength,
        "width": body.width,
        "height": body.height,
        "sampler_name": body.sampler_name or body.sampler_index,
        "cfg_scale": body.cfg_scale,
        "steps": body.steps,
        "batch_size": body.batch_size,
        "restore_faces": bool(body.restore_faces),
        "face_restoration_model": None,
        "sd_model_name": state.loaded.name,
        "sd_model_hash": state.loaded.short_hash,
        "sd_vae_name": None,
        "sd_vae_hash": None,
        "seed_resize_from_w": -1,
        "seed_resize_from_h": -1,
        "denoising_strength": body.denoising_strength,
        "extra_generation_params": {},
        "index_of_first_image": 0,
        "infotexts": texts,
        "styles": body.styles or [],
        "job_timestamp": job_timestamp,
        "clip_skip": state.options["CLIP_stop_at_last_layers"],
        "is_using_inpainting_conditioning": False,
        "version": PROGRAM_VERSIONS[state.settings.version],
    }
    return json.dumps(facts)
