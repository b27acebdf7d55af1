"""A backend and a presenter that are timed: the same calls, counted on their way.

Wrapped around from outside, so that whoever sends, looks and shows knows nothing of figures.
"""

from bot.backends.base import Account, Allowance, Backend, Health, Model, Receipt
from bot.domain.records import MessageRef, Record
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import ImageRequest, Kind, Request
from bot.domain.results import Status
from bot.monitoring.metrics import Metrics
from bot.pipeline.tracking.state import Presenter


class MeasuredBackend:
    """Any backend, as it is, with its calls timed and its errors counted."""

    def __init__(self, backend: Backend, metrics: Metrics) -> None:
        self.name = backend.name
        self.request_lifetime = backend.request_lifetime
        self.limits = backend.limits
        self.capabilities = backend.capabilities
        self.seen_rate = backend.seen_rate  # the very dict: it changes
        self.client: object = getattr(backend, "client", None)
        self._backend = backend
        self._metrics = metrics

    async def submit(
        self, request: Request, key: str, *, pictures: Pictures = NO_PICTURES, webhook: str = ""
    ) -> Receipt:
        """Hand a request over."""
        with self._metrics.call(self.name, "submit", request.kind):
            return await self._backend.submit(request, key, pictures=pictures, webhook=webhook)

    async def estimate(self, request: ImageRequest, key: str) -> float:
        """What it would cost in kudos."""
        with self._metrics.call(self.name, "estimate", request.kind):
            return await self._backend.estimate(request, key)

    async def free_side(self) -> int:
        """The side of the largest square that needs no kudos in hand."""
        with self._metrics.call(self.name, "load"):
            return await self._backend.free_side()

    async def status(self, remote_id: str, kind: Kind, *, n: int, full: bool = False) -> Status:
        """One look."""
        with self._metrics.call(self.name, "status", kind):
            return await self._backend.status(remote_id, kind, n=n, full=full)

    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:
        """Stop it."""
        with self._metrics.call(self.name, "cancel", kind):
            return await self._backend.cancel(remote_id, kind, n=n)

    async def fetch(self, url: str) -> bytes:
        """The bytes of a result."""
        with self._metrics.call(self.name, "fetch"):
            return await self._backend.fetch(url)

    async def models(self, kind: Kind) -> tuple[Model, ...]:
        """What can be asked for now."""
        with self._metrics.call(self.name, "models", kind):
            return await self._backend.models(kind)

    async def account(self, key: str) -> Account:
        """Whose key this is."""
        with self._metrics.call(self.name, "account"):
            return await self._backend.account(key)

    async def allowance(self, key: str) -> Allowance | None:
        """What a shared key may be used for."""
        with self._metrics.call(self.name, "allowance"):
            return await self._backend.allowance(key)

    async def health(self) -> Health:
        """A cheap look."""
        with self._metrics.call(self.name, "health"):
            return await self._backend.health()


class MeasuredPresenter:
    """Any presenter, with what it shows timed and what people got counted."""

    def __init__(self, presenter: Presenter, metrics: Metrics) -> None:
        self._presenter = presenter
        self._metrics = metrics

    async def show(self, record: Record, status: Status) -> MessageRef | None:
        """Show it; gives the new message when it had to move."""
        with self._metrics.card(record, status):
            return await self._presenter.show(record, status)

    async def tell(self, record: Record, text: str) -> None:
        """A private word to the requester."""
        await self._presenter.tell(record, text)

    async def card_exists(self, record: Record) -> MessageRef | None:
        """Whether Discord ever took our first answer."""
        return await self._presenter.card_exists(record)
