"""How a request ends: the outcome is written down, shown to its person, and only then closed."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import Undeliverable
from bot.pace import Pace
from bot.records import MessageRef, Reach, Record
from bot.results import OPEN, Phase, Status
from bot.store import Store

log = logging.getLogger(__name__)
HOLD_TRIES = 5  # deliveries of something private while no door is open
RETRY_MAX = 60.0  # seconds between deliveries while Discord cannot be reached
OPEN_EDITS = ((20, 1.0),)  # edits of unfinished cards, all together; results are not counted


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
class Tracked:
    """One open request, and what was seen and shown of it. UTC seconds."""

    record: Record
    seen: Status | None = None
    looked_at: float = 0.0
    shown: Status | None = None
    shown_at: float = 0.0
    progress_at: float = 0.0
    suspect_at: float | None = None  # since when it only looks over
    deaf: bool = False  # its message is gone: nothing is shown until the end
    failures: int = 0
    gathers: int = 0  # tries to get the bytes of the outcome
    full_looks: list[float] = field(default_factory=list[float])


class Outcomes:
    """Shows what a request has come to. Every part may be repeated after a crash."""

    def __init__(
        self, store: Store, presenter: Presenter, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._presenter = presenter
        self._clock = clock
        self._edits = Pace(OPEN_EDITS)

    async def settle(self, record: Record, outcome: Status) -> Record | None:
        """Write an outcome down; None when the request was over already."""
        return await self._store.change(
            record.id, status=outcome, outcome_at=self._clock(), when=OPEN
        )

    async def show_open(self, tracked: Tracked, status: Status) -> None:
        """Show an unfinished state, unless too many edits leave at once or nobody would see it."""
        now = time.monotonic()
        if tracked.deaf or self._edits.ready_at() > now:
            return
        self._edits.sent(now)
        tracked.shown, tracked.shown_at = status, self._clock()
        try:
            moved = await self._presenter.show(tracked.record, status)
        except Undeliverable as error:
            tracked.deaf = error.gone
            log.info("#%d cannot be shown: %s", tracked.record.id, error)
            return
        await self._moved(tracked, moved)

    async def show(self, tracked: Tracked, outcome: Status) -> float | None:
        """Show the outcome and close the row. Gives seconds until another try, None when done."""
        try:
            moved = await self._presenter.show(tracked.record, outcome)
        except Undeliverable as error:
            if error.gone:
                return await self._without_message(tracked.record, outcome)
            return await self._later(tracked, outcome)
        await self._moved(tracked, moved)
        await self._close(tracked.record, outcome, outcome.phase)
        return None

    async def _without_message(self, record: Record, outcome: Status) -> None:
        log.info("#%d: its message is gone; it is in the history", record.id)
        if record.remote_id is not None:
            await self._presenter.tell(record, _lost_words(record, outcome))
        await self._close(record, outcome, outcome.phase)

    async def _later(self, tracked: Tracked, outcome: Status) -> float | None:
        tracked.failures += 1
        if not self._must_hold(tracked):
            return min(RETRY_MAX, 2.0**tracked.failures)
        await self._close(tracked.record, outcome, Phase.HELD)
        return None

    def _must_hold(self, tracked: Tracked) -> bool:
        """No door will open again by itself: private or foreign place, and the token is dead."""
        ref = tracked.record.messages[-1]
        dead = ref.token_expires_at <= self._clock()
        alone = tracked.record.private or ref.reach is Reach.USER_INSTALL
        return dead and alone and tracked.failures >= HOLD_TRIES

    async def _close(self, record: Record, outcome: Status, phase: Phase) -> None:
        await self._store.change(record.id, phase=phase, status=outcome, closed_at=self._clock())
        log.info("#%d %s", record.id, phase)

    async def _moved(self, tracked: Tracked, message: MessageRef | None) -> None:
        if message is not None:
            await self._store.move(tracked.record.id, message)
            tracked.record = await self._store.get(tracked.record.id) or tracked.record


def _lost_words(record: Record, outcome: Status) -> str:
    made = "is ready" if outcome.arrived else "has ended"
    return f"Request #{record.id} {made}, but its message is gone. You find it in /history."
