"""One submit, from the queue to a receipt, and every way in which that can fail.

The row says SENDING before the call leaves, so that after a crash it is known to be in doubt:
the backend may have it or not. An account's own list of live requests can settle that.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.backends.base import Backend, Receipt
from bot.errors import (
    BackendDown,
    BackendError,
    BadOption,
    BotError,
    RateLimited,
    RequestRejected,
    TooManyPrompts,
    Transient,
)
from bot.keys import Keys
from bot.locks import Locks
from bot.outcomes import Outcomes, Presenter, Tracked
from bot.records import Payer, Record
from bot.requests import AlchemyRequest, Kind
from bot.results import Phase, Status
from bot.sources import Sources
from bot.store import Store
from bot.timing import FIRST_LOOK
from bot.weather import Weather

log = logging.getLogger(__name__)
TRIES = 3  # failures of its own (not an outage's) before a request is refused
ACCOUNT_CACHE = 31.0  # HORDE 1.8: find_user is cached for 30 s, so an older answer proves nothing
SENT_TWICE = "The Horde did not confirm the first try, so it was sent a second time."
NOT_TWICE = "The answer was lost and sending it again might pay twice. Press Again to do so."
REFUSED = "The Horde failed on this request three times. Change something and try again."
PRIVATE_REASON = "This could not be sent. Its requester was told why."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a turn. `again`: it is back in the queue, `delay` seconds from now.

    Otherwise `record` is for the tracker (in `delay` seconds), or None when it is over.
    """

    again: bool = False
    record: Record | None = None
    delay: float = 0.0
    error: BotError | None = None


OVER = Verdict()


