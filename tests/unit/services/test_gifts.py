"""Gifts of kudos: transferred once whatever happens, held for a week, told to the giver."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from bot.accounts.credentials import Credentials
from bot.accounts.shared_keys import SharedKeys
from bot.domain.kudos.gifts import Gift, GiftPhase
from bot.errors import BackendDown, BadReply, RateLimited, RequestRejected, UserError
from bot.services.gifts import HELD_DAYS, Gifts
from bot.services.gifts.gifts import ANSWERED_IN, HELD_MAX, LOOK_MAX
from bot.services.gifts.transfers import DOUBT_MAX, RETRY
from bot.storage import Store
from bot.storage.database import Database
from tests.support.fakes.kudos import FakeKudos, Killed
from tests.support.fakes.storage import connection
from tests.support.virtual_clock import virtual

ADA, BEN, DAY = 7, 8, 86_400.0


class GiftWorld:
    """A store and accounts that outlive the processes that use them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.kudos = FakeKudos(store)
        self.now = 1_000.0
        self.told: list[Gift] = []
        self.reachable = True
        self.gifts = self.start()

    def start(self) -> Gifts:
        keys = cast("SharedKeys", self.kudos)
        credentials = cast("Credentials", self.kudos)
        self.gifts = Gifts(self.store.gifts, credentials, keys, "horde", lambda: self.now)
        self.gifts.tell = self.tell
        return self.gifts

    async def tell(self, gift: Gift) -> bool:
        if self.reachable:
            self.told.append(gift)
        return self.reachable

    async def restart(self) -> None:
        await self.start().resume()
        await self.gifts.step()

    async def later(self, seconds: float) -> None:
        self.now += seconds
        await self.gifts.step()

    async def phase(self, origin: str = "m") -> str:
        gift = await self.store.gifts.get(origin)
        assert gift is not None
        return gift.phase


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[GiftWorld]:
    async with Store.open(tmp_path / "bot.db") as store:
        found = GiftWorld(store)
        await found.kudos.log_in(ADA, "ada#1")
        yield found


async def test_repeated_submission_transfers_once(world: GiftWorld) -> None:
    for _ in range(2):
        gift = await world.gifts.to_account(ADA, "ben#2", 50, origin="m")
        assert gift.phase is GiftPhase.SENT
    assert list(world.kudos.transfers.values()) == [(ADA, "ben#2", 50)]
    assert world.kudos.calls == 1


async def test_giver_without_a_key_is_refused_before_anything_is_stored(world: GiftWorld) -> None:
    with pytest.raises(UserError):
        await world.gifts.to_member(BEN, ADA, 5, origin="m")
    with pytest.raises(UserError):
        await world.gifts.to_account(BEN, "ada#1", 5, origin="m")
    assert await world.store.gifts.get("m") is None


async def test_member_with_an_account_gets_the_gift_at_once(world: GiftWorld) -> None:
    await world.kudos.log_in(BEN, "ben#2")
    gift = await world.gifts.to_member(ADA, BEN, 50, origin="m")
    assert gift.phase is GiftPhase.SENT
    with pytest.raises(UserError):
        await world.gifts.to_member(ADA, ADA, 50, origin="n")


async def test_held_gift_is_transferred_once_after_the_login(world: GiftWorld) -> None:
    gift = await world.gifts.to_member(ADA, BEN, 50, origin="m")
    assert gift.phase is GiftPhase.HELD
    await world.later(6 * DAY)
    assert world.kudos.transfers == {}
    await world.kudos.log_in(BEN, "ben#2")
    assert [g.kudos for g in await world.gifts.claim(BEN)] == [50]
    assert await world.gifts.claim(BEN) == []
    await world.restart()
    await world.later(8 * DAY)
    assert list(world.kudos.transfers.values()) == [(ADA, "ben#2", 50)]
    assert [(g.phase, g.giver_id) for g in world.told] == [("sent", ADA)]


