"""One submit, from the queue to a receipt.

The row is stored as SENDING before the call, so that after a crash the submit counts as lost: the
backend may have the request or not. lookups.py looks it up; submit_results.py handles the
result.
"""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from bot.accounts.allowances import Allowances
from bot.accounts.credentials import Credentials
from bot.accounts.downgrades import Downgrades
from bot.accounts.next_payer import NextPayer
from bot.accounts.price_formulas import price_estimate, result_price
from bot.aio.keyed_locks import KeyedLocks
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.backends.values import Receipt
from bot.catalog import guessed_facts
from bot.domain.capabilities import PriceUnit
from bot.domain.records import Record
from bot.domain.request_images import Pictures
from bot.domain.requests import ImageRequest, Request
from bot.domain.results import Phase, Status
from bot.errors import (
    BackendDown,
    BackendError,
    BotError,
    RequestRejected,
    StoreError,
)
from bot.i18n import set_language
from bot.parameters.upfront_kudos import AboutModel
from bot.pictures.uploads import UploadedImages
from bot.pipeline.dispatch.explicit_seed import with_seed
from bot.pipeline.dispatch.lookups import Lookups
from bot.pipeline.dispatch.lost_submits import LostSubmits
from bot.pipeline.dispatch.prompt_refusals import PromptRefusals
from bot.pipeline.dispatch.rate_gate import Permit, RateGate
from bot.pipeline.dispatch.refusal_reasons import (
    SamplingRefusal,
    sampling_refusal,
    slot_refusal,
    unknown,
)
from bot.pipeline.dispatch.submit_result import NOTHING_LEFT, RETRY, SubmitResult
from bot.pipeline.dispatch.submit_results import SubmitResults
from bot.pipeline.fallback.mover import Mover
from bot.pipeline.tracking.settlement import Settlement
from bot.storage import Store

log = logging.getLogger(__name__)
STORE_PAUSE = 2.0  # seconds while the database is busy
BUG_PAUSE = 30.0
TOKEN_BYTES = 16


