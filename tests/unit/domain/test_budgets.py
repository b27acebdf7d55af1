"""What a server lets its key be used for, and what a request has cost; as rules."""

import asyncio
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.generations import FormResult
from bot.domain.kudos.budgets import (
    Bound,
    Budget,
    Claim,
    Spent,
    day_of,
    forms_cost,
    refills_at,
    spent_on,
    too_dear,
)
from bot.domain.records import MessageRef, Payer
from bot.domain.requests import AlchemyRequest, ImageRequest, Source, TextRequest
from bot.domain.results import Phase, Status
from bot.storage import NoRoom, Store
from bot.storage.database import Database
from tests.support.fakes.storage import connection

SMALL_REQUEST = ImageRequest(prompt="a fox", width=512, height=512)
LARGE_PHOTO = Source(url="https://cdn/x.png", width=1000, height=600)
PHOTO_FORMS = AlchemyRequest(
    source=LARGE_PHOTO, forms=("caption", "interrogation", "RealESRGAN_x4plus"), withhold=False
)
MIDNIGHT = 20_000 * 86_400.0


@pytest.mark.parametrize(
    ("roles", "kudos"),
    [((), 100), ((9,), 100), ((1,), 50), ((1, 2), 500), ((1, 2, 3), 0)],
    ids=str,
)
def test_the_most_generous_role_counts(roles: tuple[int, ...], kudos: float) -> None:
    budget = Budget(a_person_a_day=100, roles=((1, 50), (2, 500), (3, 0)))
    assert budget.of_person(roles) == kudos


def test_what_is_too_dear_whatever_was_spent() -> None:
    budget = Budget(a_request=20, largest=768 * 768)
    assert too_dear(budget, SMALL_REQUEST, 20) is None
    assert too_dear(budget, SMALL_REQUEST, 20.5) is Bound.REQUEST
    assert too_dear(budget, SMALL_REQUEST.model_copy(update={"width": 1216}), 5) is Bound.SIZE
    assert too_dear(budget, TextRequest(prompt="x"), 5) is None
    assert (
        too_dear(Budget(), SMALL_REQUEST.model_copy(update={"width": 3072, "height": 3072}), 1e6)
        is None
    )


def test_a_limit_may_be_reached_and_not_passed() -> None:
    claim = Claim(5, ("ada",), 1, price=10, a_day=100, a_person=30)
    assert claim.passes(Spent(90, 20)) is None
    assert claim.passes(Spent(90.5, 0)) is Bound.DAY
    assert claim.passes(Spent(50, 20.5)) is Bound.PERSON
    assert Claim(5, ("ada",), 1, price=10).passes(Spent(1e9, 1e9)) is None


def test_days_end_at_midnight_utc() -> None:
    assert day_of(MIDNIGHT - 1) + 1 == day_of(MIDNIGHT) == 20_000
    assert refills_at(MIDNIGHT - 1) == MIDNIGHT
    assert refills_at(MIDNIGHT) == MIDNIGHT + 86_400


def test_pictures_and_texts_tell_what_they_cost() -> None:
    status = Status(phase=Phase.PARTIAL, cost=12.5)
    assert spent_on(SMALL_REQUEST, status, sent=True) == 12.5
    assert spent_on(TextRequest(prompt="x"), status, sent=True) == 12.5
    assert spent_on(SMALL_REQUEST, status, sent=False) == 0
    assert spent_on(SMALL_REQUEST, None, sent=True) == 0


def test_alchemy_is_reckoned_from_what_was_done() -> None:
    done = Status(
        phase=Phase.PARTIAL,
        cost=0,
        generations=(
            FormResult(form="caption", state="done", text="a fox"),
            FormResult(form="interrogation", state="faulted"),
            FormResult(form="RealESRGAN_x4plus", state="done", file="x"),
        ),
    )
    # docs/horde-api.md#alchemy-requests: 1, 3, 3 a tile of 512 x 512 (here 2 x 2), 2 more a form
    assert spent_on(PHOTO_FORMS, done, sent=True) == (1 + 2) + (12 + 2)
    maps = ("annotation:canny", "annotation:hed", "annotation:normal", "dance")
    assert forms_cost(PHOTO_FORMS, maps) == (12 + 2) + (20 + 2) + (32 + 2) + (1 + 2)
    assert forms_cost(PHOTO_FORMS, PHOTO_FORMS.asked) == (1 + 2) + (3 + 2) + (12 + 2)


