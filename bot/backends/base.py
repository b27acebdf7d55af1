"""The protocol of a backend. bot/backends/horde/backend.py is the example to follow."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import BinaryIO, Protocol

from bot.backends.timing import CallTimer
from bot.backends.values import (
    NOT_TOLD,
    Account,
    Allowance,
    Health,
    Limits,
    Model,
    OfferedNames,
    Priced,
    Receipt,
)
from bot.domain.capabilities import Capabilities
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import Kind, Request
from bot.domain.results import Status


class Backend(Protocol):
    """A server that processes requests. Every method raises BackendError and nothing else."""

    name: str
    request_lifetime: float  # seconds a request stays known
    limits: Mapping[Kind, Limits]
    capabilities: Capabilities
    seen_rate: dict[Kind, int]  # submits per second that the newest reply showed as allowed
    timer: CallTimer  # around each call, by @timed

    async def submit(
        self,
        request: Request,
        key: str,
        *,
        pictures: Pictures = NO_PICTURES,
        webhook: str = "",
        token: str = "",
    ) -> Receipt:
        """Submit a request.

        `webhook`: an https address that the backend may call when a result is ready. `token`: of a
        blocking call, stored before it starts; it is the `remote_id` of the receipt.
        """
        ...

    def resume(self, token: str, request: Request, key: str) -> bool:
        """Ask for the result of a blocking call of an earlier run, from now on in `status`.

        A queued backend learns the key of the request, for its polls. False when the backend cannot
        tell.
        """
        ...

    def forget(self, remote_id: str) -> None:
        """The outcome of a request is stored: nothing of it is needed any more."""
        ...

    async def drain(self, seconds: float) -> int:
        """Wait that long for blocking calls under way. Returns how many have not ended."""
        ...

    async def close(self) -> None:
        """End the blocking calls under way."""
        ...

    async def estimate(self, request: Priced, key: str) -> float:
        """Price in the unit of the backend, 0 for unknown, without processing the request.

        Of a text: the most that it can cost. A Horde tells that of images alone.
        At a Horde it counts as a submit for the rate limit.
        """
        ...

    async def free_side(self) -> int:
        """Side in pixels of the largest square picture that needs no kudos in the account now."""
        ...

    async def free_tokens(self) -> int:
        """The most tokens of a text that need no kudos in the account now."""
        ...

    async def status(self, remote_id: str, kind: Kind, *, n: int, full: bool = False) -> Status:
        """Poll a request. `n`: expected results. Complete with generations when it has ended.

        `full`: with the generations while it is still open. Raises RequestGone.
        """
        ...

    async def has_content(
        self, remote_id: str, request: Request, key: str, *, webhook: str = ""
    ) -> bool:
        """Whether that request was submitted with that key and has the content of `request`.

        `webhook`: the address that was sent with it. Raises FeatureMissing when the backend cannot
        tell.
        """
        ...

    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:
        """Cancel a request. Returns the results so far. Raises RequestGone."""
        ...

    async def fetch(self, url: str, limit: int) -> bytes:
        """Download a result of at most `limit` bytes.

        Raises BackendDown, ResultTooLarge, BadReply.
        """
        ...

    async def save(self, url: str, into: BinaryIO, limit: int) -> None:
        """Download a large result, such as a video, into an empty file. Raises as `fetch`."""
        ...

    async def models(self, kind: Kind) -> tuple[Model, ...]:
        """The models on offer now."""
        ...

    async def names(self) -> OfferedNames:
        """The samplers, schedulers, LoRAs and embeddings that it has, if it tells them."""
        ...

    async def account(self, key: str) -> Account:
        """The account of a key. Raises RequestRejected for an unknown key."""
        ...

    async def allowance(self, key: str) -> Allowance | None:
        """Limits of a shared key; None for any other key.

        Raises RequestRejected when the backend does not know it any more.
        """
        ...

    def is_shared_key(self, key: str) -> bool:
        """Whether a key has the form of a shared key; asks nothing."""
        ...

    async def health(self) -> Health:
        """Whether the backend is up. Free of rate limits."""
        ...


class SmallResults(ABC):
    """A backend whose results fit into memory."""

    @abstractmethod
    async def fetch(self, url: str, limit: int) -> bytes:
        """Download a result of at most `limit` bytes."""

    async def save(self, url: str, into: BinaryIO, limit: int) -> None:
        """Download a result into an empty file."""
        into.write(await self.fetch(url, limit))


class QueuedBackend(SmallResults):
    """What a backend does not need whose calls are short: the queue is at the server."""

    def resume(self, token: str, request: Request, key: str) -> bool:  # noqa: ARG002  (a protocol)
        """No call is as long as its job."""
        return False

    def forget(self, remote_id: str) -> None:
        """Nothing is kept here."""

    async def drain(self, seconds: float) -> int:  # noqa: ARG002  (a protocol)
        """No call is under way for long."""
        return 0

    async def close(self) -> None:
        """Nothing is open."""

    async def names(self) -> OfferedNames:
        """It tells none here."""
        return NOT_TOLD
