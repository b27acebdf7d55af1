"""Parties: threads in which images are rewarded with kudos for a while."""

from dataclasses import dataclass

PARTY = "party-"  # the beginning of the origin of a reward


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party. `award`, `budget` and `each_max` in kudos: of an image, of all, of one member.

    `style`: the name of the style that the images need, "" for any. `ended_at`: its end was shown.
    """

    thread_id: int
    guild_id: int
    owner_id: int
    name: str
    style: str
    award: int
    budget: int
    each_max: int
    language: str
    created_at: float
    ends_at: float
    ended_at: float | None = None

    @property
    def origins(self) -> str:
        """The beginning of the origins of its rewards."""
        return f"{PARTY}{self.thread_id}-"


@dataclass(frozen=True, slots=True)
class PartySum:
    """Rewards of a party that were sent or are still to be sent. `failed`: one was refused."""

    kudos: int
    members: int
    failed: bool = False
