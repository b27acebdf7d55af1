"""Requests, their jobs and their results."""

import math
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from sandbox.horde.state.accounts import SharedKey, User
from sandbox.horde.state.models_and_workers import JobKind, Worker
from sandbox.horde.state.worker_behaviour import Behaviour

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class Generation:
    """One delivered image or text."""

    id: str
    worker: Worker
    model: str
    seed: int
    text: str = ""
    object: str | None = None  # its name in the object storage; None: not uploaded
    state: str = "ok"
    metadata: list[Json] = field(default_factory=list[Json])

    @property
    def censored(self) -> bool:
        return any(each["type"] == "censorship" for each in self.metadata)


@dataclass(slots=True, eq=False)
class GenerationRequest:
    """An image or text request.

    `jobs`: requested jobs; `waiting`: jobs that no worker has taken yet; `running_since`: start and
    duration in seconds of the running jobs; `failed`: jobs that timed out or were reported faulted,
    which the real server counts for `done`.
    """

    kind: JobKind
    user: User
    prompt: str
    body: Json  # the request body
    payload: Json  # its params after style and downgrade
    models: tuple[str, ...]
    jobs: int
    price: float
    price_per_result: float = 0.0  # the price of one delivered result without the tax
    price_factor: float = 1.0  # of the model
    api_key: str = ""  # that it was submitted with
    steps: int = 30
    shared_key: SharedKey | None = None
    behaviour: Behaviour | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    nsfw: bool = True
    r2: bool = True
    trusted_workers: bool = False
    workers: frozenset[str] = frozenset()
    blacklist: bool = False
    batching: bool = True
    width: int = 512
    height: int = 512
    max_length: int = 80
    max_context_length: int = 2048
    webhook: str | None = None
    active: bool = True
    queue_order: float = 0.0
    seed: int | None = None
    requested_jobs: int = 0
    source: bytes | None = None
    mask: bytes | None = None
    extra_images: tuple[bytes, ...] = ()
    original_images: dict[str, bytes] = field(
        default_factory=dict[str, bytes]
    )  # its images as they were sent
    waiting: int = 0
    running: int = 0
    running_since: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    failed: int = 0
    faulted: bool = False
    cancelled: bool = False
    charged: float = 0.0
    reserved: float = 0.0
    generations: list[Generation] = field(default_factory=list[Generation])
    created_at: float = field(default_factory=time.time)
    last_activity_at: float = field(default_factory=time.time)
    done_at: float | None = None
    possible: bool = True
    possible_at: float = -math.inf
    eligible: tuple[int, int] = (0, 0)  # workers that could take it, and their threads
    positions: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])

    def __post_init__(self) -> None:
        self.requested_jobs = self.jobs

    @property
    def done(self) -> bool:
        """Computed as on the real server, which is wrong for some requests."""
        closed = len(self.generations) + self.failed - self.running >= self.jobs
        return self.faulted or (self.waiting == 0 and closed)

    @property
    def state(self) -> str:
        """The state for the control API."""
        if self.faulted:
            return "faulted"
        if self.cancelled:
            return "cancelled"
        if self.done:
            return "done"
        return "processing" if self.running else "waiting"

    def status_fields(self, wait_time: int, position: int, *, possible: bool) -> Json:
        """The ten fields that check and status share."""
        return {
            "finished": len(self.generations),
            "processing": self.running,
            "restarted": self.failed,
            "waiting": self.waiting,
            "done": self.done,
            "faulted": self.faulted,
            "wait_time": wait_time,
            "queue_position": position,
            "kudos": float(round(self.charged)),
            "is_possible": possible,
        }


@dataclass(slots=True, eq=False)
class AlchemyForm:
    """One form of an alchemy request."""

    name: str
    request: "AlchemyRequest"
    behaviour: Behaviour | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "waiting"
    aborts: int = 0
    result: Json | None = None
    queue_order: float = 0.0
    control_type: str = ""  # of the form `annotation`


@dataclass(slots=True, eq=False)
class AlchemyRequest:
    """An alchemy request: one image and its forms."""

    user: User
    source: bytes
    size: tuple[int, int]
    payload: Json
    slow_workers: bool = True
    trusted_workers: bool = False
    webhook: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    forms: list[AlchemyForm] = field(default_factory=list[AlchemyForm])
    charged: float = 0.0
    created_at: float = field(default_factory=time.time)
    last_activity_at: float = field(default_factory=time.time)
    done_at: float | None = None

    @property
    def state(self) -> str:
        """The overall state; a cancelled request is "partial", one without forms "faulted"."""
        states = {form.state for form in self.forms}
        if states <= {"faulted"}:
            return "faulted"
        if states == {"done"}:
            return "done"
        return next((each for each in ("processing", "waiting") if each in states), "partial")

    @property
    def finished(self) -> bool:
        return all(form.state in ("done", "faulted", "cancelled") for form in self.forms)
