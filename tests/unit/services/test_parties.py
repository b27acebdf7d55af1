"""Parties: each image is rewarded once, within the limits, until the end."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bot.accounts.credentials import Credentials
from bot.accounts.shared_keys import SharedKeys
from bot.domain.generations import ImageGeneration
from bot.domain.kudos.parties import Party, PartySum
from bot.domain.records import MessageRef, Payer
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase, Status
from bot.errors import RequestRejected, UserError
from bot.services.gifts import Gifts, Parties
from bot.services.gifts.parties import LATE
from bot.storage import Store
from tests.support.fakes.kudos import FakeKudos, Killed

ADA, BEN, CLEO, THREAD = 7, 8, 9, 500
PARTY = Party(
    thread_id=THREAD,
    guild_id=5,
    owner_id=ADA,
    name="foxes",
    style="",
    award=10,
    budget=100,
    each_max=30,
    language="en",
    created_at=1_000.0,
    ends_at=2_000.0,
)


class PartyWorld:
    """A store and accounts that outlive the processes that use them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.kudos = FakeKudos(store)
        self.now = 1_000.0
        self.ends: list[PartySum] = []
        self.number = 0
        self.start()

    def start(self) -> None:
        keys, credentials = cast("SharedKeys", self.kudos), cast("Credentials", self.kudos)
        self.gifts = Gifts(self.store.gifts, credentials, keys, "horde", lambda: self.now)
        self.parties = Parties(self.store.parties, self.gifts, keys, lambda: self.now)
        self.parties.show_end = self._show_end

    async def _show_end(self, _party: Party, total: PartySum) -> bool:
        self.ends.append(total)
        return True

    async def image(
        self, user_id: int, *, count: int = 1, place: int = THREAD, style: str = ""
    ) -> None:
        self.number += 1
        record = await self.store.requests.add(
            interaction_id=self.number,
            backend="horde",
            user_id=user_id,
            guild_id=5,
            payer=Payer.ANONYMOUS,
            request=ImageRequest(prompt="a fox", style_name=style),
            message=MessageRef(channel_id=place, token="t", token_expires_at=9.0),
            now=self.now,
        )
        images = tuple(ImageGeneration(id=f"{n}", file=f"{n}.webp") for n in range(count))
        status = Status(phase=Phase.DONE, generations=images)
        await self.store.requests.change(record.id, status=status, outcome_at=self.now)
        await self.store.requests.change(record.id, phase=Phase.DONE, closed_at=self.now)

    def paid(self) -> list[tuple[str, int]]:
        return [(username, kudos) for _, username, kudos in self.kudos.transfers.values()]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[PartyWorld]:
    async with Store.open(tmp_path / "bot.db") as store:
        found = PartyWorld(store)
        for user_id, username in ((ADA, "ada#1"), (BEN, "ben#2"), (CLEO, "cleo#3")):
            await found.kudos.log_in(user_id, username)
        yield found


async def test_images_of_other_members_in_the_thread_are_rewarded_once(world: PartyWorld) -> None:
    await world.parties.start(PARTY)
    await world.image(BEN, count=2)
    await world.image(ADA)
    await world.image(BEN, place=1)
    for _ in range(3):
        await world.parties.step()
        world.start()
    assert world.paid() == [("ben#2", 20)]


async def test_one_member_and_all_together_have_limits(world: PartyWorld) -> None:
    await world.parties.start(replace(PARTY, budget=50))
    for _ in range(5):
        await world.image(BEN)
    await world.image(CLEO, count=4)
    await world.parties.step()
    assert world.paid() == [("ben#2", 10)] * 3 + [("cleo#3", 20)]
    assert world.ends == [PartySum(50, 2)]
    await world.parties.step()
    assert len(world.ends) == 1


async def test_only_images_with_the_style_are_rewarded(world: PartyWorld) -> None:
    await world.parties.start(replace(PARTY, style="raw"))
    await world.image(BEN)
    await world.image(CLEO, style="raw")
    await world.parties.step()
    assert world.paid() == [("cleo#3", 10)]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_kill_at_a_reward_pays_once(world: PartyWorld, when: str) -> None:
    await world.parties.start(PARTY)
    await world.image(BEN)
    setattr(world.kudos, when, Killed())
    with pytest.raises(Killed):
        await world.parties.step()
    world.start()
    await world.gifts.resume()
    await world.parties.step()
    await world.gifts.step()
    await world.parties.step()
    assert world.paid() == [("ben#2", 10)]


async def test_party_ends_by_itself_after_a_restart(world: PartyWorld) -> None:
    await world.parties.start(PARTY)
    world.now = PARTY.ends_at - 1
    await world.image(BEN)
    world.now = PARTY.ends_at + 1
    await world.image(CLEO)
    world.now += LATE
    world.start()
    await world.parties.step()
    assert world.paid() == [("ben#2", 10)]
    assert world.ends == [PartySum(10, 1)]


async def test_refused_reward_ends_the_party(world: PartyWorld) -> None:
    await world.parties.start(PARTY)
    await world.image(BEN)
    await world.image(CLEO)
    world.kudos.before = RequestRejected("Not enough kudos.")
    await world.parties.step()
    assert (world.paid(), world.ends) == ([], [PartySum(0, 1, failed=True)])


async def test_unreadable_key_of_the_owner_ends_the_party(world: PartyWorld) -> None:
    await world.parties.start(PARTY)
    await world.image(BEN)
    world.kudos.unreadable.add(ADA)
    await world.parties.step()
    world.now += LATE + 1
    await world.parties.step()
    assert (world.paid(), world.ends) == ([], [PartySum(0, 0)])


async def test_reward_of_a_member_without_a_key_is_held(world: PartyWorld) -> None:
    await world.parties.start(PARTY)
    await world.image(10)
    await world.parties.step()
    assert world.paid() == []
    await world.kudos.log_in(10, "dan#4")
    await world.gifts.step()
    assert world.paid() == [("dan#4", 10)]


async def test_owner_has_one_party_and_ends_it(world: PartyWorld) -> None:
    await world.parties.start(PARTY)
    for refused in (world.parties.check(ADA), world.parties.start(replace(PARTY, thread_id=1))):
        with pytest.raises(UserError):
            await refused
    with pytest.raises(UserError):
        await world.parties.stop(BEN, THREAD, 5, manages=False)
    await world.parties.stop(ADA, 1, 5, manages=False)
    world.now += LATE + 1
    await world.parties.step()
    assert len(world.ends) == 1
    await world.parties.check(ADA)
