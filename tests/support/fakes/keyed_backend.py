"""A queued backend in memory that needs the key of a request for each poll, as Algovera does."""

from dataclasses import dataclass, field

from bot.backends.values import Receipt
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import Kind, Request
from bot.domain.results import Status
from bot.errors import RequestGone
from tests.support.fakes.backend import FakeHorde


@dataclass
class FakeKeyed(FakeHorde):
    """`known`: the keys of the requests under way, by id; empty them for a restart."""

    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            title="keyed server",
            resubmit="never",
            cancels=frozenset(),
            unit=PriceUnit.NONE,
            keys="required",
        )
    )
    known: dict[str, str] = field(default_factory=dict[str, str])
    resumed: list[Request] = field(default_factory=list[Request])

    async def submit(
        self,
        request: Request,
        key: str,
        *,
        pictures: Pictures = NO_PICTURES,
        webhook: str = "",
        token: str = "",
    ) -> Receipt:
        receipt = await super().submit(request, key, pictures=pictures, webhook=webhook)
        self.known[receipt.remote_id] = key
        return receipt

    async def status(self, remote_id: str, kind: Kind, *, n: int, full: bool = False) -> Status:
        if remote_id not in self.known:
            raise RequestGone("The key is unknown.")
        return await super().status(remote_id, kind, n=n, full=full)

    def resume(self, token: str, request: Request, key: str) -> bool:
        self.known[token] = key
        self.resumed.append(request)
        return True
