"""What the poller keeps of an open request, and the presenter that shows it."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.aio.clock import ticks
from bot.domain.records import MessageRef, Record
from bot.domain.results import Status


class Presenter(Protocol):
    """Whoever puts states before people. Called under the record's lock only."""

    async def show(self, record: Record, status: Status) -> MessageRef | None:
        """Show it; gives the new message when it had to move. Raises Undeliverable."""
        ...

    async def tell(self, record: Record, text: str) -> None:
        """A private word to the requester; dropped when there is no private way."""
        ...

    async def card_exists(self, record: Record) -> MessageRef | None:
        """Whether Discord ever took our first answer. Raises Undeliverable when unknown."""
        ...


@dataclass(slots=True)
class TrackedRequest:
    """One open request, and what was seen and shown of it. Times in ticks, which never jump."""

    record: Record
    stale: bool = False  # its row was changed by somebody else: read it again first
    rung: bool = False  # the backend says that something is ready
    near: bool = False  # it may end at any moment
    seen: Status | None = None
    turn_at: float | None = None  # it is due, and others that are go first
    idle_at: float | None = None  # the newest look that saw no worker have it
    shown: Status | None = None
    shown_at: float = float("-inf")
    progress_at: float = field(default_factory=ticks)
    suspect_at: float | None = None  # since when it only looks over
    warned: bool = False  # its card says that it falls silent
    deaf: bool = False  # its message cannot be changed: nothing is shown until the end
    deleted: bool = False  # ... since it is not there any more
    failures: int = 0  # of looks, in a row
    crashes: int = 0  # bugs of ours, in a row
    undelivered: int = 0  # tries to show its outcome ...
    refused: int = 0  # ... that every door refused
    gathers: int = 0  # tries to get the bytes of the outcome
    full_looks: list[float] = field(default_factory=list[float])
