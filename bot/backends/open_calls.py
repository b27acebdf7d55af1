"""Blocking calls under way: the call to the backend is the job and takes seconds to minutes.

The pipeline polls them as it polls the Horde, but `status` reads memory. A call lives as long as
the process; after a restart the pipeline asks the backend to resume it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.domain.results import Phase, Status
from bot.errors import (
    BackendDown,
    BackendError,
    BadReply,
    RateLimited,
    RequestGone,
    RequestRejected,
    TooManyPrompts,
)
from bot.i18n import N_, _

log = logging.getLogger(__name__)
# Seconds that a submit waits for an early refusal, so that it is handled as that of any submit.
GRACE = 1.0
LOST = N_(
    "The answer of {backend} was lost. The request was not sent again because it may have been "
    "charged."
)
FAILED = N_("The bot failed with an internal error. The operator can find it in the log.")


class OpenCall:
    """One call under way. `status`: the newest, which the work of the call reports."""

    def __init__(self, count: int) -> None:
        self.status = Status(phase=Phase.PROCESSING, processing=count)
        self.began = asyncio.Event()  # it reported something, or has ended
        self.task: asyncio.Task[None] | None = None
        self.error: BackendError | None = None

    def show(self, status: Status) -> None:
        """Report progress, or a text so far."""
        self.status = status
        self.began.set()


Work = Callable[[OpenCall], Awaitable[Status]]  # returns the outcome; raises BackendError


class OpenCalls:
    """The open calls of one backend, by token. `title`: of the backend, for people.

    `free`: a call that failed may be repeated without a price.
    """

    def __init__(self, title: str, *, free: bool) -> None:
        self._title = title
        self._free = free
        self._calls: dict[str, OpenCall] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._calls)

    async def start(self, token: str, work: Work, *, count: int = 1) -> None:
        """Start a call. Returns when it reports something, has ended, or after `GRACE` seconds.

        Raises BackendError when the backend refused it within that time and cannot have charged
        it.
        """
        call = self.resume(token, work, count=count)
        try:
            async with asyncio.timeout(GRACE):
                await call.began.wait()
        except TimeoutError:
            return
        if call.error is not None and not self._may_be_charged(call.error):
            self.forget(token)
            raise call.error

    def resume(self, token: str, work: Work, *, count: int = 1) -> OpenCall:
        """Start a call without waiting, such as one that asks for the result of an earlier run.

        A call under way goes on: a second one with its token may be charged, too.
        """
        known = self._calls.get(token)
        if known is not None and known.task is not None and not known.task.done():
            return known
        call = self._calls[token] = OpenCall(count)
        self._empty.clear()
        call.task = asyncio.create_task(self._run(call, work), name=f"open-call-{len(self._calls)}")
        return call

    def status(self, token: str) -> Status:
        """The newest status. Raises RequestGone for a call of an earlier run."""
        return self._call(token).status

    async def ended(self, token: str, seconds: float) -> bool:
        """Wait that long for the end of a call. Whether it has ended. Raises RequestGone."""
        task = self._call(token).task
        if task is not None:
            await asyncio.wait([task], timeout=seconds)
        return task is None or task.done()

    async def cancel(self, token: str) -> Status:
        """Close the connection of a call. Returns its results so far. Raises RequestGone."""
        call = self._call(token)
        if call.task is None or call.task.done():
            return call.status
        call.task.cancel()
        await asyncio.wait([call.task])
        if call.status.phase.is_open:  # otherwise it ended at that moment
            stopped = call.status.with_outcome(Phase.CANCELLED, "")
            call.status = stopped.model_copy(update={"processing": 0})
        return call.status

    def forget(self, token: str) -> None:
        """The outcome is stored. Ends a call that is still under way."""
        call = self._calls.pop(token, None)
        if call is not None and call.task is not None:
            call.task.cancel()
        if not self._calls:
            self._empty.set()

    async def drain(self, seconds: float) -> int:
        """Wait that long for the calls under way, and until their outcomes are stored.

        Returns how many have not ended.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        return len(self._under_way())

    async def close(self) -> None:
        """End all calls."""
        tasks = self._under_way()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _under_way(self) -> list[asyncio.Task[None]]:
        tasks = [call.task for call in self._calls.values() if call.task is not None]
        return [task for task in tasks if not task.done()]

    def _call(self, token: str) -> OpenCall:
        call = self._calls.get(token)
        if call is None:
            raise RequestGone(_("This request is unknown."))
        return call

    async def _run(self, call: OpenCall, work: Work) -> None:
        try:
            call.status = await work(call)
        except BackendError as error:
            call.error = error
            call.status = self._outcome(call.status, error)
        except Exception:
            log.exception("a call of %s failed", self._title)
            call.status = call.status.with_outcome(Phase.FAULTED, _(FAILED))
        finally:
            call.began.set()

    def _outcome(self, seen: Status, error: BackendError) -> Status:
        """The outcome of a call that failed; with `dropped` it is sent again once."""
        # An image that was made has no file yet, so it has not arrived.
        some = seen.arrived > 0 or seen.finished > 0
        phase = Phase.PARTIAL if some else Phase.FAULTED
        if self._may_be_charged(error):
            return seen.with_outcome(phase, _(LOST).format(backend=self._title))
        # Nothing is under way any more, so that a budget does not keep the estimate.
        ended = seen.model_copy(update={"processing": 0})
        failed = ended.with_outcome(phase, str(error))
        if isinstance(error, RequestRejected):
            if not some:
                failed = Status.rejected(str(error))
            told = {"code": error.rc or type(error).__name__, "public": False}
            return failed.model_copy(update=told) if error.private else failed
        return failed.as_dropped() if self._free or _costs_nothing(seen, error) else failed

    def _may_be_charged(self, error: BackendError) -> bool:
        """A success that cannot be read is charged like any other one."""
        if self._free:
            return False
        return isinstance(error, BadReply) or (isinstance(error, BackendDown) and error.in_doubt)


def _costs_nothing(seen: Status, error: BackendError) -> bool:
    """The server refused the call before it made anything. `error`: not in doubt."""
    refused = isinstance(error, RateLimited | TooManyPrompts | BackendDown)
    return refused and not seen.arrived and not seen.finished
