"""The state of the local web UI: options, jobs, and the one job that runs."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.a1111.catalogue import CHECKPOINTS, Checkpoint, find_checkpoint
from sandbox.a1111.errors import WebuiError
from sandbox.a1111.progress import Progress
from sandbox.a1111.settings import A1111Settings
from sandbox.horde.state.worker_behaviour import BehaviourRules

Json = dict[str, Any]
JobState = Literal["waiting", "running", "done", "interrupted", "failed"]
KEPT_JOBS = 1000  # the oldest jobs are removed, so that memory stays bounded
BEHAVIOURS = frozenset(
    {"out_of_memory", "nans", "slow", "stall", "garbage", "no_images", "black", "bomb"}
)


@dataclass(slots=True, eq=False)
class Job:
    """One call that needs the graphics card, for the control API."""

    id: str
    kind: str
    payload: Json
    state: JobState = "waiting"
    checkpoint: str = ""
    created_at: float = field(default_factory=time.time)
    started_at: float | None = None
    done_at: float | None = None
    images: int = 0


@dataclass(slots=True, eq=False)
class A1111State:
    """`card`: the lock of the graphics card; calls wait for it in the order of their arrival."""

    settings: A1111Settings
    progress: Progress = field(default_factory=Progress)
    card: asyncio.Lock = field(default_factory=asyncio.Lock)
    jobs: dict[str, Job] = field(default_factory=dict[str, Job])
    submits: dict[str, int] = field(default_factory=dict[str, int])
    behaviours: BehaviourRules = field(default_factory=lambda: BehaviourRules(BEHAVIOURS))
    options: Json = field(default_factory=lambda: dict(_OPTIONS))
    loaded: Checkpoint = CHECKPOINTS[0]

    def add_job(self, kind: str, payload: Json, task_id: str | None = None) -> Job:
        """Record a call. Call it for every accepted one."""
        self.submits[kind] = self.submits.get(kind, 0) + 1
        number = sum(self.submits.values())
        job = Job(task_id or f"task({kind}-{number})", kind, payload)
        self.jobs[job.id] = job
        while len(self.jobs) > KEPT_JOBS:
            del self.jobs[next(iter(self.jobs))]
        return job

    def set_options(self, changes: Json) -> None:
        """Change options. Raises WebuiError for an unknown checkpoint."""
        name = changes.get("sd_model_checkpoint")
        checkpoint = find_checkpoint(name)
        if name is not None and checkpoint is None:
            raise WebuiError("RuntimeError", f"model {name!r} not found")
        self.options.update(changes)
        if checkpoint is not None:
            self.options["sd_model_checkpoint"] = checkpoint.title
            self.options["sd_checkpoint_hash"] = checkpoint.sha256

    @property
    def needs_load(self) -> bool:
        """Whether the checkpoint of the options is not loaded."""
        return find_checkpoint(self.options["sd_model_checkpoint"]) != self.loaded

    async def load_chosen(self) -> None:
        """Load the checkpoint of the options unless it is loaded. The caller has the card."""
        chosen = find_checkpoint(self.options["sd_model_checkpoint"])
        if chosen is not None and chosen != self.loaded:
            await asyncio.sleep(self.settings.load_seconds)
            self.loaded = chosen


_OPTIONS: Json = {
    "samples_format": "png",
    "jpeg_quality": 80,
    "sd_model_checkpoint": CHECKPOINTS[0].title,
    "sd_checkpoint_hash": CHECKPOINTS[0].sha256,
    "sd_vae": "Automatic",
    "CLIP_stop_at_last_layers": 1,
    "face_restoration_model": "CodeFormer",
    "live_previews_enable": True,
    "show_progress_every_n_steps": 10,
    "show_progress_type": "Approx NN",
    "api_enable_requests": False,
}
