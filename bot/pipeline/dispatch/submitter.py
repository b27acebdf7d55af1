"""One submit, from the queue to a receipt.

The row says SENDING before the call leaves, so that after a crash it is known to be in doubt: the
backend may have it or not. lost_submits.py settles that, submit_results.py what else goes wrong.
"""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.accounts.allowances import Allowances
from bot.accounts.credentials import Credentials
from bot.aio.clock import ticks
from bot.aio.keyed_locks import KeyedLocks
from bot.backends.base import Backend, Receipt
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.domain.request_images import Pictures
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BackendError, BotError, StoreError, Transient, VaultError
from bot.pictures.uploads import UploadedImages
from bot.pipeline.dispatch.lost_submits import LostSubmits
from bot.pipeline.dispatch.submit_results import AGAIN, CANCELLED, OVER, SubmitResult, SubmitResults
from bot.pipeline.tracking.settlement import Settlement
from bot.pipeline.tracking.state import TrackedRequest
from bot.storage import Store

log = logging.getLogger(__name__)
ASK_PAUSE_MAX = 30.0  # seconds between questions about a lost one, whatever a header asks for
STORE_PAUSE = 2.0  # seconds while the database is busy
BUG_PAUSE = 30.0


class SubmitPermit(Protocol):
    """A place in the windows of a backend."""

    def left(self) -> None:
        """The call leaves now."""
        ...

    def answered(self) -> None:
        """Its answer is here, or it never will be."""
        ...


# Waits until a call may leave; None when that is too far off: back into the queue.
Leave = Callable[[], AbstractAsyncContextManager[SubmitPermit | None]]


