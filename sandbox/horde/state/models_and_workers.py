"""The models and workers of the local Horde."""

import uuid
from dataclasses import dataclass, field, replace
from typing import Literal

from sandbox.horde.request_schemas import FORMS

JobKind = Literal["image", "text", "alchemy"]
JOB_KINDS: tuple[JobKind, ...] = ("image", "text", "alchemy")
WIRE_KINDS: dict[JobKind, str] = {"image": "image", "text": "text", "alchemy": "interrogation"}
NAMESPACE = uuid.UUID("6f1e4b0a-6b1c-4f0e-9a59-2f1d7c2a7b10")


@dataclass(frozen=True, slots=True)
class ImageModel:
    """An image model as in the model reference; bounds are (minimum, maximum) or None."""

    name: str
    baseline: str = "stable_diffusion_1"
    nsfw: bool = False
    steps: tuple[int, int] | None = None
    cfg_scale: tuple[float, float] | None = None
    samplers: tuple[str, ...] = ()
    clip_skip: int | None = None


XL, FLUX, CASCADE = "stable_diffusion_xl", "flux_1", "stable_cascade"
IMAGE_MODELS = {
    model.name: model
    for model in (
        ImageModel("stable_diffusion"),
        ImageModel("stable_diffusion_inpainting"),
        ImageModel("Deliberate"),
        ImageModel("Dreamshaper"),
        ImageModel("Anything Diffusion", clip_skip=2),
        ImageModel("SDXL 1.0", XL),
        ImageModel("AlbedoBase XL (SDXL)", XL),
        ImageModel("Juggernaut XL", XL),
        ImageModel("DreamShaper XL", XL, steps=(4, 6), samplers=("k_dpmpp_sde",)),
        ImageModel("Pony Diffusion XL", XL, nsfw=True, clip_skip=2),
        ImageModel("Hassaku XL", XL, nsfw=True, clip_skip=2),
        ImageModel(
            "Flux.1-Schnell fp8 (Compact)",
            FLUX,
            steps=(4, 8),
            cfg_scale=(1.0, 4.0),
            samplers=("k_euler",),
        ),
        ImageModel("Stable Cascade 1.0", CASCADE, steps=(20, 30)),
    )
}
TEXT_MODELS = (
    "koboldcpp/L3-8B-Stheno-v3.2",
    "koboldcpp/Mistral-Small-24B",
    "aphrodite/Sao10K/L3-70B-Euryale-v2.1",
    "koboldcpp/TinyLlama-1.1B",
)


@dataclass(slots=True, eq=False)
class Worker:
    """One worker: the jobs that it accepts, its threads, and its statistics."""

    name: str
    kind: JobKind
    models: tuple[str, ...]  # for an alchemy worker: the forms
    threads: int = 1
    batch: int = 1  # images of one request that it takes at once
    nsfw: bool = True
    trusted: bool = True
    extended: bool = True  # knows the parameters of the newer server
    max_pixels: int = 4_194_304
    max_length: int = 1024
    max_context_length: int = 16384
    owner: int = 2
    info: str = ""
    team: str | None = None
    maintenance: bool = False
    external: bool = False  # asks for jobs over HTTP
    id: str = ""
    busy: int = 0
    fulfilled: int = 0
    uncompleted: int = 0
    rewards: float = 0.0
    produced: float = 0.0  # megapixelsteps or tokens
    model_set: frozenset[str] = field(default_factory=frozenset[str])

    def __post_init__(self) -> None:
        self.id = self.id or str(uuid.uuid5(NAMESPACE, f"worker {self.name}"))
        self.model_set = frozenset(self.models)


_SD15 = ("stable_diffusion", "Deliberate", "Dreamshaper", "Anything Diffusion")
_SDXL = ("SDXL 1.0", "AlbedoBase XL (SDXL)", "Juggernaut XL")
_PONY = ("Pony Diffusion XL", "Hassaku XL")
_BIG = ("Flux.1-Schnell fp8 (Compact)", "Stable Cascade 1.0", "DreamShaper XL")

_IMAGE_WORKERS = (
    ("Lighthouse 4090", (*_SDXL, *_PONY, *_BIG, "stable_diffusion"), 2, 2, True),
    ("Attic GPU", (*_SD15, "stable_diffusion_inpainting"), 1, 4, True),
    ("Greenhouse", ("AlbedoBase XL (SDXL)", "SDXL 1.0", "Deliberate", "Dreamshaper"), 1, 2, False),
    ("Night Owl", (*_SDXL, *_PONY, "Dreamshaper"), 1, 1, True),
    ("Solar Shed", ("AlbedoBase XL (SDXL)", "Flux.1-Schnell fp8 (Compact)", *_SD15), 1, 2, True),
    ("Harbour Cluster", (*_SD15, *_SDXL, *_PONY, *_BIG, "stable_diffusion_inpainting"), 2, 1, True),
)  # fmt: skip
_TEXT_WORKERS = (
    ("Storyteller", ("koboldcpp/L3-8B-Stheno-v3.2", "koboldcpp/Mistral-Small-24B"), 1),
    ("Quill and Ink", ("koboldcpp/L3-8B-Stheno-v3.2", "aphrodite/Sao10K/L3-70B-Euryale-v2.1"), 2),
    ("Pocket Poet", ("koboldcpp/TinyLlama-1.1B", "koboldcpp/L3-8B-Stheno-v3.2"), 1),
)


def initial_workers(
    kind: JobKind, count: int | None = None, *, lower_case: bool = False
) -> list[Worker]:
    """The default workers of a kind, or `count` of them (the default ones, repeated).

    `lower_case`: the names of their models are in lower case.
    """
    if kind == "image":
        usual = [
            Worker(
                name, kind, models, threads, batch, nsfw,
                trusted=name != "Solar Shed", extended=name != "Attic GPU",
            )
            for name, models, threads, batch, nsfw in _IMAGE_WORKERS
        ]  # fmt: skip
    elif kind == "text":
        usual = [Worker(name, kind, models, threads) for name, models, threads in _TEXT_WORKERS]
    else:
        usual = [Worker(name, kind, tuple(FORMS)) for name in ("Philosopher's Stone", "Alembic")]
    if lower_case and kind != "alchemy":
        usual = [_with_lower_case(worker) for worker in usual]
    if count is None:
        return usual
    return usual[:count] + [
        _copy(usual[index % len(usual)], index // len(usual) + 1)
        for index in range(len(usual), count)
    ]


def _with_lower_case(worker: Worker) -> Worker:
    return replace(worker, models=tuple(name.lower() for name in worker.models))


def _copy(worker: Worker, number: int) -> Worker:
    return Worker(
        f"{worker.name} {number}",
        worker.kind,
        worker.models,
        worker.threads,
        worker.batch,
        worker.nsfw,
        worker.trusted,
        worker.extended,
    )