async def test_login_before_a_crash_still_releases_the_gift(world: GiftWorld) -> None:
    await world.gifts.to_member(ADA, BEN, 50, origin="m")
    await world.kudos.log_in(BEN, "ben#2")  # killed before claim()
    await world.restart()
    assert await world.phase() == "sent"


async def test_held_gift_expires_with_a_notice_after_a_week(world: GiftWorld) -> None:
    await world.gifts.to_member(ADA, BEN, 50, origin="m")
    world.reachable = False
    await world.later(HELD_DAYS * DAY + 1)
    assert (world.told, await world.phase()) == ([], "expired")
    world.reachable = True
    await world.later(3_600)
    await world.later(3_600)
    assert [g.phase for g in world.told] == ["expired"]
    await world.kudos.log_in(BEN, "ben#2")
    await world.later(1)
    assert world.kudos.calls == 0


async def test_held_gifts_of_one_member_are_limited(world: GiftWorld) -> None:
    for number in range(HELD_MAX):
        await world.gifts.to_member(ADA, 100 + number, 1, origin=f"m{number}")
    with pytest.raises(UserError):
        await world.gifts.to_member(ADA, BEN, 1, origin="m")


@pytest.mark.parametrize("when", ["before", "after"])
async def test_kill_at_the_call_transfers_once(world: GiftWorld, when: str) -> None:
    setattr(world.kudos, when, Killed())
    with pytest.raises(Killed):
        await world.gifts.to_account(ADA, "ben#2", 50, origin="m")
    assert await world.phase() == "sending"
    await world.restart()
    await world.restart()
    assert list(world.kudos.transfers.values()) == [(ADA, "ben#2", 50)]
    assert [g.phase for g in world.told] == ["sent"]


async def test_kill_before_the_answer_leads_to_a_notice(world: GiftWorld) -> None:
    gift = await world.gifts.to_account(ADA, "ben#2", 50, origin="m")
    other = await world.gifts.to_account(ADA, "ben#2", 60, origin="n")
    await world.gifts.answered(other)
    await world.later(ANSWERED_IN + 1)
    assert [g.id for g in world.told] == [gift.id]


async def test_another_account_never_repeats_a_call_in_doubt(world: GiftWorld) -> None:
    world.kudos.after = BackendDown("broke", in_doubt=True)
    gift = await world.gifts.to_account(ADA, "ben#2", 50, origin="m")
    assert gift.phase is GiftPhase.SENDING
    await world.kudos.log_in(ADA, "other#9")
    await world.later(RETRY + 1)
    assert [g.phase for g in world.told] == ["unknown"]
    assert world.kudos.calls == 1


async def test_old_call_in_doubt_is_not_repeated(world: GiftWorld) -> None:
    world.kudos.after = BadReply("no sense")
    await world.gifts.to_account(ADA, "ben#2", 50, origin="m")
    world.now += DOUBT_MAX + 1
    await world.restart()
    assert [g.phase for g in world.told] == ["unknown"]
    assert world.kudos.calls == 1


@pytest.mark.parametrize("error", [RateLimited("too fast"), BackendDown("unreachable")])
async def test_call_that_did_not_arrive_is_made_later(
    world: GiftWorld, error: BaseException
) -> None:
    world.kudos.before = error
    gift = await world.gifts.to_account(ADA, "ben#2", 50, origin="m")
    assert gift.phase is GiftPhase.READY
    await world.later(DOUBT_MAX * 10)
    assert await world.phase() == "sent"


async def test_refused_transfer_fails_with_its_reason(world: GiftWorld) -> None:
    world.kudos.before = RequestRejected("Not enough kudos.")
    gift = await world.gifts.to_account(ADA, "ben#2", 50, origin="m")
    assert (gift.phase, gift.note) == (GiftPhase.FAILED, "Not enough kudos.")
    await world.later(DAY)
    assert world.kudos.calls == 1


