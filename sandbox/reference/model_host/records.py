"""The records of the model reference host, by category."""

from collections.abc import Callable
from typing import Any

from sandbox.horde.state.models_and_workers import IMAGE_MODELS, TEXT_MODELS
from sandbox.reference import models

Json = dict[str, Any]
Records = dict[str, Json]
UPDATED_AT = 1_790_000_000
CATEGORIES = (
    "image_generation", "text_generation", "controlnet", "controlnet_annotator", "esrgan",
    "gfpgan", "codeformer", "blip", "clip", "safety_checker", "lora", "ti", "miscellaneous",
    "video_generation", "audio_generation",
)  # fmt: skip
_SIZES = {"TinyLlama-1.1B": 1.1, "L3-8B-Stheno-v3.2": 8.0, "Mistral-Small-24B": 24.0}
_LARGEST = 70.0
_INSTRUCTIONS = {"TinyLlama-1.1B": "ChatML", "L3-8B-Stheno-v3.2": "Llama-3"}
_BACKENDS = ("koboldcpp/", "aphrodite/")


def bare_name(name: str) -> str:
    """The name of a text model without its backend."""
    for prefix in _BACKENDS:
        name = name.removeprefix(prefix)
    return name


def records(category: str, base: str) -> Records:
    """All records of a category; `base`: where the sample pictures are."""
    made: dict[str, Callable[[], Records]] = {
        "image_generation": lambda: _images(base),
        "text_generation": _texts,
    }
    return made[category]() if category in made else {}


def pending(category: str) -> Records:
    """The beta models of a category, which the Horde treats as known."""
    if category != "image_generation":
        return {}
    return {
        "Beta Lighthouse": {
            "name": "Beta Lighthouse", "baseline": "krea2_turbo", "nsfw": False, "tags": ["beta"],
            "description": "Not finished.", "style": "generalist",
        }
    }  # fmt: skip


def _images(base: str) -> Records:
    found: Records = {}
    for name, entry in models.models(base).items():
        model = IMAGE_MODELS.get(name)
        baseline = model.baseline if model is not None else "stable_diffusion_1"
        found[name] = entry | {"baseline": baseline, "tags": [entry["style"]], "licensing": None}
    return found


def text_models() -> Records:
    """The content of db.json: each model alone and with the backends of its workers."""
    return {
        prefix + name: record | {"name": prefix + name}
        for name, record in _texts().items()
        for prefix in ("", *_BACKENDS)
    }


def _texts() -> Records:
    found: Records = {}
    for full in TEXT_MODELS:
        name = bare_name(full)
        billions = _SIZES.get(name, _LARGEST)
        found[name] = {
            "name": name,
            "display_name": name.rpartition("/")[2],
            "parameters": int(billions * 1e9),
            "nsfw": False,
            "description": "Made up for trials and tests.",
            "url": "https://example.org/models",
            "tags": ["instruct"] if name in _INSTRUCTIONS else ["roleplay"],
            "settings": {"temperature": 0.8},
            "instruct_format": _INSTRUCTIONS.get(name),
            "context_window": {"maximum_tokens": 16_384 if billions > 2 else 2_048},
            "interaction_modes": ["instruction", "chat"],
            "capabilities": [],
        }
    return found
