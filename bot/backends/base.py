"""The protocol of a backend. bot/backends/horde/backend.py is the example to follow."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from bot.backends.timing import CallTimer
from bot.domain.capabilities import Capabilities
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import ImageRequest, Kind, Request, TextRequest, VideoRequest
from bot.domain.results import Cut, Status

# Alchemy allows ten times as many forms as images: docs/horde-api.md#concurrency.
ALCHEMY_FACTOR = 10
# Requests whose price a backend can tell before the submit.
Priced = ImageRequest | TextRequest | VideoRequest


@dataclass(frozen=True, slots=True)
class Receipt:
    """An accepted submit. `cost`: the first price; `warnings`: sentences for people.

    `worker_warnings`: why no worker takes it at the moment. `price`: what each image costs, but
    for the kudo that is added to it; 0 is unknown.
    """

    remote_id: str
    cost: float = 0.0
    warnings: tuple[str, ...] = ()
    worker_warnings: tuple[str, ...] = ()
    price: float = 0.0
    cut: Cut | None = None  # changes that the backend made because kudos were missing


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a key. `shared`: a shared key, which cannot pay alchemy.

    `balance`: of a shared key what remains, None for no limit. `spendable`: what a
    request may need in advance. `deleted`: it is about to be deleted, and its requests are refused.
    `concurrency`: results that may wait.
    """

    username: str
    balance: float | None
    spendable: float = 0.0
    trusted: bool = False
    shared: bool = False
    deleted: bool = False
    concurrency: int = 30
    # Ids of the open requests of the account; alchemy is never listed.
    active: Mapping[Kind, frozenset[str]] = field(default_factory=dict[Kind, frozenset[str]])


@dataclass(frozen=True, slots=True)
class Allowance:
    """Limits of a shared key; None is no limit.

    `kudos` left, kudos `spent`; `pixels` and `steps` of a picture, `tokens` of a text.
    `expires_at` in UTC seconds.
    """

    name: str = ""
    kudos: float | None = None
    spent: float = 0.0
    expires_at: float | None = None
    pixels: int | None = None
    steps: int | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One model on offer. `wait` in seconds, `queued` in the backend's own unit.

    `micro_usd`: price of a result, or of a million tokens of a text; 0 is none or unknown.
    `context`: tokens that every worker of a text model reads; 0 is unknown.
    """

    name: str
    kind: Kind
    workers: int
    wait: int
    queued: float = 0.0
    performance: float = 0.0
    micro_usd: int = 0
    context: int = 0


@dataclass(frozen=True, slots=True)
class OfferedNames:
    """What a backend has of its own, by the names that requests use; None: it does not tell."""

    samplers: tuple[str, ...] | None = None
    schedulers: tuple[str, ...] | None = None
    loras: tuple[str, ...] | None = None
    embeddings: tuple[str, ...] | None = None


NOT_TOLD = OfferedNames()


@dataclass(frozen=True, slots=True)
class Limits:
    """Submits of one kind that a backend allows, as (count, seconds) pairs.

    `windows`: from one address; `account_windows`: with one key. `waiting`: slots per account,
    counted in results. `running`: a request that is processed takes slots, too, and so do those
    without a key.
    """

    windows: tuple[tuple[int, float], ...]
    waiting: int = 30
    running: bool = False
    account_windows: tuple[tuple[int, float], ...] = ()
    lifted: dict[int, tuple[tuple[int, float], ...]] = field(
        default_factory=dict[int, tuple[tuple[int, float], ...]]
    )  # by the per-second limit that a reply shows: the windows that are then valid


def for_all_kinds(limits: Limits, **others: Limits) -> Mapping[Kind, Limits]:
    """The same limits for each kind, but for those named."""
    return {kind: others.get(kind, limits) for kind in Kind}


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a backend is up. `message`: a sentence for people."""

    ok: bool
    message: str
    maintenance: bool = False


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
