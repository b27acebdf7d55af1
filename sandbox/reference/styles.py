"""Invented styles, their categories and their previews."""

from typing import Any

Json = dict[str, Any]

STYLES: dict[str, Json] = {
    "tin toy": {
        "prompt": "{p} as a wind-up tin toy, worn paint, studio light###{np}, plastic",
        "model": "AlbedoBase XL (SDXL)",
        "steps": 26,
        "width": 1024,
        "height": 1024,
        "cfg_scale": 5.5,
        "sampler_name": "k_dpmpp_2m",
        "karras": True,
    },
    "woodcut": {
        "prompt": "woodcut print of {p}, thick black lines, two inks###colour photo, {np}",
        "model": "SDXL 1.0",
        "steps": 28,
        "width": 896,
        "height": 1152,
        "loras": [{"name": "900101", "is_version": True, "model": 0.8, "inject_trigger": "any"}],
    },
    "lighthouse keeper": {
        "prompt": "{p}, seen from a lighthouse in a storm{np}",
        "model": "Dreamshaper",
        "steps": 24,
        "cfg_scale": 7,
        "sampler_name": "k_euler",
    },
    "sticker": {
        "prompt": "die-cut sticker of {p}, white border{np}",
        "model": "Flux.1-Schnell fp8 (Compact)",
        "steps": 4,
        "cfg_scale": 1,
        "sampler_name": "k_euler",
        "width": 1024,
        "height": 1024,
    },
    "old lantern glow": {
        "prompt": "{p} by lantern light###{np}, neon",
        "model": "Old Lantern",
        "steps": 20,
    },
    "late cabaret": {
        "prompt": "{p} on the stage of a cabaret, smoke, spotlights###{np}",
        "model": "Pony Diffusion XL",
        "clip_skip": 2,
        "steps": 25,
        "width": 832,
        "height": 1216,
    },
    "felt puppets": {
        "prompt": "{p} as a felt puppet, button eyes###{np}, metal",
        "model": "Anything Diffusion",
        "tis": [{"name": "700301", "inject_ti": "negprompt", "strength": 0.9}],
        "enhance": True,
    },
    "tide pool": {"prompt": "macro photo of {p} in a tide pool{np}", "model": "Juggernaut XL"},
}
# Additions to a style with "enhance", by the baseline of its model.
ENHANCEMENTS: dict[str, Any] = {
    "stable diffusion 1": {
        "tis": [{"name": "700302", "strength": 1, "inject_ti": "negprompt", "id": 700302}]
    },
    "stable diffusion 2": {},
    "stable_diffusion_xl": {},
}
CATEGORIES: dict[str, list[str]] = {
    "featured": ["tin toy", "sticker"],
    "crafts": ["tin toy", "woodcut", "felt puppets", "sticker"],
    "places": ["lighthouse keeper", "tide pool", "late cabaret"],
    "light": ["old lantern glow", "lighthouse keeper"],
}


def previews(base: str) -> Json:
    """The content of previews.json, with links to images at `base`."""
    return {
        name: {
            subject: f"{base}/picture/{100 + number}-{side}.png"
            for side, subject in enumerate(("person", "place", "thing"), start=1)
        }
        for number, name in enumerate(STYLES)
    }
