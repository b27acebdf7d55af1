"""The checkpoints, samplers, upscalers and other lists of the local web UI."""

import hashlib
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
FOLDER = "/opt/webui/models"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint file. `title`: the name that options and overrides use."""

    name: str
    xl: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()

    @property
    def short_hash(self) -> str:
        return self.sha256[:10]

    @property
    def file(self) -> str:
        return f"{self.name}.safetensors"

    @property
    def title(self) -> str:
        return f"{self.file} [{self.short_hash}]"

    @property
    def aliases(self) -> frozenset[str]:
        """All names under which the web UI finds the checkpoint."""
        names = {self.name, self.file, self.title, self.short_hash, self.sha256}
        return frozenset({*names, f"{self.name} [{self.short_hash}]"})

    def to_json(self) -> Json:
        return {
            "title": self.title,
            "model_name": self.name,
            "hash": self.short_hash,
            "sha256": self.sha256,
            "filename": f"{FOLDER}/Stable-diffusion/{self.file}",
            "config": None,
        }


CHECKPOINTS = (
    Checkpoint("v1-5-pruned-emaonly"),
    Checkpoint("dreamshaper_8"),
    Checkpoint("sd_xl_base_1.0", xl=True),
    Checkpoint("juggernautXL_v9", xl=True),
)


def find_checkpoint(name: str | None) -> Checkpoint | None:
    return next((each for each in CHECKPOINTS if name in each.aliases), None)


_SAMPLERS = (
    ("DPM++ 2M", "k_dpmpp_2m"),
    ("DPM++ SDE", "k_dpmpp_sde"),
    ("DPM++ 2M SDE", "k_dpmpp_2m_sde"),
    ("DPM++ 3M SDE", "k_dpmpp_3m_sde"),
    ("Euler a", "k_euler_a"),
    ("Euler", "k_euler"),
    ("LMS", "k_lms"),
    ("Heun", "k_heun"),
    ("DPM2", "k_dpm_2"),
    ("DPM2 a", "k_dpm_2_a"),
    ("DPM fast", "k_dpm_fast"),
    ("DPM adaptive", "k_dpm_ad"),
    ("Restart", "restart"),
    ("DDIM", "ddim"),
    ("PLMS", "plms"),
    ("UniPC", "unipc"),
    ("LCM", "k_lcm"),
)
SAMPLERS: list[Json] = [
    {"name": name, "aliases": [alias], "options": {}} for name, alias in _SAMPLERS
]
SAMPLER_NAMES = frozenset(name for name, _ in _SAMPLERS)

_SCHEDULERS = (
    ("automatic", "Automatic"),
    ("uniform", "Uniform"),
    ("karras", "Karras"),
    ("exponential", "Exponential"),
    ("polyexponential", "Polyexponential"),
    ("sgm_uniform", "SGM Uniform"),
    ("kl_optimal", "KL Optimal"),
    ("align_your_steps", "Align Your Steps"),
    ("simple", "Simple"),
    ("normal", "Normal"),
    ("ddim", "DDIM"),
    ("beta", "Beta"),
)
SCHEDULERS: list[Json] = [
    {
        "name": name,
        "label": label,
        "aliases": None,
        "default_rho": 7.0 if name == "karras" else -1.0,
        "need_inner_model": name in {"uniform", "sgm_uniform", "simple", "normal", "ddim", "beta"},
    }
    for name, label in _SCHEDULERS
]
# "DPM++ 2M Karras": 1.10 takes the names of before 1.9 again, with the scheduler in them.
SCHEDULER_LABELS = tuple(label for _, label in _SCHEDULERS)

UPSCALERS: dict[str, float] = {
    "None": 4,
    "Lanczos": 4,
    "Nearest": 4,
    "ESRGAN_4x": 4,
    "R-ESRGAN 4x+": 4,
    "R-ESRGAN 4x+ Anime6B": 4,
    "SwinIR_4x": 4,
}
LATENT_UPSCALERS = (
    "Latent",
    "Latent (antialiased)",
    "Latent (bicubic)",
    "Latent (bicubic antialiased)",
    "Latent (nearest)",
    "Latent (nearest-exact)",
)
LORAS = ("tin_robots", "more_details", "lcm-lora-sdv1-5")
EMBEDDINGS = ("EasyNegative", "badhandv4")
VAES = ("vae-ft-mse-840000-ema-pruned.safetensors", "sdxl_vae.safetensors")
SCRIPTS = {
    "txt2img": ("prompt matrix", "x/y/z plot", "refiner", "seed", "sampler"),
    "img2img": ("loopback", "outpainting mk2", "x/y/z plot", "refiner", "seed", "sampler"),
}


def upscalers_json() -> list[Json]:
    return [
        {"name": name, "model_name": None, "model_path": None, "model_url": None, "scale": scale}
        for name, scale in UPSCALERS.items()
    ]


def loras_json() -> list[Json]:
    return [
        {"name": name, "alias": name, "path": f"{FOLDER}/Lora/{name}.safetensors", "metadata": {}}
        for name in LORAS
    ]


def embeddings_json() -> Json:
    item = {"step": None, "sd_checkpoint": None, "sd_checkpoint_name": None}
    loaded = {name: {**item, "shape": 768, "vectors": 8} for name in EMBEDDINGS}
    return {"loaded": loaded, "skipped": {}}


def vaes_json() -> list[Json]:
    return [{"model_name": name, "filename": f"{FOLDER}/VAE/{name}"} for name in VAES]