async def test_unreadable_key_of_the_giver_fails_the_gift(world: GiftWorld) -> None:
    await world.gifts.to_member(ADA, BEN, 50, origin="m")
    await world.kudos.log_in(BEN, "ben#2")
    world.kudos.unreadable.add(ADA)
    await world.later(1)
    assert [(g.phase, g.note) for g in world.told] == [("failed", "The key cannot be read.")]


async def test_only_the_first_reaction_is_told(world: GiftWorld) -> None:
    await world.kudos.log_in(BEN, "ben#2")
    for number in range(3):
        origin = f"reaction-{number}-{ADA}"
        await world.gifts.to_member(ADA, BEN, 5, origin=origin, notice_in=0.0)
        await world.gifts.to_member(ADA, BEN, 5, origin=origin, notice_in=0.0)
    await world.later(DAY)
    assert len(world.kudos.transfers) == 3
    assert [g.origin for g in world.told] == [f"reaction-0-{ADA}"]
    assert await world.store.gifts.reactions_since(ADA, 0.0) == 3


async def test_forgetting_a_recipient_returns_the_gift(world: GiftWorld) -> None:
    await world.gifts.to_member(ADA, BEN, 50, origin="m")
    await world.store.person_data.forget(BEN, (), 0)
    await world.later(1)
    assert [(g.phase, g.recipient_id) for g in world.told] == [("expired", 0)]
    await world.store.person_data.forget(ADA, (), 0)
    assert await world.store.gifts.get("m") is None


@asynccontextmanager
async def running_gifts() -> AsyncGenerator[tuple[GiftWorld, list[float]]]:
    """Gifts that run on a virtual clock, and the times of their looks for due gifts."""
    disk, loop = connection(), asyncio.get_running_loop()
    world, looks = GiftWorld(Store(Database(disk, disk))), list[float]()
    keys, credentials = cast("SharedKeys", world.kudos), cast("Credentials", world.kudos)
    repository = world.store.gifts
    due = repository.due

    async def counted(now: float) -> list[Gift]:
        looks.append(now)
        return await due(now)

    repository.due = counted
    world.gifts = Gifts(repository, credentials, keys, "horde", loop.time)
    world.gifts.tell = world.tell
    await world.kudos.log_in(ADA, "ada#1")
    task = asyncio.create_task(world.gifts.run())
    try:
        yield world, looks
    finally:
        task.cancel()


@virtual
async def test_without_gifts_the_table_is_hardly_ever_read() -> None:
    async with running_gifts() as (_, looks):
        await asyncio.sleep(DAY)
        assert len(looks) <= DAY / LOOK_MAX + 2


@virtual
async def test_held_gift_is_looked_for_when_it_expires() -> None:
    async with running_gifts() as (world, looks):
        await asyncio.sleep(100)
        await world.gifts.to_member(ADA, BEN, 50, origin="m")
        await asyncio.sleep(HELD_DAYS * DAY - 1)
        assert (world.told, await world.phase()) == ([], "held")
        await asyncio.sleep(3)
        assert [g.phase for g in world.told] == ["expired"]
        assert len(looks) <= HELD_DAYS * DAY / LOOK_MAX + 6


@virtual
async def test_notice_and_repeated_call_are_taken_when_they_are_due() -> None:
    async with running_gifts() as (world, _):
        await asyncio.sleep(100)
        await world.gifts.to_account(ADA, "ben#2", 50, origin="m")
        await asyncio.sleep(ANSWERED_IN + 2)
        assert [g.phase for g in world.told] == ["sent"]
        world.kudos.after = BackendDown("broke", in_doubt=True)
        await world.gifts.to_account(ADA, "ben#2", 60, origin="n")
        await asyncio.sleep(RETRY + 2)
        assert await world.phase("n") == "sent"
        await world.gifts.to_member(ADA, BEN, 70, origin="o")
        await world.kudos.log_in(BEN, "ben#2")
        await world.gifts.claim(BEN)
        await asyncio.sleep(2)
        assert await world.phase("o") == "sent"
