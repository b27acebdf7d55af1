"""The state of the local Horde, and the bookkeeping that all its parts share."""

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.horde.object_storage import Gallery
from sandbox.horde.prices import TAX
from sandbox.horde.rate_limits import Limiter
from sandbox.horde.response_cache import Caches
from sandbox.horde.state.accounts import Accounts
from sandbox.horde.state.models_and_workers import Worker
from sandbox.horde.state.requests import Alchemy, Form, Generation, Request
from sandbox.horde.state.styles import Shelf
from sandbox.horde.state.worker_behaviour import Behaviours
from sandbox.horde.state.worker_pool import Pool
from sandbox.horde.webhooks import Webhooks

log = logging.getLogger(__name__)

LIFETIME = 20 * 60.0  # a request is forgotten this long after its last activity
LOOP_SECONDS = 5.0  # the real loops run once a minute; here everything is about ten times faster
GIVE_UP_AFTER = 3  # failed jobs that make a request `faulted`
PRIORITY_PER_SECOND = 5.0  # everybody gains 50 kudos of priority in 10 s


@dataclass(slots=True)
class Knobs:
    """What can be changed while the Horde runs."""

    job_seconds: tuple[float, float]
    wait_error: float = 0.3  # wait_time is off by up to this share
    maintenance: bool = False
    outage: bool = False
    lifetime: float = LIFETIME
    loop_seconds: float = LOOP_SECONDS

    def pickup(self) -> float:
        """Seconds until an idle worker asks for work: a seventh of a short job."""
        return min(self.job_seconds) / 7


