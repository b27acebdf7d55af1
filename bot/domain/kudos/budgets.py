"""Budgets of a server's keys, and what requests have spent. Pure.

A day is a UTC day: the budget refills at midnight UTC.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.domain.alchemy import annotations
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.capabilities import PriceUnit
from bot.domain.kudos.prices import MICRO
from bot.domain.requests import AlchemyRequest, ImageRequest, Request
from bot.domain.results import Status

DAY = 86_400
MOST = 50_000_000.0  # kudos: more than any account has
DOLLARS_MOST = 10_000.0
AMOUNT_MOST = DOLLARS_MOST * MICRO  # of any unit
PIXELS_MAX = 3072 * 3072
ROLES_MAX = 25

TILE = 512  # pixels: side of the square that the price of a picture's forms is based on
SIDE_UNKNOWN = 1024  # pixels of a side of unknown length
TAXES = 2.0  # kudos for each form: one for the Horde, one because slow workers may take it
_LOOKS = frozenset({"caption", "nsfw", "vectorize", "palette", "describe", "aesthetic"})


def _once(rules: tuple[tuple[int, float], ...]) -> tuple[tuple[int, float], ...]:
    """One rule for each role; the last one counts."""
    return tuple(dict(rules).items())


Amount = Annotated[float, Field(ge=0, le=AMOUNT_MOST, allow_inf_nan=False)]
Role = tuple[Annotated[int, Field(gt=0, lt=2**63)], Amount]
Roles = Annotated[tuple[Role, ...], Field(max_length=ROLES_MAX), AfterValidator(_once)]


class Budget(BaseModel):
    """Limits of the use of a server's key; 0 is no limit. Amounts in `unit`; `largest` in pixels.

    `roles`: limit a day of members with that role, instead of `a_person_a_day`; the highest of
    several counts, and 0 is no limit there too. `then_next`: a request over the budget may use the
    next key.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    a_day: Amount = 0
    a_person_a_day: Amount = 0
    a_request: Amount = 0
    largest: int = Field(default=0, ge=0, le=PIXELS_MAX)
    roles: Roles = ()
    then_next: bool = True
    unit: PriceUnit = PriceUnit.KUDOS

    def of_person(self, roles: Iterable[int]) -> float:
        """Amount a day for a member with those roles; 0 for no limit."""
        held = set(roles)
        found = [amount for role, amount in self.roles if role in held]
        if not found:
            return self.a_person_a_day
        return 0 if 0 in found else max(found)

    @property
    def is_set(self) -> bool:
        """Whether it limits anything."""
        return self != Budget(unit=self.unit)

    @property
    def lowest_of_person(self) -> float:
        """Amount a day for a member whose roles are not known; 0 for no limit."""
        limits = (self.a_person_a_day, *(amount for _, amount in self.roles))
        return min((amount for amount in limits if amount), default=0.0)


class Bound(StrEnum):
    """A limit that a request can exceed."""

    SIZE = "size"
    REQUEST = "request"
    PERSON = "person"
    DAY = "day"
    SHARED_KEY = "shared_key"  # kudos of a shared key; its owner may add some

    @property
    def refills(self) -> bool:
        """The limit is a daily one and refills tomorrow."""
        return self in {Bound.PERSON, Bound.DAY}


@dataclass(frozen=True, slots=True)
class Spent:
    """Spent in one day at one backend, in its unit: by a whole server, and by one member.

    Reserved amounts count.
    """

    server: float = 0.0
    person: float = 0.0


@dataclass(frozen=True, slots=True)
class Claim:
    """Price that a request wants to reserve on `day`, and its limits; 0 for none. In the unit of
    the backend with the name `backend`.

    `marks`: of the requester, the newest first (bot/accounts/encryption/pseudonyms.py).
    """

    guild_id: int
    marks: tuple[str, ...]
    day: int
    price: float
    a_day: float = 0.0
    a_person: float = 0.0
    backend: str = ""

    def passes(self, spent: Spent) -> Bound | None:
        """The limit that the claim exceeds after `spent`, None when it exceeds none."""
        if self.a_day and spent.server + self.price > self.a_day:
            return Bound.DAY
        if self.a_person and spent.person + self.price > self.a_person:
            return Bound.PERSON
        return None

    def room(self, bound: Bound, spent: Spent) -> "Room":
        """The value of that limit and the rest of it after `spent`."""
        most, gone = self.a_day, spent.server
        if bound is Bound.PERSON:
            most, gone = self.a_person, spent.person
        return Room(bound, most, max(0.0, most - gone))


@dataclass(frozen=True, slots=True)
class Room:
    """An exceeded limit, in the unit of its backend, and the rest of it; 0 for none."""

    bound: Bound
    most: float = 0.0
    left: float = 0.0


def too_dear(budget: Budget, request: Request, price: float) -> Bound | None:
    """The limit that the request exceeds whatever was spent before, None for none."""
    pixels = request.width * request.height if isinstance(request, ImageRequest) else 0
    if budget.largest and pixels > budget.largest:
        return Bound.SIZE
    if budget.a_request and price > budget.a_request:
        return Bound.REQUEST
    return None


def day_of(now: float) -> int:
    """Day of that moment (UTC seconds), counted from 1970."""
    return int(now // DAY)


def refills_at(now: float) -> float:
    """End of the day of that moment, in UTC seconds."""
    return float((day_of(now) + 1) * DAY)


def spent_on(
    request: Request,
    status: Status | None,
    *,
    sent: bool,
    unit: PriceUnit = PriceUnit.KUDOS,
) -> float:
    """What a request has cost in the end, in `unit`. `sent`: a backend had it.

    A Horde reports the cost of images and texts, but not of alchemy, which is estimated.
    """
    if not sent or status is None:
        return 0.0
    if unit is not PriceUnit.KUDOS or not isinstance(request, AlchemyRequest):
        return max(0.0, status.cost)
    return forms_cost(request, [form.form for form in status.forms if form.state == "done"])


def forms_cost(request: AlchemyRequest, forms: Iterable[str]) -> float:
    """Kudos that these forms of the request cost: docs/horde-api.md#alchemy-requests."""
    return sum(_form_cost(form, _tiles(request)) + TAXES for form in forms)


def _form_cost(form: str, tiles: int) -> int:
    if control := annotations.control_type(form):
        return annotations.tile_price(control) * tiles
    if form in _LOOKS or form not in FORMS:
        return 1
    return 3 if form == "interrogation" else 3 * tiles


def _tiles(request: AlchemyRequest) -> int:
    width = request.source.width or SIDE_UNKNOWN
    height = request.source.height or SIDE_UNKNOWN
    return math.ceil(width / TILE) * math.ceil(height / TILE)
