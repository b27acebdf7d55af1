"""The pipeline: a dispatcher and a submitter for each backend, one poller for all."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext

from bot.accounts.credentials import Credentials
from bot.accounts.next_payer import NextPayer
from bot.aio.keyed_locks import KeyedLocks
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.catalog import guessed_facts
from bot.domain.records import Record
from bot.parameters.upfront_kudos import AboutModel
from bot.pictures.uploads import UploadedImages
from bot.pipeline.dispatch.dispatcher import Dispatcher
from bot.pipeline.dispatch.prompt_refusals import PromptRefusals
from bot.pipeline.dispatch.refusal_reasons import SamplingRefusal, unknown
from bot.pipeline.dispatch.submitter import Submitter
from bot.pipeline.fallback.mover import Mover
from bot.pipeline.interrupted_calls import InterruptedCalls
from bot.pipeline.recovery import Recovery
from bot.pipeline.tracking.departures import Departures
from bot.pipeline.tracking.poll_step import PollStep
from bot.pipeline.tracking.poller import Poller
from bot.pipeline.tracking.settlement import Settlement, ShowTimer
from bot.pipeline.tracking.state import Presenter
from bot.storage import Store
from bot.storage.files import ResultFiles

NO_FALLBACKS: Mapping[str, str] = {}
log = logging.getLogger(__name__)


class Pipeline:
    """Carries a request from its row to its outcome. Starts no task itself."""

    def __init__(
        self,
        *,
        store: Store,
        files: ResultFiles,
        backends: Mapping[str, tuple[Backend, OutageMonitor]],
        credentials: Credentials,
        uploads: UploadedImages,
        presenter: Presenter,
        webhook_url: Callable[[int], str],
        fallbacks: Mapping[str, str] = NO_FALLBACKS,
        show_timer: ShowTimer = lambda _record, _status: nullcontext(),
        about: AboutModel = guessed_facts,
        sampling: SamplingRefusal = unknown,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._backends = {name: backend for name, (backend, _monitor) in backends.items()}
        self._credentials = credentials
        self._uploads = uploads
        self._presenter = presenter
        self._webhook_url = webhook_url
        self._about = about
        self._sampling = sampling
        self._clock = clock
        self.locks = KeyedLocks()
        self.settlement = Settlement(store, presenter, timer=show_timer, clock=clock)
        self.refusals = PromptRefusals(self.settlement, clock)
        self._payers = {
            name: NextPayer(store, credentials, backend, about, clock)
            for name, backend in self._backends.items()
        }
        self.mover = Mover(store, backends, credentials, self._payers, fallbacks)
        self.mover.on_moved = self._moved
        self.mover.on_offered = self._offered
        step = PollStep(
            store=store,
            files=files,
            settlement=self.settlement,
            backends=backends,
            resend=self._resend,
            departures=Departures(store, self.mover, backends, self._resend),
            about=about,
            clock=clock,
        )
        all_slots = {
            name
            for name, each in self._backends.items()
            if any(limits.running for limits in each.limits.values())
        }
        self.poller = Poller(step, self.locks, all_slots)
        self.submitters = {name: self._submitter(*pair) for name, pair in backends.items()}
        self.dispatchers = {name: self._dispatcher(*pair) for name, pair in backends.items()}

    def recovery(self) -> Recovery:
        """Continues the open requests of earlier runs."""
        interrupted_calls = InterruptedCalls(
            self._store,
            self._backends,
            self._credentials,
            self.settlement,
            self.poller,
            self._resend,
        )
        return Recovery(
            self._store,
            self.poller,
            self.dispatchers,
            self._presenter,
            interrupted_calls,
            clock=self._clock,
        )

    async def drain(self, seconds: float) -> None:
        """Submit nothing more, and wait that long for the submits under way."""
        queues = [queue for each in self.dispatchers.values() for queue in each.queues.values()]
        late = sum(await asyncio.gather(*(queue.drain(seconds) for queue in queues)))
        if late:
            log.warning("%d submits had no answer; the next start settles them", late)
        open_calls = await asyncio.gather(
            *(each.drain(seconds) for each in self._backends.values())
        )
        if any(open_calls):
            log.warning("%d calls had not ended; the next start settles them", sum(open_calls))

    def _submitter(self, backend: Backend, outage_monitor: OutageMonitor) -> Submitter:
        return Submitter(
            store=self._store,
            backend=backend,
            outage_monitor=outage_monitor,
            credentials=self._credentials,
            uploads=self._uploads,
            settlement=self.settlement,
            locks=self.locks,
            webhook_url=self._webhook_url,
            refusals=self.refusals,
            mover=self.mover,
            next_payer=self._payers[backend.name],
            about=self._about,
            sampling=self._sampling,
            clock=self._clock,
        )

    def _dispatcher(self, backend: Backend, outage_monitor: OutageMonitor) -> Dispatcher:
        return Dispatcher(
            store=self._store,
            backend=backend,
            outage_monitor=outage_monitor,
            submitter=self.submitters[backend.name],
            settlement=self.settlement,
            poller=self.poller,
            locks=self.locks,
            mover=self.mover,
        )

    def _moved(self, old: Record, new: Record) -> None:
        self.dispatchers[old.backend].moved_away(old)
        self.dispatchers[new.backend].add(new)

    def _offered(self, record: Record) -> None:
        self.dispatchers[record.backend].show_now(record)

    def _resend(self, record: Record) -> None:
        self.dispatchers[record.backend].add(record)
