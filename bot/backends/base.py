"""What the bot asks of a backend. bot/backends/horde.py is the model to follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import ImageRequest, Kind, Request
from bot.domain.results import Status


@dataclass(frozen=True, slots=True)
class Receipt:
    """A submit that was taken. `kudos`: the server's first word on the price; warnings are text."""

    remote_id: str
    kudos: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a key belongs to. `shared`: a shared key, which cannot pay alchemy."""

    username: str
    kudos: float
    trusted: bool = False
    shared: bool = False
    concurrency: int = 30
    # Ids of the requests that are alive for that key; alchemy is listed nowhere.
    active: Mapping[Kind, frozenset[str]] = field(default_factory=dict[Kind, frozenset[str]])


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a shared key may still be used for; None is no limit.

    `kudos` are left, `spent` are gone; `pixels` and `steps` of a picture, `tokens` of a text.
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
    """One model as people choose it. `wait` in seconds, `queued` in the backend's own unit."""

    name: str
    kind: Kind
    workers: int
    wait: int
    queued: float = 0.0
    performance: float = 0.0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can do. `resubmit`: may a lost submit be sent again without paying twice."""

    kinds: frozenset[Kind] = frozenset(Kind)
    resubmit: Literal["free", "never"] = "free"


@dataclass(frozen=True, slots=True)
class Limits:
    """Submits a backend allows from one address and per kind, as (count, seconds) pairs."""

    windows: tuple[tuple[int, float], ...]
    waiting: int = 30  # waiting places per account, counted by n
    lifted: dict[int, tuple[tuple[int, float], ...]] = field(
        default_factory=dict[int, tuple[tuple[int, float], ...]]
    )  # by the per-second limit that a reply shows: the windows then in force


@dataclass(frozen=True, slots=True)
class Health:
    """Is anybody home. `message` is for a person."""

    ok: bool
    message: str
    maintenance: bool = False


class Backend(Protocol):
    """One server that makes things. Every method raises BackendError and nothing else."""

    name: str
    request_lifetime: float  # seconds a request stays known
    limits: Limits
    capabilities: Capabilities
    seen_rate: dict[Kind, int]  # submits per second that the newest reply showed as allowed

    async def submit(
        self, request: Request, key: str, *, pictures: Pictures = NO_PICTURES, webhook: str = ""
    ) -> Receipt:
        """Hand a request over.

        `webhook`: an https address that the backend may ring when something is ready.
        """
        ...

    async def estimate(self, request: ImageRequest, key: str) -> float:
        """What it would cost in kudos, without making it. Uses up a submit of the limits."""
        ...

    async def free_side(self) -> int:
        """The side, in pixels, of the largest square that needs no kudos in hand now."""
        ...

    async def status(self, remote_id: str, kind: Kind, *, n: int, full: bool = False) -> Status:
        """One look. `n`: results expected. Cheap; complete (with generations) when it is over.

        `full` asks for the generations while it is still open. Raises RequestGone.
        """
        ...

    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:
        """Stop it; what was made until now is in the Status. Raises RequestGone."""
        ...

    async def fetch(self, url: str) -> bytes:
        """The bytes of a result, size-capped. Raises BackendDown, BadReply."""
        ...

    async def models(self, kind: Kind) -> tuple[Model, ...]:
        """What can be asked for now."""
        ...

    async def account(self, key: str) -> Account:
        """Whose key this is. Raises RequestRejected for an unknown one."""
        ...

    async def allowance(self, key: str) -> Allowance | None:
        """What that key may be used for when it is a shared one; None for any other.

        Raises RequestRejected when it is known no more.
        """
        ...

    async def health(self) -> Health:
        """A cheap look that costs no limit."""
        ...
