"""Status of a request: its phase, its counts, its texts for people, its generations."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from bot.domain.generations import (
    FormResult,
    Generation,
    ImageGeneration,
    TextGeneration,
    VideoGeneration,
)


class Phase(StrEnum):
    """State of a request. The first four are open, the rest are outcomes."""

    QUEUED = "queued"  # in the bot's own queue
    SENDING = "sending"  # a submit is under way, or its answer was lost
    WAITING = "waiting"  # at the backend, not started
    PROCESSING = "processing"  # a worker has started
    DONE = "done"
    PARTIAL = "partial"  # some of the results arrived
    FAULTED = "faulted"  # nothing arrived
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    HELD = "held"  # ended, but the requester has not seen the result yet

    @property
    def is_open(self) -> bool:
        """The dispatcher or the poller still works on the request."""
        return self in OPEN


OPEN = frozenset({Phase.QUEUED, Phase.SENDING, Phase.WAITING, Phase.PROCESSING})


class _Value(BaseModel):
    # Statuses are stored with their request, as JSON.
    model_config = ConfigDict(frozen=True, extra="ignore")


class Cut(_Value):
    """Changes of a downgrade; 0: not changed.

    Sides in pixels, `max_length` in tokens. `slow_workers`: slow workers were allowed.
    """

    width: int = 0
    height: int = 0
    steps: int = 0
    max_length: int = 0
    slow_workers: bool = False


class Preview(_Value):
    """The newest image of an unfinished job. It is shown while the request is open, never stored.

    `url`: a data URL; `file`: the name of its file, "" before it is written; `version` changes with
    the content.
    """

    url: str = ""
    file: str = ""
    version: str = ""


class Offer(_Value):
    """A backend with a price that can make a request whose own backend is not available.

    `backend`: its name in the settings; `title`: for people; `price`: in micro-USD, 0 is unknown.
    """

    backend: str
    title: str
    price: float = 0.0


class Status(_Value):
    """Status of a request at one moment. Times in seconds; `cost`: spent so far, in the
    unit of the backend.

    `queue_position`: 1-based, in the bot's own queue while QUEUED, at the backend after that; 0 is
    unknown. `generations`: the known results, also while the request is open (partial results).
    `detail`: a sentence for the requester; `public`: the channel may read it.
    `settled`: False when only a second poll can confirm that the request has ended.
    """

    phase: Phase
    waiting: int = 0
    processing: int = 0
    finished: int = 0
    restarted: int = 0
    queue_position: int = 0
    wait_time: int = 0
    cost: float = Field(default=0.0, validation_alias=AliasChoices("cost", "kudos"))  # old rows
    is_possible: bool = True
    might_stall: bool = False  # reported by newer backends: other requests overtake it
    eligible_workers: int | None = None  # online workers that suit it, reported likewise
    few_workers: bool = False  # several polls in a row reported that it might stall
    late: bool = False  # a worker has had a job for longer than the backend allows
    generations: tuple[Generation, ...] = ()
    detail: str = ""
    public: bool = True
    code: str = ""  # of a private refusal by the backend, for the log
    mistake: bool = False  # of the requester: shown to the requester alone
    warnings: tuple[str, ...] = ()
    worker_warnings: tuple[str, ...] = ()  # why no worker takes it; for the time of the wait
    settled: bool = True
    begun: bool = False  # cancelled while a worker had it: its result is still charged
    cut: Cut | None = None  # changes by the backend because kudos are missing
    dropped: bool = False  # ended by the backend's own doing, before a worker tried
    price: float = 0.0  # of each image in that unit, as the receipt said it; 0 is unknown
    share: float = 0.0  # of the work that is done, 0 to 1, where the backend tells it; 0 is unknown
    preview: Preview | None = None
    leaving: bool = False  # it is being cancelled at its backend, to be made by another one
    offer: Offer | None = None

    @classmethod
    def cancelled(cls) -> Self:
        """Outcome of a request that was cancelled before its submit."""
        return cls(phase=Phase.CANCELLED)

    @classmethod
    def rejected(cls, detail: str, *, public: bool = True, mistake: bool = False) -> Self:
        """Outcome of a request that no backend accepted. `detail`: the reason."""
        return cls(phase=Phase.REJECTED, detail=detail, public=public, mistake=mistake)

    def with_phase(self, phase: Phase) -> Self:
        """The same status in another phase."""
        return self.model_copy(update={"phase": phase})

    def with_outcome(self, phase: Phase, detail: str) -> Self:
        """This status as an outcome: nothing waits any more, and no second poll is needed."""
        outcome = {"phase": phase, "detail": detail, "settled": True, "waiting": 0}
        return self.without_preview().model_copy(update=outcome)

    def as_begun(self) -> Self:
        """The same status of a cancelled request that a worker may still charge."""
        return self.model_copy(update={"begun": True})

    def as_dropped(self) -> Self:
        """The same status of a request that the backend dropped before a worker tried."""
        return self.model_copy(update={"dropped": True})

    def with_preview(self, preview: Preview) -> Self:
        """The same status with this preview."""
        return self.model_copy(update={"preview": preview})

    def without_preview(self) -> Self:
        """The same status as it is stored: without preview and share, which change each second."""
        return self.model_copy(update={"preview": None, "share": 0.0})

    def with_generations(self, generations: Iterable[Generation]) -> Self:
        """The same status with these results."""
        return self.model_copy(update={"generations": tuple(generations)})

    def with_warnings(self, warnings: Iterable[str]) -> Self:
        """The same status with these warnings instead of its own."""
        return self.model_copy(update={"warnings": tuple(warnings)})

    def with_worker_warnings(self, warnings: Iterable[str]) -> Self:
        """The same status with these warnings about workers instead of its own."""
        return self.model_copy(update={"worker_warnings": tuple(warnings)})

    def with_cut(self, cut: Cut | None) -> Self:
        """The same status with the changes that the backend made to the request."""
        return self.model_copy(update={"cut": cut})

    def with_price(self, price: float) -> Self:
        """The same status with what each image costs."""
        return self.model_copy(update={"price": price})

    def with_cost(self, cost: float) -> Self:
        """The same status with another cost."""
        return self.model_copy(update={"cost": cost})

    def with_delays(self, *, few_workers: bool, late: bool) -> Self:
        """The same status with the reasons why it takes longer than estimated."""
        return self.model_copy(update={"few_workers": few_workers, "late": late})

    def stalled(self, reason: str) -> Self:
        """The same status while the request is stalled for that reason, so that no end can be
        estimated.
        """
        return self.model_copy(update={"detail": reason, "wait_time": 0})

    def in_queue(self, position: int, wait_time: int, detail: str) -> Self:
        """In the bot's own queue. `wait_time`: seconds until the submit; 0 when unknown.

        `detail`: why nothing is submitted; without it no other backend is offered.
        """
        queued = {"phase": Phase.QUEUED, "queue_position": position, "wait_time": wait_time}
        offer = self.offer if detail else None
        return self.model_copy(update={**queued, "detail": detail, "offer": offer})

    def with_offer(self, offer: Offer | None) -> Self:
        """The same status with the offer of another backend."""
        return self.model_copy(update={"offer": offer})

    def as_leaving(self) -> Self:
        """The same status of a request that is being cancelled, to be made elsewhere."""
        return self.model_copy(update={"leaving": True})

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
    def videos(self) -> tuple[VideoGeneration, ...]:
        """The video generations, in order."""
        return tuple(g for g in self.generations if isinstance(g, VideoGeneration))

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the downloaded result files."""
        return tuple(g.file for g in (*self.pictures, *self.forms, *self.videos) if g.file)

    @property
    def arrived(self) -> int:
        """How many generations can be shown."""
        return sum(g.arrived for g in self.generations)
