"""A presenter that remembers what it showed, and refuses what a test wants refused."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace

from bot.domain.records import MessageRef, Record
from bot.domain.results import Status


@dataclass
class FakePresenter:
    """Shown statuses in order, and refusals of Discord."""

    shown: list[tuple[int, Status]] = field(default_factory=list[tuple[int, Status]])
    told: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    faults: deque[BaseException | None] = field(default_factory=deque[BaseException | None])
    always: BaseException | None = None
    seconds: float = 0.0
    tries: int = 0
    moves: deque[MessageRef] = field(default_factory=deque[MessageRef])
    never_answered: set[int] = field(default_factory=set[int])
    unknown: deque[BaseException] = field(default_factory=deque[BaseException])

    async def show(
        self, record: Record, status: Status, *, parent_link: str = ""
    ) -> tuple[MessageRef, ...]:
        self.tries += 1
        await asyncio.sleep(self.seconds)
        if self.always is not None:
            raise self.always
        if self.faults and (fault := self.faults.popleft()) is not None:
            raise fault
        self.shown.append((record.id, status))
        return (self.moves.popleft(),) if self.moves and not status.phase.is_open else ()

    async def tell(self, record: Record, text: str) -> None:
        self.told.append((record.id, text))

    async def card_exists(self, record: Record) -> MessageRef | None:
        if self.unknown:
            raise self.unknown.popleft()
        if record.id in self.never_answered:
            return None
        return replace(record.messages[0], message_id=1_000 + record.id)

    def of(self, record_id: int) -> list[Status]:
        """The shown statuses of one request."""
        return [status for shown, status in self.shown if shown == record_id]

    def outcomes(self, record_id: int) -> list[Status]:
        return [status for status in self.of(record_id) if not status.phase.is_open]