async def _add(store: Store, number: int, claim: Claim) -> bool:
    try:
        await store.requests.add(
            interaction_id=number,
            backend="horde",
            user_id=1,
            guild_id=claim.guild_id,
            payer=Payer.GUILD,
            request=SMALL_REQUEST,
            message=MessageRef(channel_id=1),
            now=0.0,
            claim=claim,
        )
    except NoRoom:
        return False
    return True


Wish = tuple[str, float, float]  # who, reserved, what it costs in the end
wishes = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(0.5, 40), st.floats(0, 1)), min_size=1, max_size=25
)


@given(wishes=wishes, a_day=st.floats(10, 120), a_person=st.floats(10, 60))
def test_reservations_at_one_moment_never_pass_a_budget(
    wishes: list[Wish], a_day: float, a_person: float
) -> None:
    async def together() -> None:
        disk = connection()
        store = Store(Database(disk, disk))
        claims = [Claim(5, (who,), 3, kudos, a_day, a_person) for who, kudos, _ in wishes]
        taken = await asyncio.gather(*(_add(store, n, c) for n, c in enumerate(claims, 1)))
        by_person: dict[str, float] = defaultdict(float)
        for claim, went in zip(claims, taken, strict=True):
            by_person[claim.marks[0]] += claim.price if went else 0
        spent = await store.spending.spent(5, "", ("a",), 3)
        assert spent.server == pytest.approx(sum(by_person.values()))
        assert spent.server <= a_day + 1e-6
        assert spent.person == pytest.approx(by_person["a"])
        assert all(kudos <= a_person + 1e-6 for kudos in by_person.values())
        assert len(await store.requests.unfinished()) == sum(taken)  # who got no room left no row
        # A refused request would still pass it.
        for claim, went in zip(claims, taken, strict=True):
            assert went or not await _add(store, 1_000, claim)

    asyncio.run(together())


@given(wishes=wishes, a_day=st.floats(10, 120))
def test_settling_makes_room_for_just_what_was_not_spent(wishes: list[Wish], a_day: float) -> None:
    async def one_after_the_other() -> None:
        disk = connection()
        store, spent = Store(Database(disk, disk)), 0.0
        for number, (who, kudos, part) in enumerate(wishes, 1):
            if not await _add(store, number, Claim(5, (who,), 3, kudos, a_day)):
                assert spent + kudos > a_day - 1e-6
                continue
            cost = kudos * part
            record = (await store.requests.unfinished())[-1]
            store = Store(
                Database(disk, disk)
            )  # a crash between reserving and settling changes nothing
            assert (await store.spending.spent(5, "", (who,), 3)).server == pytest.approx(
                spent + kudos
            )
            outcome = Status(phase=Phase.DONE, cost=cost)
            await store.requests.change(
                record.id, remote_id=f"r{number}", status=outcome, outcome_at=9.0
            )
            await store.requests.change(record.id, phase=Phase.DONE, status=outcome, closed_at=9.0)
            spent += cost
            assert (await store.spending.spent(5, "", (who,), 3)).server == pytest.approx(spent)
        assert spent <= a_day + 1e-6

    asyncio.run(one_after_the_other())


async def test_a_reservation_outlives_the_process_and_its_request(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with Store.open(path) as store:
        assert await _add(store, 1, Claim(5, ("new", "old"), 3, 40, a_day=50))
    async with Store.open(path) as store:
        assert not await _add(store, 2, Claim(5, ("b",), 3, 20, a_day=50))
        assert await _add(store, 3, Claim(5, ("b",), 4, 20, a_day=50))  # another day
        assert await _add(store, 4, Claim(6, ("b",), 3, 20, a_day=50))  # another server
        assert await store.spending.spent(5, "", ("newer", "new"), 3) == Spent(40, 40)
        record = (await store.requests.unfinished())[0]
        await store.requests.change(record.id, phase=Phase.CANCELLED, status=None, closed_at=5.0)
        assert await store.spending.spent(5, "", ("new",), 3) == Spent(0, 0)  # it was never sent
        await store.spending.forget_old(12)
        assert await store.spending.spent(6, "", ("b",), 3) == Spent(0, 0)