@dataclass(slots=True, eq=False)
class Horde:
    """Everything that the handlers and the workers know."""

    knobs: Knobs
    accounts: Accounts = field(default_factory=Accounts)
    behaviours: Behaviours = field(default_factory=Behaviours)
    caches: Caches = field(default_factory=Caches)
    gallery: Gallery = field(default_factory=Gallery)
    limiter: Limiter = field(default_factory=Limiter)
    webhooks: Webhooks = field(default_factory=Webhooks)
    requests: dict[str, Request] = field(default_factory=dict[str, Request])
    alchemies: dict[str, Alchemy] = field(default_factory=dict[str, Alchemy])
    timeouts: dict[str, float] = field(default_factory=dict[str, float])
    anonymous_waiting: dict[str, int] = field(default_factory=dict[str, int])
    pools: dict[str, Pool[Request]] = field(default_factory=dict[str, Pool[Request]])
    started_at: float = field(default_factory=time.time)
    made_by_model: dict[str, int] = field(default_factory=dict[str, int])
    recent: deque[tuple[float, str, float]] = field(
        default_factory=lambda: deque[tuple[float, str, float]](maxlen=10_000)
    )
    strikes: dict[str, int] = field(default_factory=dict[str, int])
    shelf: Shelf = field(init=False)
    alchemists: Pool[Form] = field(init=False)  # set by the server, with the other pools

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.accounts.by_id[2])

    def address_of(self, request: web.Request) -> str:
        """The client's address; a service account may name the one it acts for."""
        passkey = request.headers.get("Proxy-Authorization")
        if passkey and any(u.proxy_passkey == passkey for u in self.accounts.by_id.values()):
            return request.headers.get("Proxied-For") or request.remote or ""
        return request.remote or ""

    def workers(self) -> list[Worker]:
        """The workers of all kinds."""
        lists = [pool.workers for pool in self.pools.values()]
        return [worker for workers in (*lists, self.alchemists.workers) for worker in workers]

    def workers_changed(self, kind: str) -> None:
        """A worker of this kind changed what it takes."""
        pool = self.pool_of(kind)
        pool.replace_workers(pool.workers)

    def pool_of(self, kind: str) -> Pool[Request] | Pool[Form]:
        return self.alchemists if kind == "alchemy" else self.pools[kind]

    def made_in_a_minute(self, kind: str) -> float:
        """Megapixelsteps, or tokens, of the past minute."""
        since = time.time() - 60
        return sum(made for at, what, made in self.recent if what == kind and at > since)

    def object_expiry(self) -> float:
        """Until when a result stored now may still be linked to."""
        return time.time() + self.knobs.lifetime + self.gallery.url_seconds

    def open(self, request: Request, priority: float, extra_tax: float = 0.0) -> None:
        """Take a request in: taxes are paid, its jobs wait."""
        request.order = request.created_at - priority / PRIORITY_PER_SECOND
        self.requests[request.id] = request
        request.user.open_requests[request.id] = request.kind
        self.count_waiting(request, request.jobs)
        if not request.active:
            return
        request.user.requests[request.kind] += 1
        self.charge(request, extra_tax + (TAX if request.kind == "image" else 1))
        request.user.reserved += request.reserved
        self.pools[request.kind].queue(request)

    def count_waiting(self, request: Request, change: int) -> None:
        """Jobs start or stop waiting; keeps the concurrency counts of their user."""
        request.waiting += change
        request.user.waiting[request.kind] += change
        if request.user.anonymous:
            for model in request.models or ("",):
                self.anonymous_waiting[model] = self.anonymous_waiting.get(model, 0) + change

    def charge(self, request: Request, amount: float) -> None:
        request.charged += amount
        request.user.charge(amount)
        if request.shared_key is not None:
            request.shared_key.utilized += amount

    def settle(self, request: Request, generation: Generation) -> None:
        """A job was delivered: it is paid, and counted for its worker."""
        worker = generation.worker
        worker.fulfilled += 1
        worker.rewards += request.price
        made = float(request.max_length)
        if request.kind == "image":
            made = request.width * request.height * request.steps / 1e6
            request.user.megapixelsteps += made
            # A censored picture costs the tax only.
            self.charge(request, 1 if generation.censored else request.each + 1)
        else:
            request.user.tokens += request.max_length
            self.charge(request, request.each)
        worker.made += made
        self.recent.append((time.time(), request.kind, made))
        self.made_by_model[generation.model] = self.made_by_model.get(generation.model, 0) + 1
        if request.done:
            request.done_at = time.time()
            self.release(request)

    def release(self, request: Request) -> None:
        """Give back the kudos that were set aside for it."""
        request.user.reserved = max(0.0, request.user.reserved - request.reserved)
        request.reserved = 0.0

    def withdraw(self, request: Request) -> None:
        """What waits of it waits no more; jobs under way are still delivered and charged."""
        if not request.faulted:  # a faulted one keeps the number, but nobody counts it any more
            self.count_waiting(request, -request.waiting)
        self.pools[request.kind].drop(request)
        self.release(request)

    def forget(self, request: Request) -> None:
        """It has expired: 404 from now on."""
        self.withdraw(request)
        self.requests.pop(request.id, None)
        request.user.open_requests.pop(request.id, None)

    def take_alchemy(self, alchemy: Alchemy) -> None:
        """Take an alchemy request in: its forms wait."""
        self.alchemies[alchemy.id] = alchemy
        alchemy.user.requests["alchemy"] += 1
        alchemy.user.waiting["alchemy"] += len(alchemy.forms)
        for form in alchemy.forms:
            self.alchemists.queue(form)

    def end_form(self, form: Form, state: str) -> None:
        """A form is done, faulted or cancelled; it no longer counts for its user's concurrency."""
        self.alchemists.drop(form)
        if form.state not in ("done", "faulted", "cancelled"):
            form.request.user.waiting["alchemy"] -= 1
        form.state = state
        if form.request.closed:
            form.request.done_at = form.request.done_at or time.time()

    def forget_alchemy(self, alchemy: Alchemy) -> None:
        for form in alchemy.forms:
            self.end_form(form, form.state if form.state in ("done", "faulted") else "cancelled")
        self.alchemies.pop(alchemy.id, None)

    def enter_maintenance(self) -> None:
        """What waits is never served, and image requests never end, as on the real one."""
        for request in list(self.requests.values()):
            if request.kind == "image":
                self.withdraw(request)

    async def keep_house(self) -> None:
        """The background loop: gives up on failing requests and forgets old ones."""
        while True:
            await asyncio.sleep(self.knobs.loop_seconds)
            self.tidy(time.time())

    def tidy(self, now: float) -> None:
        """One round of the loop."""
        for request in list(self.requests.values()):
            if request.failed >= GIVE_UP_AFTER and not request.faulted:
                left = request.waiting
                self.withdraw(request)
                request.waiting, request.faulted, request.done_at = left, True, now
            if request.touched_at + self.knobs.lifetime < now:
                self.forget(request)
        for alchemy in list(self.alchemies.values()):
            if alchemy.touched_at + self.knobs.lifetime < now:
                self.forget_alchemy(alchemy)
        self.gallery.sweep(now)
        self.limiter.sweep()
        self.caches.sweep()
