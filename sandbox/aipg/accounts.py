"""Accounts: keys, the free quota, credits in micro-USD, and money that is held for a job."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from sandbox.aipg.errors import ApiError
from sandbox.aipg.models import MICRO
from sandbox.optional.jobs import Json

DAILY_REQUESTS = 200
DAILY_FREE_MICRO = 100_000
TEXT_AT_ONCE = 24
MEDIA_AT_ONCE = 4
HoldStatus = Literal["held", "settled", "released"]


@dataclass(slots=True)
class Account:
    """`paid_micro`: the bought credit. `requests`: of today, counted without bought credit only."""

    key: str
    username: str
    paid_micro: int = 0
    free_micro: int = DAILY_FREE_MICRO
    requests: int = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    running: dict[str, int] = field(default_factory=lambda: {"text": 0, "media": 0})

    def count_request(self) -> None:
        """Count a request of the free quota. Raises ApiError 429 when it is used up."""
        if self.paid_micro > 0:
            return
        self.requests += 1
        if self.requests > DAILY_REQUESTS:
            left = seconds_to_midnight()
            detail = (
                f"Free daily limit reached ({DAILY_REQUESTS} requests/day). "
                f"Resets in {left // 3600}h {left % 3600 // 60}m. "
                "Upgrade or stake AIPG for unlimited access: https://aipowergrid.io"
            )
            raise ApiError(429, detail, {"Retry-After": str(left)})

    def start(self, kind: Literal["text", "media"]) -> None:
        """Count a running job. Raises ApiError 429 when too many run."""
        limit, noun = (TEXT_AT_ONCE, "requests") if kind == "text" else (MEDIA_AT_ONCE, "jobs")
        if self.running[kind] >= limit:
            raise ApiError(429, f"Too many concurrent {noun} (limit {limit}). Retry shortly.")
        self.running[kind] += 1

    def hold(self, cost: int) -> "Hold":
        """Hold the cost of a job, free credit first. Raises ApiError 402 when it is short."""
        if cost > self.free_micro + self.paid_micro:
            raise ApiError(402, "insufficient credits")
        free = min(cost, self.free_micro)
        self.free_micro -= free
        self.paid_micro -= cost - free
        return Hold(self, free, cost - free)

    def credits_json(self, *, charging: bool) -> Json:
        """The answer of /v1/account/credits."""
        total = self.free_micro + self.paid_micro
        promotion: Json = {"remaining_micro": 0, "remaining_usd": 0.0, "active": False}
        return {
            "account_id": self.id,
            "promotional": promotion,
            "free": {
                "daily_cap_micro": DAILY_FREE_MICRO,
                "remaining_micro": self.free_micro,
                "daily_cap_usd": DAILY_FREE_MICRO / MICRO,
                "remaining_usd": self.free_micro / MICRO,
                "resets": "utc-midnight",
                "holder_bonus_active": False,
                "active": True,
            },
            "paid": {"balance_micro": self.paid_micro, "balance_usd": self.paid_micro / MICRO},
            "total_spendable_micro": total,
            "total_spendable_usd": total / MICRO,
            "total_preview_micro": total,
            "total_preview_usd": total / MICRO,
            "charging_enabled": charging,
            "charging_mode": "on" if charging else "off",
        }


@dataclass(slots=True)
class Hold:
    """Money that is held for a job, until it is settled or released."""

    account: Account
    free_micro: int
    paid_micro: int
    status: HoldStatus = "held"
    actual_micro: int | None = None

    def settle(self, cost: int | None = None) -> int:
        """Take the cost (None: all that is held), give back the rest, and return the cost."""
        taken = self.free_micro + self.paid_micro if cost is None else cost
        if self.status == "held":
            free = min(taken, self.free_micro)
            self._give_back(self.free_micro - free, self.paid_micro - (taken - free))
            self.status, self.actual_micro = "settled", taken
        return taken

    def release(self) -> None:
        """Give back all that is held."""
        if self.status == "held":
            self._give_back(self.free_micro, self.paid_micro)
            self.status, self.actual_micro = "released", 0

    def _give_back(self, free: int, paid: int) -> None:
        self.account.free_micro += free
        self.account.paid_micro += paid


class Accounts:
    """The accounts by key. There are two at the start: one with credit, one without."""

    def __init__(self) -> None:
        self.by_key: dict[str, Account] = {}
        self.add(Account("grid_ada_0123456789abcdef", "ada", paid_micro=5 * MICRO))
        self.add(Account("grid_bob_0123456789abcdef", "bob"))

    def add(self, account: Account) -> None:
        self.by_key[account.key] = account


class CallCounter:
    """Counts calls by key and route in fixed windows of a minute."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, int], int] = {}

    def allows(self, owner: str, route: str, limit: int) -> bool:
        """Count a call; False if the limit is passed."""
        minute = int(time.time() // 60)
        self._counts = {key: n for key, n in self._counts.items() if key[2] == minute}
        key = (owner, route, minute)
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key] <= limit


def seconds_to_midnight() -> int:
    """Seconds until the next day (UTC) begins."""
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1, round((midnight - now).total_seconds()))
