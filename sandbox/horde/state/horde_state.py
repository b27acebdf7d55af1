"""The state of the local Horde and its settings."""

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.horde.object_storage import ObjectStorage
from sandbox.horde.rate_limits import RateLimiter
from sandbox.horde.response_cache import ResponseCache
from sandbox.horde.state.accounts import Accounts
from sandbox.horde.state.community import people
from sandbox.horde.state.horde_settings import HordeSettings
from sandbox.horde.state.models_and_workers import Worker
from sandbox.horde.state.requests import AlchemyForm, AlchemyRequest, Generation, GenerationRequest
from sandbox.horde.state.styles import StyleStore
from sandbox.horde.state.worker_behaviour import BehaviourRules
from sandbox.horde.state.worker_pool import WorkerPool
from sandbox.horde.style_rules.example_styles import example_collection, example_styles
from sandbox.horde.webhooks import WebhookSender

log = logging.getLogger(__name__)

GIVE_UP_AFTER = 3  # failed jobs that make a request `faulted`
PRIORITY_PER_SECOND = 5.0  # all requests gain 50 kudos of priority in 10 s


@dataclass(slots=True, eq=False)
class HordeState:
    """The state that endpoints and workers share."""

    settings: HordeSettings
    accounts: Accounts = field(default_factory=Accounts)
    behaviours: BehaviourRules = field(default_factory=BehaviourRules)
    response_cache: ResponseCache = field(default_factory=ResponseCache)
    object_storage: ObjectStorage = field(default_factory=ObjectStorage)
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)
    webhooks: WebhookSender = field(default_factory=WebhookSender)
    requests: dict[str, GenerationRequest] = field(default_factory=dict[str, GenerationRequest])
    alchemy_requests: dict[str, AlchemyRequest] = field(default_factory=dict[str, AlchemyRequest])
    address_timeouts: dict[str, float] = field(default_factory=dict[str, float])
    anonymous_waiting: dict[str, int] = field(default_factory=dict[str, int])
    worker_pools: dict[str, WorkerPool[GenerationRequest]] = field(
        default_factory=dict[str, WorkerPool[GenerationRequest]]
    )
    started_at: float = field(default_factory=time.time)
    results_by_model: dict[str, int] = field(default_factory=dict[str, int])
    recent_results: deque[tuple[float, str, float]] = field(
        default_factory=lambda: deque[tuple[float, str, float]](maxlen=10_000)
    )
    filter_violations: dict[str, int] = field(default_factory=dict[str, int])
    blocked_workers: dict[str, float] = field(default_factory=dict[str, float])  # until when
    rejections: dict[str, deque[float]] = field(default_factory=dict[str, deque[float]])
    styles: StyleStore = field(init=False)
    alchemy_workers: WorkerPool[AlchemyForm] = field(
        init=False
    )  # set by the server, like the other pools

    def __post_init__(self) -> None:
        self.accounts.others = {user.id: user for user in people()}
        owner = self.accounts.by_id[2]
        self.styles = StyleStore(owner)
        if self.settings.newer:
            examples = example_styles(owner)
            self.styles.add(*examples)
            stationery = example_collection(owner, examples)
            self.styles.collections[stationery.id] = stationery

    def client_address(self, request: web.Request) -> str:
        """The client's address; a service account can name the address of its client."""
        passkey = request.headers.get("Proxy-Authorization")
        if passkey and any(u.proxy_passkey == passkey for u in self.accounts.by_id.values()):
            return request.headers.get("Proxied-For") or request.remote or ""
        return request.remote or ""

    def workers(self) -> list[Worker]:
        """The workers of all kinds."""
        lists = [pool.workers for pool in self.worker_pools.values()]
        return [worker for workers in (*lists, self.alchemy_workers.workers) for worker in workers]

    def workers_changed(self, kind: str) -> None:
        """Queue the jobs of a kind again after a worker changed."""
        pool = self.worker_pool(kind)
        pool.replace_workers(pool.workers)

    def worker_pool(self, kind: str) -> WorkerPool[GenerationRequest] | WorkerPool[AlchemyForm]:
        return self.alchemy_workers if kind == "alchemy" else self.worker_pools[kind]

    def produced_last_minute(self, kind: str) -> float:
        """Megapixelsteps or tokens produced in the past minute."""
        since = time.time() - 60
        return sum(
            amount for at, what, amount in self.recent_results if what == kind and at > since
        )

    def object_expiry(self) -> float:
        """When a result that is stored now expires: no link to it is valid then."""
        return time.time() + self.settings.lifetime + self.object_storage.url_seconds

    def add_request(self, request: GenerationRequest, priority: float, tax: float) -> None:
        """Add a request: charge the tax and queue its jobs."""
        request.queue_order = request.created_at - priority / PRIORITY_PER_SECOND
        self.requests[request.id] = request
        request.user.open_requests[request.id] = request.kind
        self.change_waiting(request, request.jobs)
        if not request.active:
            return
        request.user.requests[request.kind] += 1
        self.charge(request, tax)
        request.user.reserved += request.reserved
        self.worker_pools[request.kind].enqueue(request)

    def change_waiting(self, request: GenerationRequest, change: int) -> None:
        """Change the number of waiting jobs of a request and of its user."""
        request.waiting += change
        request.user.waiting[request.kind] += change
        if request.user.anonymous:
            for model in request.models or ("",):
                self.anonymous_waiting[model] = self.anonymous_waiting.get(model, 0) + change

    def charge(self, request: GenerationRequest, amount: float, *, shown: bool = True) -> None:
        """Take kudos from the payer. `shown`: the status of the request counts them, too."""
        request.charged += amount if shown else 0.0
        request.user.charge(amount)
        if request.shared_key is not None:
            request.shared_key.charge(amount)

    def record_delivery(self, request: GenerationRequest, generation: Generation) -> None:
        """Record a delivered job: charge its price and count it for its worker."""
        worker = generation.worker
        worker.fulfilled += 1
        worker.rewards += request.price
        amount = float(request.max_length)
        if request.kind == "image":
            amount = request.width * request.height * request.steps / 1e6
            request.user.megapixelsteps += amount
            # A censored picture costs the tax only.
            price = 1 if generation.censored else request.price_per_result + 1
            self.charge(request, price, shown=not _loses_charge(request))
        else:
            request.user.tokens += request.max_length
            self.charge(request, request.price_per_result)
        worker.produced += amount
        self.recent_results.append((time.time(), request.kind, amount))
        self.results_by_model[generation.model] = self.results_by_model.get(generation.model, 0) + 1
        if request.done:
            request.done_at = time.time()
            self.release_kudos(request)

    def release_kudos(self, request: GenerationRequest) -> None:
        """Release the kudos that were reserved for the request."""
        request.user.reserved = max(0.0, request.user.reserved - request.reserved)
        request.reserved = 0.0

    def stop_waiting(self, request: GenerationRequest) -> None:
        """Remove the waiting jobs of a request. Running jobs are still delivered and charged."""
        if not request.faulted:  # a faulted request keeps the number for its status only
            self.change_waiting(request, -request.waiting)
        self.worker_pools[request.kind].dequeue(request)
        self.release_kudos(request)

    def remove_request(self, request: GenerationRequest) -> None:
        """Remove a request; its status is 404 from now on."""
        self.stop_waiting(request)
        self.requests.pop(request.id, None)
        request.user.open_requests.pop(request.id, None)

    def add_alchemy_request(self, alchemy: AlchemyRequest) -> None:
        """Add an alchemy request and queue its forms."""
        self.alchemy_requests[alchemy.id] = alchemy
        alchemy.user.requests["alchemy"] += 1
        alchemy.user.waiting["alchemy"] += len(alchemy.forms)
        for form in alchemy.forms:
            self.alchemy_workers.enqueue(form)

    def finish_form(self, form: AlchemyForm, state: str) -> None:
        """Set the final state of a form; it no longer counts for its user's concurrency."""
        self.alchemy_workers.dequeue(form)
        if form.state not in ("done", "faulted", "cancelled"):
            form.request.user.waiting["alchemy"] -= 1
        form.state = state
        if form.request.finished:
            form.request.done_at = form.request.done_at or time.time()

    def remove_alchemy_request(self, alchemy: AlchemyRequest) -> None:
        for form in alchemy.forms:
            self.finish_form(form, form.state if form.state in ("done", "faulted") else "cancelled")
        self.alchemy_requests.pop(alchemy.id, None)

    def set_maintenance(self, *, on: bool) -> None:
        """Enter or leave maintenance mode.

        All waiting image jobs are removed at the beginning. Their requests never end, as on the
        real Horde.
        """
        begins, self.settings.maintenance = on and not self.settings.maintenance, on
        for request in list(self.requests.values()) if begins else ():
            if request.kind == "image":
                self.stop_waiting(request)

    async def run_cleanup(self) -> None:
        """The background loop: faults failing requests and removes old ones."""
        while True:
            await asyncio.sleep(self.settings.loop_seconds)
            self.clean_up(time.time())

    def clean_up(self, now: float) -> None:
        """One round of the background loop."""
        for request in list(self.requests.values()):
            if request.failed >= GIVE_UP_AFTER and not request.faulted:
                left = request.waiting
                self.stop_waiting(request)
                request.waiting, request.faulted, request.done_at = left, True, now
            if request.last_activity_at + self.settings.lifetime < now:
                self.remove_request(request)
        for alchemy in list(self.alchemy_requests.values()):
            if alchemy.last_activity_at + self.settings.lifetime < now:
                self.remove_alchemy_request(alchemy)
        self.object_storage.remove_expired(now)
        self.rate_limiter.remove_expired()
        self.response_cache.remove_expired()


def _loses_charge(request: GenerationRequest) -> bool:
    """As if two workers delivered at the same instant: the second one overwrites the sum."""
    lost = request.behaviour is not None and request.behaviour.name == "lost_charge"
    return lost and len(request.generations) > 1
