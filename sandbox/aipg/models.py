"""The models: their names, prices and ranges, as the public price book and recipes have them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sandbox.optional.jobs import Json

Kind = Literal["text", "image", "video", "audio", "3d"]
MICRO = 1_000_000  # micro-USD in a dollar
LARGEST_SEED = 2**53 - 1
DEFAULT_MODELS: Mapping[Kind, str] = {
    "image": "FLUX.2 Klein 4B FP8",
    "video": "LTX-2.3",
    "audio": "ace-step-v1.5-xl-turbo",
    "3d": "TRELLIS2",
}


@dataclass(frozen=True, slots=True)
class Model:
    """One model. Prices are in dollars: of a million tokens, or of one unit.

    The unit is an image, a second of video or audio, or a 3D generation. `ranges` and `options`:
    the accepted values of parameters; others are refused.
    """

    name: str
    kind: Kind
    unit: float = 0.0
    input_price: float = 0.0
    output_price: float = 0.0
    context: int | None = None
    reasons: bool = False
    has_source: bool = False
    has_strength: bool = False
    has_loras: bool = False
    ranges: Mapping[str, tuple[float, float]] = field(
        default_factory=dict[str, tuple[float, float]]
    )
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def unit_cost(self, units: float) -> int:
        """The price of media in micro-USD, rounded up."""
        return math.ceil(self.unit * units * MICRO - 1e-6)

    def text_cost(self, prompt: int, answer: int) -> int:
        return math.ceil(prompt * self.input_price + answer * self.output_price - 1e-6)

    @property
    def rates(self) -> Json:
        """The prices as the API shows them; None where the kind has no such price."""
        text = self.kind == "text"
        return {
            "input_per_mtok_usd": self.input_price if text else None,
            "output_per_mtok_usd": self.output_price if text else None,
            "per_image_usd": self.unit if self.kind == "image" else None,
            "per_video_second_usd": self.unit if self.kind == "video" else None,
            "per_audio_second_usd": self.unit if self.kind == "audio" else None,
            "per_3d_generation_usd": self.unit if self.kind == "3d" else None,
        }


SIDES = (512, 1536)
SCHEDULERS = ("simple", "normal", "beta", "sgm_uniform")
_ALL = (
    Model("gpt-oss-120b", "text", input_price=0.075, output_price=0.3, context=131_072),
    Model(
        "deepseek-v4-flash", "text",
        input_price=0.07, output_price=0.14, context=65_536, reasons=True,
    ),
    Model("qwen3-27b", "text", input_price=0.05, output_price=0.15, context=32_768),
    Model(
        "FLUX.2 Klein 4B FP8", "image", unit=0.01, has_source=True, has_loras=True,
        ranges={"steps": (4, 6), "cfg_scale": (1, 1.5), "width": SIDES, "height": SIDES},
        options={"sampler": ("euler", "dpmpp_2m", "dpmpp_2m_sde", "res_multistep")},
    ),
    Model(
        "z-image-turbo", "image", unit=0.003, has_source=True, has_strength=True, has_loras=True,
        ranges={"steps": (4, 16), "width": SIDES, "height": SIDES},
        options={"sampler": ("res_multistep", "euler", "dpmpp_2m"), "scheduler": SCHEDULERS},
    ),
    Model(
        "Krea 2 Turbo", "image", unit=0.005, has_source=True, has_strength=True, has_loras=True,
        ranges={"steps": (8, 12), "width": SIDES, "height": SIDES},
        options={
            "sampler": ("er_sde", "euler", "dpmpp_2m", "res_multistep"),
            "scheduler": SCHEDULERS,
        },
    ),
    Model(
        "LTX-2.3", "video", unit=0.02, has_source=True,
        ranges={
            "steps": (4, 20), "cfg_scale": (1, 5), "seconds": (1, 8),
            "width": (512, 1280), "height": (512, 1280),
        },
    ),
    Model("ace-step-v1.5-xl-turbo", "audio", unit=0.0002),
    Model("TRELLIS2", "3d", unit=0.25, has_source=True),
)  # fmt: skip
MODELS: Mapping[str, Model] = {model.name: model for model in _ALL}


def parameters(model: Model) -> Json:
    """The answer of /v1/models/{id}/params."""
    if model.kind == "text":
        return _text_parameters(model)
    found: Json = {"prompt": {"type": "string", "max_length": 20_000, "required": True}}
    found["negative_prompt"] = {"type": "string", "max_length": 20_000}
    for name, (low, high) in model.ranges.items():
        found[name] = {"type": "number", "minimum": low, "maximum": high}
    for name, allowed in model.options.items():
        found[name] = {"type": "enum", "options": list(allowed)}
    if model.has_source:
        found["image"] = {"type": "image", "description": "inline base64 or data: URI"}
    found["seed"] = {"type": "integer", "minimum": 0, "maximum": LARGEST_SEED}
    found["size"] = {"type": "size", "minimum": 256, "maximum": 1536, "multiple_of": 64}
    found["n"] = {"type": "integer", "minimum": 1, "maximum": 2 if model.kind == "video" else 4}
    formats = ["mp4"] if model.kind == "video" else ["png", "jpeg", "webp"]
    found["output_format"] = {"type": "enum", "options": formats}
    found["response_format"] = {"type": "enum", "options": ["url", "b64_json"]}
    return {
        "model": model.name,
        "job_type": model.kind,
        "capabilities": {
            "img2img": model.has_source,
            "loras": model.has_loras,
            "strength": model.has_strength,
        },
        "params": found,
    }


def _text_parameters(model: Model) -> Json:
    return {
        "model": model.name,
        "job_type": "text",
        "passthrough": True,
        "params": {
            "temperature": {"type": "number", "minimum": 0, "maximum": 2, "default": 0.7},
            "top_p": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.9},
            "max_tokens": {"type": "integer", "minimum": 1, "maximum": 32768, "default": 32768},
            "n": {"type": "integer", "minimum": 1, "maximum": 4, "default": 1},
            "stop": {"type": "string|array"},
            "seed": {"type": "integer"},
            "stream": {"type": "boolean", "default": False},
        },
    }
