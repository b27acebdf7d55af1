"""Whose turn it is."""

from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline.dispatch.fair_scheduler import OVERTAKEN_MAX, FairScheduler, QueueEntry


def turn(
    number: int, *, user: int = 1, guild: int = 1, cost: int = 1, account: str = "bot"
) -> QueueEntry:
    return QueueEntry(record_id=number, account=account, guild=guild, user=user, cost=cost)


def order(turns: FairScheduler) -> list[int]:
    served: list[int] = []
    while (found := turns.next(lambda _: True, now=0.0)) is not None:
        served.append(found.record_id)
    return served


def test_one_person_is_served_oldest_first() -> None:
    turns = FairScheduler()
    for number in (3, 1, 2):
        turns.add(turn(number))
    assert order(turns) == [1, 2, 3]


def test_a_second_person_does_not_wait_behind_fifty_of_the_first() -> None:
    turns = FairScheduler()
    for number in range(1, 51):
        turns.add(turn(number, user=1))
    for _ in range(3):
        turns.next(lambda _: True, now=0.0)
    turns.add(turn(99, user=2))
    assert 99 in order(turns)[:2]


def test_servers_share_equally_however_many_people_they_have() -> None:
    turns = FairScheduler()
    for number in range(1, 41):
        turns.add(turn(number, user=number, guild=1))
    for number in range(41, 51):
        turns.add(turn(number, user=number, guild=2))
    first = order(turns)[:20]
    assert sum(number > 40 for number in first) == 10


def test_a_turn_costs_its_pictures() -> None:
    turns = FairScheduler()
    for number in range(1, 5):
        turns.add(turn(number, user=1, cost=4))
    for number in range(5, 21):
        turns.add(turn(number, user=2, cost=1))
    first = order(turns)[:10]
    assert sum(number < 5 for number in first) == 2  # 8 pictures against 8


def test_what_does_not_fit_blocks_its_own_key_alone() -> None:
    turns = FairScheduler()
    turns.add(turn(1, account="full", user=1))
    turns.add(turn(2, account="free", user=2))
    found = turns.next(lambda t: t.account == "free", now=0.0)
    assert found is not None
    assert found.record_id == 2


def test_a_large_request_is_overtaken_five_times_and_no_more() -> None:
    turns = FairScheduler()
    turns.add(turn(1, cost=20))
    for number in range(2, 12):
        turns.add(turn(number, cost=1))
    passed = 0
    while turns.next(lambda t: t.cost == 1, now=0.0) is not None:
        passed += 1
    assert passed == OVERTAKEN_MAX
    assert turns.position(1) == 1


def test_a_turn_given_back_keeps_its_place() -> None:
    turns = FairScheduler()
    for number in (1, 2, 3):
        turns.add(turn(number))
    first = turns.next(lambda _: True, now=0.0)
    assert first is not None
    turns.give_back(first)
    assert order(turns) == [1, 2, 3]


def test_who_backs_off_is_passed_and_comes_back() -> None:
    turns = FairScheduler()
    late = turn(1)
    late.not_before = 10.0
    turns.add(late)
    turns.add(turn(2))
    assert turns.next_retry_at(0.0) == 10.0
    assert turns.next_retry_at(10.0) is None
    assert order(turns) == [2]
    found = turns.next(lambda _: True, now=11.0)
    assert found is late


def test_leaving_the_queue() -> None:
    turns = FairScheduler()
    turns.add(turn(1))
    assert turns.position(1) == 1
    assert turns.remove(1) is not None
    assert turns.remove(1) is None
    assert turns.position(1) == 0
    assert len(turns) == 0


WISHES = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 20)), max_size=40)