class Submitter:
    """Submits the requests of one backend."""

    def __init__(
        self,
        *,
        store: Store,
        backend: Backend,
        weather: OutageMonitor,
        keys: Credentials,
        sources: UploadedImages,
        outcomes: Settlement,
        locks: KeyedLocks,
        ring_at: Callable[[int], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.doubts = LostSubmits(backend, store)
        self._store = store
        self._backend = backend
        self._weather = weather
        self._keys = keys
        self._sources = sources
        self._outcomes = outcomes
        self._locks = locks
        self._ring_at = ring_at
        self._allowances = Allowances(backend, clock)
        self._setbacks = SubmitResults(
            store=store,
            backend=backend,
            weather=weather,
            outcomes=outcomes,
            clock=clock,
        )

    async def send(self, record_id: int, leave: Leave) -> SubmitResult:
        """Take one turn. Never raises but for cancellation: a bug is this request's alone."""
        try:
            async with self._locks.hold(record_id):
                record = await self._store.requests.get(record_id)
                if record is None or not record.phase.is_open:
                    self.doubts.end(record_id)
                    return OVER
                if record.outcome_at is not None or record.remote_id is not None:
                    self.doubts.end(record_id)  # taken or over already: it is the tracker's
                    return SubmitResult(record=record)
                if record.phase is Phase.SENDING:
                    return await self._settle(record)
                return await self._send(record, leave)
        except StoreError as error:
            log.info("#%d waits for the database: %s", record_id, error)
            return SubmitResult(again=True, delay=STORE_PAUSE)
        except Exception:
            log.exception("#%d: sending it failed", record_id)
            return SubmitResult(again=True, delay=BUG_PAUSE)

    async def show_waiting(self, tracked: TrackedRequest, status: Status) -> bool:
        """Tell someone who waits with us where they stand. False: it does not wait any more.

        What was not sent yet and whose message was deleted is nobody's wish: it is cancelled.
        """
        async with self._locks.hold(tracked.record.id):
            record = await self._store.requests.get(tracked.record.id)
            if record is None or record.outcome_at is not None:
                return False
            if record.phase not in {Phase.QUEUED, Phase.SENDING}:
                return False
            tracked.record = record
            await self._outcomes.show_open(tracked, status)
            if tracked.deaf:
                tracked.shown_at = ticks()  # others are shown before it is asked for again
            if not tracked.deleted or record.phase is Phase.SENDING:
                return True
            log.info("#%d: its message is gone before it was sent", record.id)
            await self._outcomes.settle(record, CANCELLED)
            return False

    def owes_last_word(self, tracked: TrackedRequest) -> bool:
        """Soon its card cannot be changed any more, and does not say so yet."""
        return self._outcomes.owes_last_word(tracked)

    async def _send(self, record: Record, leave: Leave) -> SubmitResult:
        if record.cancel_at is not None:
            return await self._setbacks.end(record, CANCELLED)
        try:
            key = await self._keys.key_of(record)
            await self._allowances.check(key, record.request)
            pictures = await self._pictures(record)
        except BackendDown as error:  # Discord did not hand out the upload
            return await self._setbacks.not_fetched(record, error)
        except StoreError:
            raise
        except BotError as error:
            return await self._setbacks.failed(record, error)
        except Exception:  # what somebody uploaded may bring it up each time
            log.exception("#%d: getting it ready failed", record.id)
            return await self._setbacks.stumbled(record)
        async with leave() as departure:
            if departure is None or self._held_up(record):
                return AGAIN
            with self.doubts.on_way(record):
                return await self._submit(record, key, pictures, departure)

    def _held_up(self, record: Record) -> bool:
        """Something came up while it was on its way to the door."""
        doubted = self.doubts.holds_up(record.slot_owner, record.kind, record.id)
        return doubted or not self._weather.fine

    async def _pictures(self, record: Record) -> Pictures:
        """The uploaded pictures, fetched once and kept with the record."""
        request, pictures = await self._sources.gather(record.request, record.id)
        if request != record.request:
            # What comes now has tries of its own.
            queued = {Phase.QUEUED}
            await self._store.requests.change(record.id, when=queued, request=request, attempts=0)
        return pictures

    async def _submit(
        self, record: Record, key: str, pictures: Pictures, departure: SubmitPermit
    ) -> SubmitResult:
        claimed = await self._store.requests.change(
            record.id, when={Phase.QUEUED}, unsettled=True, phase=Phase.SENDING
        )
        if claimed is None:
            return OVER
        if claimed.cancel_at is not None:
            return await self._setbacks.end(claimed, CANCELLED)
        try:
            receipt = await self._call(claimed, key, pictures, departure)
        except BackendDown as error:
            return await self._no_answer(claimed, error)
        except BotError as error:
            return await self._setbacks.failed(claimed, error)
        except Exception as error:
            log.exception("#%d: sending it failed", claimed.id)
            return await self._setbacks.failed(claimed, BackendError(type(error).__name__))
        return await self._setbacks.taken(claimed, receipt)

    async def _call(
        self, record: Record, key: str, pictures: Pictures, departure: SubmitPermit
    ) -> Receipt:
        departure.left()
        try:
            return await self._backend.submit(
                record.request, key, pictures=pictures, webhook=self._ring_at(record.id)
            )
        finally:
            departure.answered()

    async def _no_answer(self, record: Record, error: BackendDown) -> SubmitResult:
        if not error.in_doubt:
            return await self._setbacks.failed(record, error)
        log.info("#%d: the answer to its submit was lost", record.id)
        self.doubts.begin(record)
        outage = await self._weather.is_outage(error)
        # It is still SENDING: its next turn settles it.
        return SubmitResult(again=True, hold=0.0 if outage else self._setbacks.unanswered(record))

    async def _settle(self, record: Record) -> SubmitResult:
        """In doubt: adopted when it is found, else sent once more."""
        self.doubts.begin(record)
        try:
            finding = await self.doubts.look(record, await self._keys.key_of(record))
        except Transient as error:
            if await self._weather.is_outage(error):
                return SubmitResult(again=True, delay=1.0)
            if not self.doubts.is_hopeless(record):
                return SubmitResult(again=True, delay=min(error.retry_after or 5.0, ASK_PAUSE_MAX))
            log.warning("#%d: the account does not tell whether it was taken", record.id)
            verdict = await self._setbacks.lost(record)
        except (BackendError, VaultError) as error:
            log.info("#%d: cannot be looked for: %s", record.id, error)
            verdict = await self._setbacks.lost(record)
        except StoreError:
            raise
        except Exception:  # all who share the key wait for what comes of it
            log.exception("#%d: looking for it failed", record.id)
            verdict = await self._setbacks.lost(record)
        else:
            if finding.again_in:
                return SubmitResult(again=True, delay=finding.again_in)
            if finding.remote_id:
                log.info("#%d: found again", record.id)
                verdict = await self._setbacks.taken(record, Receipt(finding.remote_id))
            else:
                verdict = await self._setbacks.lost(record)
        self.doubts.end(record.id)
        return verdict
