"""The accounts of the local Horde: API keys, kudos, shared keys."""

import secrets
import time
import uuid
from collections import deque
from dataclasses import dataclass, field

from sandbox.horde.errors import ApiError
from sandbox.horde.state.models_and_workers import JOB_KINDS, JobKind

ANONYMOUS_KEY = "0000000000"
REGISTERED_FLOOR, ANONYMOUS_FLOOR = 25.0, -50.0


@dataclass(slots=True, eq=False)
class SharedKey:
    """A key that spends its owner's kudos within limits; -1 means no limit."""

    id: str
    owner: "User"
    name: str = ""
    kudos: int = 5000
    expires_at: float | None = None
    utilized: float = 0.0
    max_image_pixels: int = -1
    max_image_steps: int = -1
    max_text_tokens: int = -1

    @property
    def kudos_left(self) -> float:
        """The kudos that the key can still spend."""
        return float("inf") if self.kudos == -1 else self.kudos - self.utilized

    def charge(self, amount: float) -> None:
        """Spend kudos of the key; the rest never goes below 0."""
        self.utilized += min(amount, self.kudos_left)

    def check(self) -> None:
        """Raises ApiError when the key has expired or is used up."""
        if self.expires_at is not None and time.time() > self.expires_at:
            raise ApiError(403, "SharedKeyExpired", "This shared key has expired")
        if self.kudos_left <= 0:
            raise ApiError(403, "SharedKeyEmpty", "This shared key does not have any more kudos")


@dataclass(slots=True, eq=False)
class User:
    """An account with its open requests."""

    id: int
    alias: str
    api_key: str
    kudos: float
    concurrency: int = 30
    trusted: bool = False
    moderator: bool = False
    service: bool = False
    education: bool = False
    customizer: bool = False
    special: bool = False
    flagged: bool = False
    deleted: bool = False
    public_workers: bool = False
    contact: str | None = None
    proxy_passkey: str | None = None
    created_at: float = field(default_factory=time.time)
    reserved: float = 0.0
    accumulated: float = 0.0
    gifted: float = 0.0
    styled: float = 0.0
    awarded: float = 0.0
    postings: deque[tuple[float, float]] = field(
        default_factory=lambda: deque[tuple[float, float]](maxlen=1000)
    )  # time and amount of the latest changes of the kudos
    received: float = 0.0
    contributed: float = 0.0  # megapixelsteps of own workers
    fulfilled: int = 0
    megapixelsteps: float = 0.0
    tokens: int = 0
    requests: dict[JobKind, int] = field(default_factory=lambda: dict.fromkeys(JOB_KINDS, 0))
    waiting: dict[JobKind, int] = field(default_factory=lambda: dict.fromkeys(JOB_KINDS, 0))
    open_requests: dict[str, JobKind] = field(default_factory=dict[str, JobKind])
    shared_keys: dict[str, SharedKey] = field(default_factory=dict[str, SharedKey])

    @property
    def name(self) -> str:
        """The unique username, alias#id."""
        return f"{self.alias}#{self.id}"

    @property
    def anonymous(self) -> bool:
        return self.id == 0

    @property
    def minimum_kudos(self) -> float:
        """The lowest possible balance."""
        return ANONYMOUS_FLOOR if self.anonymous else REGISTERED_FLOOR

    @property
    def spendable(self) -> float:
        return self.kudos - self.minimum_kudos - self.reserved

    def charge(self, amount: float) -> None:
        self.accumulated -= amount
        self.post(max(-amount, self.minimum_kudos - self.kudos))

    def receive_style_credit(self, amount: float) -> None:
        self.styled += amount
        self.post(amount)

    def post(self, amount: float) -> None:
        """Change the kudos; `shown_kudos` follows later."""
        self.kudos += amount
        self.postings.append((time.time(), amount))

    def shown_kudos(self, lag: float) -> float:
        """The balance as it was `lag` seconds ago: the real server folds changes with a delay."""
        since = time.time() - lag
        return self.kudos - sum(amount for at, amount in self.postings if at > since)


class Accounts:
    """All accounts by API key, id and name; `others` have no API key."""

    def __init__(self) -> None:
        self.others: dict[int, User] = {}
        self.by_key: dict[str, User] = {}
        self.by_id: dict[int, User] = {}
        self.shared_keys: dict[str, SharedKey] = {}
        self._add(User(0, "Anonymous", ANONYMOUS_KEY, ANONYMOUS_FLOOR, concurrency=500))
        self._add(
            User(1, "keeper", "KeeperSandboxModKey001", 1_000_000, trusted=True, moderator=True)
        )
        self._add(User(2, "rich", "RichTrustedSandboxKey2", 50_000, trusted=True, customizer=True))
        self._add(User(3, "poor", "PoorSandboxAccountKey3", REGISTERED_FLOOR))
        self._add(
            User(4, "service", "ServiceSandboxBotKey-4", 20_000, 200, trusted=True, service=True)
        )

    def _add(self, user: User) -> User:
        self.by_key[user.api_key] = user
        self.by_id[user.id] = user
        return user

    @property
    def anonymous(self) -> User:
        return self.by_id[0]

    def register(self, alias: str, kudos: float) -> User:
        """Add an account with a new API key of the real length, 22 characters."""
        key = secrets.token_urlsafe(16)
        return self._add(User(max(self.by_id) + 1, alias, key, max(kudos, REGISTERED_FLOOR)))

    def find_by_name(self, name: str) -> User | None:
        """The account with this name (alias#id) or id."""
        number = name.rpartition("#")[2]
        if not (number.isascii() and number.isdigit()) or len(number) > 12:
            return None
        return self.find(int(number))

    def find(self, number: int) -> User | None:
        """The account with this id."""
        return self.by_id.get(number) or self.others.get(number)

    def create_shared_key(self, owner: User, name: str = "") -> SharedKey:
        key = SharedKey(str(uuid.uuid4()), owner, name)
        owner.shared_keys[key.id] = key
        self.shared_keys[key.id] = key
        return key

    def delete_shared_key(self, key: SharedKey) -> None:
        del key.owner.shared_keys[key.id]
        del self.shared_keys[key.id]