class Sender:
    """Submits the requests of one backend."""

    def __init__(
        self,
        *,
        store: Store,
        backend: Backend,
        weather: Weather,
        keys: Keys,
        sources: Sources,
        presenter: Presenter,
        outcomes: Outcomes,
        locks: Locks,
        ring_at: Callable[[int], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._backend = backend
        self._weather = weather
        self._keys = keys
        self._sources = sources
        self._presenter = presenter
        self._outcomes = outcomes
        self._locks = locks
        self._ring_at = ring_at
        self._clock = clock
        self._doubts: dict[tuple[str, Kind], asyncio.Lock] = {}

    async def send(self, record_id: int) -> Verdict:
        """Take one turn. Never raises but for cancellation: a bug is this request's alone."""
        async with self._locks.hold(record_id):
            record = await self._store.get(record_id)
            if record is None or record.phase not in {Phase.QUEUED, Phase.SENDING}:
                return OVER
            try:
                return await self._send(record)
            except BotError as error:
                return await self._failed(record, error)
            except Exception as error:
                log.exception("#%d: sending it failed", record_id)
                return await self._failed(record, BackendError(type(error).__name__))

    async def show_queued(self, tracked: Tracked, status: Status) -> None:
        """Tell someone who waits with us where they stand."""
        async with self._locks.hold(tracked.record.id):
            record = await self._store.get(tracked.record.id)
            if record is not None and record.phase is Phase.QUEUED and record.outcome_at is None:
                await self._outcomes.show_open(tracked, status)

    async def _send(self, record: Record) -> Verdict:
        if record.outcome_at is not None:  # cancelled meanwhile: the tracker shows it
            return Verdict(record=record)
        key = await self._keys.key_of(record)
        if record.phase is Phase.SENDING:
            return await self._resolve_doubt(record, key)
        source = await self._source(record)
        claimed = await self._store.change(record.id, when={Phase.QUEUED}, phase=Phase.SENDING)
        if claimed is None:
            return OVER
        return await self._submit(claimed, key, source)

    async def _source(self, record: Record) -> bytes:
        """The uploaded picture, fetched once and kept with the record."""
        request = record.request
        if not isinstance(request, AlchemyRequest):
            return b""
        source, data = await self._sources.load(request.source, record.id)
        if source != request.source:
            kept = request.model_copy(update={"source": source})
            await self._store.change(record.id, when={Phase.QUEUED}, request=kept)
        return data

    async def _submit(self, record: Record, key: str, source: bytes) -> Verdict:
        try:
            receipt = await self._backend.submit(
                record.request, key, source=source, webhook=self._ring_at(record.id)
            )
        except BackendDown as error:
            if not error.in_doubt:
                raise
            log.info("#%d: the answer to its submit was lost", record.id)
            await self._weather.is_outage(error)
            return await self._resolve_doubt(record, key)
        return await self._taken(record, receipt)

    async def _taken(self, record: Record, receipt: Receipt) -> Verdict:
        now = self._clock()
        earlier = record.status.warnings if record.status else ()
        status = Status(
            phase=Phase.WAITING,
            waiting=record.request.count,
            warnings=tuple(dict.fromkeys((*earlier, *receipt.warnings))),
        )
        sent = await self._store.change(
            record.id,
            when={Phase.SENDING},
            phase=Phase.WAITING,
            remote_id=receipt.remote_id,
            status=status,
            sent_at=now,
            due_at=now + FIRST_LOOK,
            expires_at=now + self._backend.request_lifetime,
            attempts=0,
        )
        log.info("#%d sent", record.id)
        if sent is None:
            return OVER
        return Verdict(record=sent, delay=0.0 if sent.cancel_at else FIRST_LOOK)

    async def _resolve_doubt(self, record: Record, key: str) -> Verdict:
        """A submit whose answer was lost: adopted when the account shows it, else sent once more.

        One at a time per key and kind, so that two lost ones are not taken for each other.
        """
        lock = self._doubts.setdefault(
            (f"{record.payer}:{record.user_id}", record.kind), asyncio.Lock()
        )
        async with lock:
            await self._weather.wait()
            adopted = await self._find_lost(record, key)
        if adopted is not None:
            log.info("#%d: found again in its account", record.id)
            return await self._taken(record, Receipt(adopted))
        if record.cancel_at is not None:
            return await self._end(record, Status(phase=Phase.CANCELLED))
        if self._backend.capabilities.resubmit == "never" or record.resends > 0:
            return await self._end(record, Status(phase=Phase.REJECTED, detail=NOT_TWICE))
        status = Status(phase=Phase.QUEUED, warnings=(SENT_TWICE,))
        await self._store.change(
            record.id, when={Phase.SENDING}, phase=Phase.QUEUED, resends=1, status=status
        )
        return Verdict(again=True)

    async def _find_lost(self, record: Record, key: str) -> str | None:
        """The id of the request in its account's list, when exactly one there is not ours."""
        if record.payer is Payer.ANONYMOUS or record.kind is Kind.ALCHEMY:
            return None  # neither is listed anywhere (HORDE 1.8)
        for wait in (0.0, ACCOUNT_CACHE):
            await asyncio.sleep(wait)
            account = await self._backend.account(key)
            known = await self._store.known_remote_ids(account.active)
            unknown = account.active - known
            if unknown:
                return next(iter(unknown)) if len(unknown) == 1 else None
        return None

    async def _failed(self, record: Record, error: BotError) -> Verdict:
        """The submit was refused or could not be made; the request itself was not taken."""
        if isinstance(error, RateLimited | TooManyPrompts):
            return await self._back(record, error, attempts=record.attempts)
        if isinstance(error, Transient) and await self._weather.is_outage(error):
            return await self._back(record, error, attempts=record.attempts)
        if isinstance(error, RequestRejected):
            return await self._reject(record, error)
        if isinstance(error, BadOption):
            return await self._end(record, Status(phase=Phase.REJECTED, detail=str(error)))
        if record.attempts + 1 >= TRIES:
            return await self._end(record, Status(phase=Phase.REJECTED, detail=REFUSED))
        log.info("#%d: %s", record.id, error)
        return await self._back(record, error, attempts=record.attempts + 1)

    async def _back(self, record: Record, error: BotError, *, attempts: int) -> Verdict:
        back = await self._store.change(
            record.id,
            when={Phase.QUEUED, Phase.SENDING},
            phase=Phase.QUEUED,
            attempts=attempts,
        )
        if back is None:
            return OVER
        if back.cancel_at is not None:
            return await self._end(back, Status(phase=Phase.CANCELLED))
        return Verdict(again=True, delay=2.0**attempts, error=error)

    async def _reject(self, record: Record, error: RequestRejected) -> Verdict:
        if not error.private:
            return await self._end(record, Status(phase=Phase.REJECTED, detail=str(error)))
        await self._presenter.tell(record, str(error))
        detail = str(error) if record.private else PRIVATE_REASON
        return await self._end(record, Status(phase=Phase.REJECTED, detail=detail, public=False))

    async def _end(self, record: Record, outcome: Status) -> Verdict:
        settled = await self._outcomes.settle(record, outcome)
        return Verdict(record=settled) if settled is not None else OVER

    async def was_acked(self, record: Record) -> Record | None:
        """After a restart: whether Discord ever took the first answer of this row.

        None when it did not (the row is cancelled, unsent: Discord told the person) or when it
        is over. Raises Undeliverable while Discord cannot say.
        """
        if record.acked:
            return record
        message = await self._presenter.card_exists(record)
        if message is None:
            log.info("#%d was never answered: cancelled, unsent", record.id)
            await self._store.change(
                record.id, phase=Phase.CANCELLED, status=Status(phase=Phase.CANCELLED),
                closed_at=self._clock(),
            )  # fmt: skip
            return None
        return await self._store.ack(record.id, message.message_id)
