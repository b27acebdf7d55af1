"""State of an open request in memory, and the presenter that shows it."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.aio.clock import ticks
from bot.domain.records import MessageRef, Record
from bot.domain.results import Status
from bot.pipeline.tracking.capacity_warning import CapacityWarning


class Presenter(Protocol):
    """Shows requests. `show` and `tell` are called under the lock of the record only."""

    async def show(
        self, record: Record, status: Status, *, parent_link: str = ""
    ) -> tuple[MessageRef, ...]:
        """Show a status on the messages of the request.

        `parent_link`: address of the card of the parent request. Returns the messages that it had
        to post. Raises Undeliverable.
        """
        ...

    async def tell(self, record: Record, text: str) -> None:
        """Send the requester a private message; dropped when there is no private way."""
        ...

    async def card_exists(self, record: Record) -> MessageRef | None:
        """The first card, if Discord accepted it. Raises Undeliverable when that is unknown."""
        ...


@dataclass(slots=True)
class TrackedRequest:
    """One open request, its last polled status and the shown one.

    Times are seconds of the event loop's clock. Counters are reset by a success.
    """

    record: Record
    stale: bool = False  # its row was changed elsewhere: read it again first
    notified: bool = False  # a webhook reported a result
    near_end: bool = False  # it may end at any moment
    seen: Status | None = None
    capacity: CapacityWarning = field(default_factory=CapacityWarning)
    impossible: int = 0  # polls in a row that report that no worker can take it
    turn_at: float | None = None  # when it may be polled after an outage
    idle_at: float | None = None  # last poll without a worker at work
    shown: Status | None = None
    shown_at: float = float("-inf")
    progress_at: float = field(default_factory=ticks)
    suspect_at: float | None = None  # since when polls report an end, unconfirmed
    end_announced: bool = False  # its card announces that it cannot be edited any more soon
    unreachable: bool = False  # its message cannot be edited: nothing is shown until the outcome
    deleted: bool = False  # ... since the message was deleted
    failures: int = 0  # failed polls
    crashes: int = 0  # bugs
    undelivered: int = 0  # tries to show its outcome
    refused: int = 0  # ... that Discord refused on every route
    downloads: int = 0  # tries to download the results of the outcome
    full_polls: list[float] = field(default_factory=list[float])

    @property
    def leaving(self) -> bool:
        """It is being cancelled at its backend, to be made by another one."""
        return self.record.status is not None and self.record.status.leaving

    def age(self, now: float) -> float:
        """Seconds since its submit. `now`: UTC seconds."""
        return max(0.0, now - (self.record.sent_at or now))
