"""What comes back from a backend: a phase, counts, and what was made."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Phase(StrEnum):
    """Where a request stands. The first four are open, the rest are outcomes."""

    QUEUED = "queued"  # in our own queue
    SENDING = "sending"  # a submit is under way, or its answer was lost
    WAITING = "waiting"  # at the backend, not started
    PROCESSING = "processing"  # a worker has it
    DONE = "done"
    PARTIAL = "partial"  # some of it arrived
    FAULTED = "faulted"  # nothing arrived
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    HELD = "held"  # over, but its person has not seen it yet

    @property
    def is_open(self) -> bool:
        """Still to be driven by the dispatcher or the tracker."""
        return self in OPEN


OPEN = frozenset({Phase.QUEUED, Phase.SENDING, Phase.WAITING, Phase.PROCESSING})


class _Value(BaseModel):
    # Statuses are stored with their request, so they read and write themselves as JSON.
    model_config = ConfigDict(frozen=True, extra="ignore")


class ImageGeneration(_Value):
    """One picture. `url` is short-lived; `file` names its bytes in the spool once they are here."""

    type: Literal["image"] = "image"
    id: str
    url: str = ""
    file: str = ""
    seed: str = ""
    model: str = ""
    worker: str = ""
    width: int = 0  # as delivered; 0 until the bytes are here
    height: int = 0
    censored: Literal["", "nsfw", "csam"] = ""
    problem: str = ""  # why there is no picture, for a person
    notes: tuple[str, ...] = ()  # what the worker remarked (a LoRA that failed to load ...)

    @property
    def arrived(self) -> bool:
        """There is a picture to show."""
        return bool(self.file) and not self.problem


class TextGeneration(_Value):
    """One text."""

    type: Literal["text"] = "text"
    text: str
    model: str = ""
    worker: str = ""
    censored: Literal["", "censored", "csam"] = ""

    @property
    def arrived(self) -> bool:
        """There is a text to show."""
        return not self.censored and bool(self.text)


class Tag(_Value):
    """One word of an interrogation. `confidence` in percent."""

    text: str
    confidence: float = 0.0


class FormResult(_Value):
    """One alchemy form. Which of the result fields is set follows from FORMS[form].returns."""

    type: Literal["form"] = "form"
    form: str
    state: Literal["waiting", "processing", "done", "faulted", "cancelled"]
    text: str = ""
    flag: bool | None = None
    tags: dict[str, tuple[Tag, ...]] = Field(default_factory=dict[str, tuple[Tag, ...]])
    url: str = ""
    file: str = ""
    width: int = 0
    height: int = 0
    problem: str = ""

    @property
    def arrived(self) -> bool:
        """There is something to show."""
        has_value = bool(self.text or self.file or self.tags) or self.flag is not None
        return self.state == "done" and not self.problem and has_value


Generation = Annotated[ImageGeneration | TextGeneration | FormResult, Field(discriminator="type")]


class Status(_Value):
    """One look at a request. Times in seconds; `kudos` is what was spent so far.

    `generations` holds what is known now, also while open (partial results).
    `detail` is a sentence for the requester, `public` says whether the channel may read it.
    """

    phase: Phase
    waiting: int = 0
    processing: int = 0
    finished: int = 0
    restarted: int = 0
    queue_position: int = 0
    wait_time: int = 0
    kudos: float = 0.0
    is_possible: bool = True
    generations: tuple[Generation, ...] = ()
    detail: str = ""
    public: bool = True
    warnings: tuple[str, ...] = ()
    settled: bool = True  # False: it looks over, but only a second look may believe it

    @property
    def pictures(self) -> tuple[ImageGeneration, ...]:
        """The image generations, in order."""
        return tuple(g for g in self.generations if isinstance(g, ImageGeneration))

    @property
    def texts(self) -> tuple[TextGeneration, ...]:
        """The text generations, in order."""
        return tuple(g for g in self.generations if isinstance(g, TextGeneration))

    @property
    def forms(self) -> tuple[FormResult, ...]:
        """The alchemy forms, in order."""
        return tuple(g for g in self.generations if isinstance(g, FormResult))

    @property
    def arrived(self) -> int:
        """How many generations can be shown."""
        return sum(g.arrived for g in self.generations)