@given(WISHES, WISHES)
def test_the_place_is_the_order_in_which_they_leave(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]
) -> None:
    turns = FairScheduler()
    for number, (guild, user, cost) in enumerate(before):
        turns.add(turn(number, guild=guild, user=user, cost=cost))
    for _ in range(len(before) // 2):
        turns.next(lambda _: True, now=0.0)
    for number, (guild, user, cost) in enumerate(after, start=1000):
        turns.add(turn(number, guild=guild, user=user, cost=cost))
    everybody = [*range(len(before)), *range(1000, 1000 + len(after))]
    places = {turns.position(n): n for n in everybody if turns.position(n)}
    assert [places[place] for place in sorted(places)] == order(turns)


def test_a_thousand_places_are_reckoned_once() -> None:
    turns = FairScheduler()
    for number in range(1000):
        turns.add(turn(number, guild=number % 200, user=number))
    turns.position(1)
    reckoned = turns._positions
    assert turns.position(999) == 1000
    assert turns._positions is reckoned
    turns.add(turn(1000, guild=777))
    assert turns.position(1000) == 201  # after the first of each server that came before


def test_who_backs_off_waits_for_nothing_else() -> None:
    turns = FairScheduler()
    late = turn(1)
    late.not_before = 10.0
    turns.add(late)
    assert not turns.any_ready(5.0)
    assert turns.any_ready(10.0)


def test_one_of_some_goes_whoever_waits_before_it_and_overtakes_nobody() -> None:
    turns = FairScheduler()
    large = turn(1, cost=20)
    turns.add(large)
    turns.add(turn(2))
    late = turn(3)
    late.not_before = 10.0
    turns.add(late)
    assert turns.next_of([3, 99], 0.0) is None
    for _ in range(OVERTAKEN_MAX + 1):
        found = turns.next_of([2, 3], 0.0)
        assert found is not None
        assert found.record_id == 2
        turns.give_back(found)
    assert large.overtaken == 0
    assert turns.next_of([3], 10.0) is late
    assert order(turns) == [1, 2]


def test_who_tried_while_everybody_fails_lets_the_others_go_first() -> None:
    turns = FairScheduler()
    for number in (1, 2):
        turns.add(turn(number))
    first = turns.next(lambda _: True, 0.0)
    assert first is not None
    first.failures, first.not_before = 1, 60.0
    turns.give_back(first)
    assert turns.position(1) == 1  # what the card says does not jump
    second = turns.next(lambda _: True, 100.0)
    assert second is not None
    assert second.record_id == 2
    turns.reset_failures()
    again = turns.next(lambda _: True, 1.0)
    assert again is first


def test_what_was_taken_out_of_turn_is_not_paid_back() -> None:
    turns = FairScheduler()
    turns.add(turn(1, user=1))
    turns.add(turn(2, user=2))
    hastened = turns.remove(1)
    assert hastened is not None
    turns.give_back(hastened)
    turns.add(turn(3, user=1))
    assert order(turns) == [1, 2, 3]
    for number in (10, 11, 12):
        turns.add(turn(number, user=1))
    turns.add(turn(20, user=2))
    assert [t.record_id for t in (turns.next(lambda _: True, 0.0),) if t] == [10]
    hastened = turns.remove(11)
    assert hastened is not None
    turns.give_back(hastened)
    assert order(turns) == [20, 11, 12]


def test_where_nobody_waits_the_past_is_forgotten() -> None:
    turns = FairScheduler()
    turns.add(turn(1000, guild=9, account="full"))  # an entry always waits
    for number in range(100):
        turns.add(turn(number, guild=1, user=number))
        assert turns.next(lambda t: t.account != "full", now=0.0) is not None
    assert 1 not in turns._users
    assert 1 not in turns._of_guild


@given(WISHES)
def test_everybody_is_served_once(wishes: list[tuple[int, int, int]]) -> None:
    turns = FairScheduler()
    for number, (guild, user, cost) in enumerate(wishes):
        turns.add(turn(number, guild=guild, user=user, cost=cost))
    assert sorted(order(turns)) == list(range(len(wishes)))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=2, max_size=40))
def test_no_server_gets_more_than_one_turn_ahead_of_another_that_waits(
    wishes: list[tuple[int, int]],
) -> None:
    turns = FairScheduler()
    left = dict.fromkeys(range(1, 4), 0)
    for number, (guild, user) in enumerate(wishes):
        turns.add(turn(number, guild=guild, user=user))
        left[guild] += 1
    had = dict.fromkeys(left, 0)
    for number in order(turns):
        guild = wishes[number][0]
        for other, waiting in left.items():
            if other != guild and waiting:
                assert had[guild] <= had[other]
        had[guild] += 1
        left[guild] -= 1