class Submitter:
    """Submits the requests of one backend."""

    def __init__(
        self,
        *,
        store: Store,
        backend: Backend,
        outage_monitor: OutageMonitor,
        credentials: Credentials,
        uploads: UploadedImages,
        settlement: Settlement,
        locks: KeyedLocks,
        webhook_url: Callable[[int], str],
        refusals: PromptRefusals,
        mover: Mover,
        next_payer: NextPayer,
        about: AboutModel = guessed_facts,
        sampling: SamplingRefusal = unknown,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.lost_submits = LostSubmits(backend, store)
        self._store = store
        self._backend = backend
        self._outage_monitor = outage_monitor
        self._credentials = credentials
        self._uploads = uploads
        self._locks = locks
        self._webhook_url = webhook_url
        self._refusals = refusals
        self._allowances = Allowances(backend, clock)
        self._about = about
        self._sampling = sampling
        self._downgrades = Downgrades(backend, about)
        self._mover = mover
        self._results = SubmitResults(
            store=store,
            backend=backend,
            outage_monitor=outage_monitor,
            settlement=settlement,
            next_payer=next_payer,
            mover=mover,
            clock=clock,
        )
        self._lookups = Lookups(
            self.lost_submits, self._results, outage_monitor, credentials, webhook_url
        )

    async def submit(self, record_id: int, gate: RateGate) -> SubmitResult:
        """Submit a request, or look it up when its submit was lost. Raises only on cancellation."""
        try:
            async with self._locks.hold(record_id):
                record = await self._store.requests.get(record_id)
                is_here = record is not None and record.backend == self._backend.name
                if record is None or not is_here or not record.phase.is_open:
                    self.lost_submits.end(record_id)
                    return NOTHING_LEFT
                set_language(record.language)
                if record.outcome_at is not None or record.remote_id is not None:
                    self.lost_submits.end(record_id)
                    return SubmitResult.follow(record)
                if record.phase is Phase.SENDING:
                    return await self._lookups.settle(record)
                return await self._prepare(record, gate)
        except StoreError as error:
            log.info("#%d waits for the database: %s", record_id, error)
            return SubmitResult.retry_in(STORE_PAUSE)
        except Exception:
            log.exception("#%d: its submit failed", record_id)
            return SubmitResult.retry_in(BUG_PAUSE)

    async def _prepare(self, record: Record, gate: RateGate) -> SubmitResult:
        if (instead := await self._instead(record)) is not None:
            return instead
        try:
            self._check_refusals(record)
            key = await self._credentials.key_of(record)
            await self._allowances.check(key, record.request, self._estimate(record.request))
            pictures = await self._pictures(record)
        except BackendDown as error:
            return await self._results.no_upload(record, error)
        except StoreError:
            raise
        except BotError as error:
            return await self._results.failed(record, error)
        except Exception:  # an uploaded file may cause it each time
            log.exception("#%d: its submit could not be prepared", record.id)
            return await self._results.broken(record)
        async with gate.permit(record.id) as permit:
            if permit is None or self._is_blocked(record):
                return RETRY
            with self.lost_submits.submitting(record):
                return await self._call(record, key, pictures, permit)

    async def _instead(self, record: Record) -> SubmitResult | None:
        """What happens instead of a submit: it was cancelled, or the fallback takes over."""
        if record.cancel_at is not None:
            return await self._results.end(record, Status.cancelled())
        if not self._mover.is_due(record.backend, record.kind):
            return None
        return RETRY if await self._mover.move(record) is None else NOTHING_LEFT

    def _check_refusals(self, record: Record) -> None:
        """Raises RequestRejected for a paused user, and for a prompt that was refused before.

        At a Horde only, whose filter it is.
        """
        if not self._backend.capabilities.has_kudos:
            return
        reason = self._refusals.reason_of(record.user_id, record.request)
        if reason:
            raise RequestRejected(reason, private=True)

    def _is_blocked(self, record: Record) -> bool:
        """An outage or a lost submit of the account began while the request was prepared."""
        lost = self.lost_submits.blocks(record.slot_owner, record.kind, record.id)
        return lost or not self._outage_monitor.accepts(record.kind)

    async def _pictures(self, record: Record) -> Pictures:
        """The uploaded pictures, downloaded once and kept with the record."""
        request, pictures = await self._uploads.gather(record.request, record.id, record.user_id)
        if request != record.request:
            # The next submit has attempts of its own.
            queued = {Phase.QUEUED}
            await self._store.requests.change(record.id, when=queued, request=request, attempts=0)
        return pictures

    async def _call(
        self, record: Record, key: str, pictures: Pictures, permit: Permit
    ) -> SubmitResult:
        token = self._token()
        claimed = await self._store.requests.change(
            record.id, when={Phase.QUEUED}, unsettled=True, phase=Phase.SENDING, remote_id=token
        )
        if claimed is None:
            return NOTHING_LEFT
        if claimed.cancel_at is not None:
            return await self._results.end(claimed, Status.cancelled())
        url = self._webhook_url(claimed.id)
        try:
            with permit.sending():
                receipt = await self._backend.submit(
                    with_seed(claimed), key, pictures=pictures, webhook=url, token=token or ""
                )
        except BackendDown as error:
            return await self._no_answer(claimed, error)
        except BotError as error:
            reason = await slot_refusal(claimed, key, error, self._backend)
            reason = await sampling_refusal(claimed, reason, self._sampling)
            if self._backend.capabilities.has_kudos:
                await self._refusals.count(claimed, error)
            return await self._results.failed(claimed, reason)
        except Exception as error:
            log.exception("#%d: its submit failed", claimed.id)
            return await self._results.failed(claimed, BackendError(type(error).__name__))
        cut = await self._downgrades.of(claimed.request, claimed.payer, key, receipt)
        known = replace(receipt, cut=cut, price=self._price(claimed.request, receipt))
        return await self._results.accepted(claimed, known)

    def _token(self) -> str | None:
        """A token for a blocking call, stored before it starts; None for another backend."""
        blocking = self._backend.capabilities.submits == "blocking"
        return secrets.token_urlsafe(TOKEN_BYTES) if blocking else None

    def _estimate(self, request: Request) -> float:
        """What an image will cost about; 0 for a text or alchemy, and where models are unknown."""
        if not isinstance(request, ImageRequest) or (request.style and not request.style_name):
            return 0.0
        return price_estimate(request, self._about)

    def _price(self, request: Request, receipt: Receipt) -> float:
        """Kudos of each image; 0 is unknown, or another unit."""
        in_kudos = self._backend.capabilities.unit is PriceUnit.KUDOS
        if not in_kudos or not isinstance(request, ImageRequest):
            return 0.0
        return result_price(request, receipt.cost, self._about)

    async def _no_answer(self, record: Record, error: BackendDown) -> SubmitResult:
        if not error.in_doubt:
            return await self._results.failed(record, error)
        log.info("#%d: the answer to its submit was lost", record.id)
        self.lost_submits.begin(record)
        return await self._results.no_answer(record, error)
