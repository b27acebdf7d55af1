"""Values that backends return: receipts, accounts, models, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.requests import ImageRequest, Kind, TextRequest, VideoRequest
from bot.domain.results import Cut

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
