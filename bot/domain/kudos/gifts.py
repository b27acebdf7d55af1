"""Gifts: transfers of kudos from one account to another, and their phases."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.kudos.parties import PARTY

REACTION = "reaction-"  # the beginning of the origin of a gift by a reaction


class GiftPhase(StrEnum):
    """HELD waits for the recipient's login, READY for a call. SENDING: a call was begun.

    The others are final. UNKNOWN: the kudos may have been transferred.
    """

    HELD = "held"
    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGift:
    """A gift to store. `origin`: what caused it, unique; a second gift of it is not stored.

    `recipient_id`: 0 when only `username`, the name of an account, is known.
    """

    origin: str
    giver_id: int
    recipient_id: int
    username: str
    kudos: int
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift(NewGift):
    """A stored gift. `account`: the giver's account since the first call, "" before.

    `due_at`: time of the next step (a call, the expiry, or the notice); `note`: why it failed.
    """

    id: int
    phase: GiftPhase
    account: str
    created_at: float
    sent_at: float | None
    due_at: float | None
    note: str

    @property
    def by_reaction(self) -> bool:
        """Whether a reaction caused it."""
        return self.origin.startswith(REACTION)

    @property
    def by_party(self) -> bool:
        """Whether it is the reward of a party."""
        return self.origin.startswith(PARTY)
