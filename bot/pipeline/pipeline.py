"""The pipeline, joined once: a dispatcher and a sender for each backend, one tracker for all."""

import asyncio
import time
from collections.abc import Callable, Mapping

from bot.accounts.credentials import Credentials
from bot.aio.keyed_locks import KeyedLocks
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.pictures.uploads import UploadedImages
from bot.pipeline.dispatch.dispatcher import Dispatcher
from bot.pipeline.dispatch.submitter import Submitter
from bot.pipeline.recovery import Recovery
from bot.pipeline.tracking.poll_step import PollStep
from bot.pipeline.tracking.poller import Poller
from bot.pipeline.tracking.settlement import Settlement
from bot.pipeline.tracking.state import Presenter
from bot.storage import Store
from bot.storage.files import ResultFiles


class Pipeline:
    """What carries a request from its row to its outcome. Nothing in it runs by itself."""

    def __init__(
        self,
        *,
        store: Store,
        spool: ResultFiles,
        backends: Mapping[str, tuple[Backend, OutageMonitor]],
        keys: Credentials,
        sources: UploadedImages,
        presenter: Presenter,
        ring_at: Callable[[int], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._keys = keys
        self._sources = sources
        self._presenter = presenter
        self._ring_at = ring_at
        self._clock = clock
        self.locks = KeyedLocks()
        self.outcomes = Settlement(store, presenter, clock=clock)
        steps = PollStep(
            store=store,
            spool=spool,
            outcomes=self.outcomes,
            backends=backends,
            resend=self._resend,
            clock=clock,
        )
        self.tracker = Poller(steps, self.locks)
        self.tracker.on_freed = self._wake
        self.senders = {name: self._sender(*pair) for name, pair in backends.items()}
        self.dispatchers = {
            name: Dispatcher(
                backend=backend, weather=weather, sender=self.senders[name], tracker=self.tracker
            )
            for name, (backend, weather) in backends.items()
        }

    def resume(self) -> Recovery:
        """Hands in what an earlier run left open: make it before anything new can come in."""
        return Recovery(
            self._store, self.tracker, self.dispatchers, self._presenter, clock=self._clock
        )

    async def drain(self, seconds: float) -> None:
        """Send nothing more. All backends have that long for the submits under way."""
        await asyncio.gather(*(each.drain(seconds) for each in self.dispatchers.values()))

    def _sender(self, backend: Backend, weather: OutageMonitor) -> Submitter:
        return Submitter(
            store=self._store,
            backend=backend,
            weather=weather,
            keys=self._keys,
            sources=self._sources,
            outcomes=self.outcomes,
            locks=self.locks,
            ring_at=self._ring_at,
            clock=self._clock,
        )

    def _resend(self, record: Record) -> None:
        self.dispatchers[record.backend].add(record)

    def _wake(self) -> None:
        for dispatcher in self.dispatchers.values():
            dispatcher.wake()
