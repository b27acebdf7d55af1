"""Who waits with us sees the place move, and what the wait is for."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.aio.clock import ticks
from bot.domain.records import Record
from bot.domain.results import Phase, Status
from bot.errors import StoreError
from bot.pipeline.tracking.poll_timing import ETA_SHIFT, QUEUE_EDIT
from bot.pipeline.tracking.state import TrackedRequest

log = logging.getLogger(__name__)
EVERY = 1.05  # seconds between rounds: as long as the window of all edits together
FIRST = 3.0  # seconds after which a card says its place: most have left by then
A_ROUND = 20  # edits: what all unfinished cards together may have in a second

QueuePosition = Callable[
    [Record], tuple[int, int]
]  # place, and seconds until it leaves (0: unknown)
Show = Callable[[TrackedRequest, Status], Awaitable[bool]]  # False: it does not wait any more


class QueueUpdates:
    """Edits each card at most every 15 s, and only when it has something new to say."""

    def __init__(
        self,
        *,
        standing: QueuePosition,
        reason: Callable[[], str],
        show: Show,
        must: Callable[[TrackedRequest], bool],
        left: Callable[[int], None],
    ) -> None:
        """`reason`: why nothing leaves, or "". `left`: told who does not wait any more.

        `must`: whether a card is shown although it would say the same.
        """
        self._standing = standing
        self._reason = reason
        self._show = show
        self._must = must
        self._left = left
        self._waiting: dict[int, TrackedRequest] = {}
        self._room = asyncio.Semaphore(A_ROUND)
        self._editing: set[int] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, record: Record) -> None:
        """Its card is kept true from now on."""
        if record.id not in self._waiting:
            shown_at = ticks() - QUEUE_EDIT + FIRST
            self._waiting[record.id] = TrackedRequest(record=record, shown_at=shown_at)

    def drop(self, record_id: int) -> None:
        """It has left the queue."""
        self._waiting.pop(record_id, None)

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as edits:
            while True:
                await asyncio.sleep(EVERY)
                for record_id, status in self._due():
                    await self._room.acquire()
                    self._editing.add(record_id)
                    edits.create_task(self._edit(record_id, status))

    def _due(self) -> list[tuple[int, Status]]:
        """Whose cards are false for the longest time, and what they should say."""
        now, found = ticks(), list[tuple[int, Status]]()
        for record_id, tracked in sorted(self._waiting.items(), key=lambda one: one[1].shown_at):
            if now - tracked.shown_at < QUEUE_EDIT or len(found) >= A_ROUND:
                break
            status = self._status(tracked) if record_id not in self._editing else None
            if status is not None and (_worth_showing(tracked, status, now) or self._must(tracked)):
                found.append((record_id, status))
        return found

    def _status(self, tracked: TrackedRequest) -> Status | None:
        place, wait = self._standing(tracked.record)
        if not place:  # it is being sent right now
            return None
        base = tracked.record.status or Status(phase=Phase.QUEUED)
        return base.in_queue(place, wait, self._reason())

    async def _edit(self, record_id: int, status: Status) -> None:
        try:
            tracked = self._waiting.get(record_id)
            if tracked is not None and not await self._show(tracked, status):
                self._left(record_id)
        except StoreError as error:
            log.info("#%d: its place is not shown: %s", record_id, error)
        except Exception:
            log.exception("#%d: its place cannot be shown", record_id)
        finally:
            self._editing.discard(record_id)
            self._room.release()


def _worth_showing(tracked: TrackedRequest, status: Status, now: float) -> bool:
    old = tracked.shown
    if old is None:
        return True
    if (old.queue_position, old.detail) != (status.queue_position, status.detail):
        return True
    if not (old.wait_time and status.wait_time):
        return old.wait_time != status.wait_time
    moved = (tracked.shown_at + old.wait_time) - (now + status.wait_time)
    return abs(moved) > ETA_SHIFT
