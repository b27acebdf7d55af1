"""A backend in memory: jobs that take their time, fixed rate windows, and faults on order."""

import asyncio
import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from bot.aio.clock import ticks
from bot.backends.base import QueuedBackend
from bot.backends.horde.accounts import is_shared
from bot.backends.timing import CallTimer, untimed
from bot.backends.values import (
    Account,
    Allowance,
    Health,
    Limits,
    Model,
    Priced,
    Receipt,
    for_all_kinds,
)
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import AlchemyRequest, Kind, Request
from bot.domain.results import Phase, Status
from bot.errors import (
    BackendDown,
    FeatureMissing,
    RateLimited,
    RequestGone,
    ResultTooLarge,
    TooManyPrompts,
)
from tests.support.builders import webp
from tests.support.fakes.jobs import Fault, Job, first_results

Windows = tuple[tuple[int, float], ...]
WINDOWS: Windows = ((2, 1.0), (90, 60.0))
LIFTED: Windows = ((10, 1.0), (300, 60.0))
BACKEND_DOWN = BackendDown("503", status=503)


@dataclass
class FakeHorde(QueuedBackend):
    """As a Backend. Everything is open to the test."""

    name: str = "horde"
    request_lifetime: float = 1200.0
    limits: Mapping[Kind, Limits] = field(
        default_factory=lambda: for_all_kinds(
            Limits(WINDOWS, lifted={10: LIFTED}),
            alchemy=Limits(WINDOWS, waiting=300, lifted={10: LIFTED}),
        )
    )
    capabilities: Capabilities = HORDE
    seen_rate: dict[Kind, int] = field(default_factory=dict[Kind, int])
    timer: CallTimer = untimed
    job_seconds: tuple[float, float] = (10.0, 10.0)
    wait_seconds: float = 2.0  # until a worker takes it
    latency: tuple[float, float] = (0.0, 0.0)  # each way
    concurrency: int = 1_000_000
    limited: bool = False
    trusted: bool = False
    outage: bool = False
    maintenance: bool = False
    newer: bool = False  # tells the content of requests, and none that a shared key submitted
    lists_after: float = 0.0  # seconds after which find_user shows a request
    side: int = 1024  # of the square that needs no kudos
    price: float = 0.0  # kudos that each result costs
    kept: dict[str, float] = field(default_factory=dict[str, float])  # lifetimes by id
    allowances: dict[str, Allowance] = field(default_factory=dict[str, Allowance])
    jobs: dict[str, Job] = field(default_factory=dict[str, Job])
    calls: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    refused: int = 0
    faults: defaultdict[str, deque[Fault]] = field(
        default_factory=lambda: defaultdict[str, deque[Fault]](deque[Fault])
    )
    bytes_of: Callable[[str], bytes] = field(default=lambda _url: webp())
    answers: dict[str, Callable[[Job, Status], Status]] = field(
        default_factory=dict[str, Callable[[Job, Status], Status]]
    )
    foreign: set[str] = field(default_factory=set[str])
    dice: random.Random = field(default_factory=lambda: random.Random(5))
    _windows: dict[tuple[str, float], tuple[int, float]] = field(
        default_factory=dict[tuple[str, float], tuple[int, float]]
    )

    def fail(self, call: str, *faults: Fault | BaseException) -> None:
        """The next calls of that name end so, one after the other."""
        self.faults[call] += [f if isinstance(f, Fault) else Fault(f) for f in faults]

    def count(self, call: str) -> int:
        """How often it was called."""
        return Counter(name for name, _ in self.calls)[call]

    def alive(self) -> list[Job]:
        return [job for job in self.jobs.values() if not job.gone]

    async def submit(
        self,
        request: Request,
        key: str,
        *,
        pictures: Pictures = NO_PICTURES,
        webhook: str = "",
        token: str = "",
    ) -> Receipt:
        async with _Call(self, "submit") as call:
            self._limit(Kind(request.kind))
            if self._waiting(key, Kind(request.kind)) + request.count > self.concurrency:
                raise TooManyPrompts("full", rc="TooManyPrompts", status=429)
            job = self._job(request, key, webhook)
            self.jobs[job.id] = job
            call.carried_out()
            self.seen_rate[Kind(request.kind)] = 10 if self.trusted else 2
        return Receipt(remote_id=job.id)

    def _job(self, request: Request, key: str, webhook: str) -> Job:
        now = ticks()
        starts = now + self.wait_seconds
        prompt = "alchemy" if isinstance(request, AlchemyRequest) else request.prompt
        seconds = [self.dice.uniform(*self.job_seconds) for _ in range(request.count)]
        return Job(
            id=f"job-{len(self.jobs) + 1}",
            kind=Kind(request.kind),
            n=request.count,
            key=key,
            prompt=prompt,
            starts_at=starts,
            done_at=sorted(starts + each for each in seconds),
            created_at=now,
            webhook=webhook,
            request=request,
        )

    async def has_content(
        self, remote_id: str, request: Request, key: str, *, webhook: str = ""
    ) -> bool:
        if not self.newer:
            raise FeatureMissing("old", feature="content")
        async with _Call(self, "content"):
            job = self._found(remote_id)
            return job.key == key and job.request == request

    async def status(self, remote_id: str, kind: Kind, *, n: int, full: bool = False) -> Status:
        async with _Call(self, "full" if full else "status"):
            return self._status(self._found(remote_id), full=full)

    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:
        async with _Call(self, "cancel"):
            job = self._found(remote_id)
            before = self._status(job, full=True)
            job.cancelled = True
            if not before.phase.is_open:
                return before
            # That of alchemy shows the state after it.
            running = 0 if kind is Kind.ALCHEMY else before.processing
            after = {"phase": Phase.CANCELLED, "waiting": 0, "processing": running}
            return before.model_copy(update=after)

    async def fetch(self, url: str, limit: int) -> bytes:
        async with _Call(self, "fetch"):
            data = self.bytes_of(url)
            if len(data) > limit:
                raise ResultTooLarge("large")
            return data

    async def models(self, kind: Kind) -> tuple[Model, ...]:
        return ()

    async def estimate(self, request: Priced, key: str) -> float:
        return 10.0

    async def free_side(self) -> int:
        return self.side

    async def free_tokens(self) -> int:
        return 512

    async def account(self, key: str) -> Account:
        async with _Call(self, "account"):
            listed = [] if self.newer and is_shared(key) else self.alive()
            seen = [j for j in listed if ticks() - j.created_at >= self.lists_after]
            active = {
                kind: frozenset(j.id for j in seen if j.key == key and j.kind is kind)
                | (self.foreign if kind is Kind.IMAGE else frozenset[str]())
                for kind in (Kind.IMAGE, Kind.TEXT)
            }
            most = min(self.concurrency, 500)
            return Account("ada#7", 100.0, spendable=75.0, concurrency=most, active=active)

    async def allowance(self, key: str) -> Allowance | None:
        if key not in self.allowances:  # decided by its form, without a call
            return None
        async with _Call(self, "allowance"):
            return self.allowances[key]

    def is_shared_key(self, key: str) -> bool:
        return is_shared(key)

    async def health(self) -> Health:
        self.calls.append(("health", ticks()))
        return Health(ok=not self.outage, message="", maintenance=self.maintenance)

    def _found(self, remote_id: str) -> Job:
        job = self.jobs.get(remote_id)
        if job is None or job.gone:
            raise RequestGone("The Horde no longer knows this request.", status=404)
        last = max([job.created_at, *(at for at in job.done_at if at <= ticks())])
        if ticks() - last > self.kept.get(remote_id, self.request_lifetime):
            job.gone = True
            raise RequestGone("The Horde no longer knows this request.", status=404)
        return job

    def _status(self, job: Job, *, full: bool) -> Status:
        finished, waiting = job.finished(), job.waiting()
        over = finished >= job.n or job.cancelled
        phase = Phase.DONE if over else Phase.WAITING if waiting else Phase.PROCESSING
        left = max(0.0, max(job.done_at) - ticks())
        status = Status(
            phase=phase,
            waiting=waiting,
            processing=0 if over else job.n - finished - waiting,
            finished=finished,
            queue_position=1 if waiting else 0,
            wait_time=0 if over else round(left),
            cost=finished * self.price,
            generations=first_results(job, finished) if full or over else (),
        )
        bend = self.answers.get(job.prompt)
        return bend(job, status) if bend else status

    def _waiting(self, key: str, kind: Kind) -> int:
        return sum(j.waiting() for j in self.alive() if j.key == key and j.kind is kind)

    def _limit(self, kind: Kind) -> None:
        """Fixed windows that open with their first call, as flask-limiter's."""
        if not self.limited:
            return
        now = ticks()
        for count, seconds in sorted(LIFTED if self.trusted else WINDOWS, key=lambda w: -w[1]):
            used, end = self._windows.get((kind, seconds), (0, 0.0))
            used, end = (0, now + seconds) if end <= now else (used, end)
            self._windows[kind, seconds] = (used + 1, end)
            if used + 1 > count:
                self.refused += 1
                raise RateLimited("2 per 1 second", status=429, retry_after=round(end - now))


class _Call:
    """One call: latency there, a fault perhaps, latency back."""

    def __init__(self, horde: FakeHorde, name: str) -> None:
        self._horde = horde
        self._name = name
        self._fault: Fault | None = None

    async def __aenter__(self) -> Self:
        await self._travel()
        self._horde.calls.append((self._name, ticks()))
        if self._horde.outage:
            raise BackendDown("The Horde cannot be reached.")
        waiting = self._horde.faults[self._name]
        self._fault = waiting.popleft() if waiting else None
        if self._fault is not None and not self._fault.after:
            raise self._fault.error
        return self

    def carried_out(self) -> None:
        if self._fault is not None:
            raise self._fault.error

    async def __aexit__(self, *error: object) -> None:
        await self._travel()

    async def _travel(self) -> None:
        if self._horde.latency[1]:
            await asyncio.sleep(self._horde.dice.uniform(*self._horde.latency))
