"""A submit whose answer was lost: found again, or sent once more and said so; never mixed up."""

import asyncio

import pytest

from bot.backends.base import Capabilities, Receipt
from bot.domain.request_images import Pictures
from bot.domain.requests import AlchemyRequest, ImageRequest, Request, Source
from bot.domain.results import Phase
from bot.errors import BackendDown
from bot.pipeline.dispatch.submit_results import NOT_TWICE, SENT_TWICE
from tests.support.bots.in_memory_bot import House
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.jobs import dropped, lost
from tests.support.virtual_clock import virtual

CAPTION = AlchemyRequest(source=Source(url="https://cdn/x.png"), forms=("caption",))


@pytest.mark.parametrize("fault", [lost, dropped])
@virtual
async def test_an_anonymous_submit_without_an_answer_is_sent_once_more(fault: object) -> None:
    house = House().start()
    house.horde.fail("submit", lost() if fault is lost else dropped())
    outcome = await house.outcome(await house.ask())
    assert outcome.phase is Phase.DONE
    assert outcome.warnings == (SENT_TWICE,)
    assert house.horde.count("submit") == 2
    await house.kill()


@virtual
async def test_with_a_key_of_its_own_it_is_found_again() -> None:
    house = House(key="own").start()
    house.horde.fail("submit", lost())
    outcome = await house.outcome(await house.ask())
    assert outcome.phase is Phase.DONE
    assert outcome.warnings == ()
    assert len(house.horde.jobs) == 1
    await house.kill()


@virtual
async def test_a_list_that_is_half_a_minute_old_proves_nothing() -> None:
    house = House(FakeHorde(lists_after=29.0), key="own").start()
    house.horde.fail("submit", lost())
    record = await house.ask()
    assert (await house.outcome(record)).phase is Phase.DONE
    assert len(house.horde.jobs) == 1
    assert (await house.row(record)).resends == 0
    await house.kill()


@virtual
async def test_what_never_arrived_is_sent_once_more_and_says_so() -> None:
    house = House(key="own").start()
    house.horde.fail("submit", dropped())
    record = await house.ask()
    outcome = await house.outcome(record)
    assert outcome.warnings == (SENT_TWICE,)
    assert (await house.row(record)).resends == 1
    await house.kill()


@virtual
async def test_lost_twice_is_not_sent_a_third_time() -> None:
    house = House().start()
    house.horde.fail("submit", lost(), lost())
    outcome = await house.outcome(await house.ask())
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, NOT_TWICE)
    assert house.horde.count("submit") == 2
    await house.kill()


@virtual
async def test_where_sending_again_costs_again_it_is_not_done() -> None:
    house = House(FakeHorde(capabilities=Capabilities(resubmit="never"))).start()
    house.horde.fail("submit", dropped())
    outcome = await house.outcome(await house.ask())
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, NOT_TWICE)
    assert house.horde.count("submit") == 1
    await house.kill()


@virtual
async def test_nothing_else_leaves_with_a_key_in_doubt() -> None:
    """Else another one's id could be taken for that of the lost one."""
    house = House(FakeHorde(lists_after=5.0), key="own").start()
    house.horde.fail("submit", lost())
    first = await house.ask(user=1)
    second = await house.ask(user=2)  # the bot's own key is the same for everybody
    await house.until(lambda row: row.phase is Phase.SENDING, first)
    await asyncio.sleep(3)
    assert (await house.row(second)).phase is Phase.QUEUED
    rows = await house.ended(first, second)
    assert [row.phase for row in rows] == [Phase.DONE, Phase.DONE]
    assert {row.remote_id for row in rows} == {"job-1", "job-2"}
    assert house.horde.jobs["job-1"].id == rows[0].remote_id
    await house.kill()


@virtual
async def test_others_keys_and_kinds_go_on_meanwhile() -> None:
    house = House(FakeHorde(lists_after=60.0), key="own")
    await house.login(user=2)
    house.start()
    house.horde.fail("submit", dropped())
    first = await house.ask(user=1)
    await house.until(lambda row: row.phase is Phase.SENDING, first)
    own = await house.ask(user=2)
    alchemy = await house.ask(CAPTION, user=1)
    await asyncio.sleep(3)
    for record in (own, alchemy):
        assert (await house.row(record)).remote_id is not None
    assert (await house.row(first)).phase is Phase.SENDING
    await house.kill()


@virtual
async def test_one_that_is_still_on_its_way_is_not_taken_for_the_lost_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House(key="own").start()
    submit, slow = house.horde.submit, asyncio.Event()

    async def submitted(request: Request, key: str, *, pictures: Pictures, webhook: str) -> Receipt:
        if request.count == 2:  # it never arrives, which shows after a while
            await asyncio.sleep(1)
            raise BackendDown("lost", in_doubt=True)
        receipt = await submit(request, key, pictures=pictures, webhook=webhook)
        await slow.wait()  # carried out, but its answer takes its time
        return receipt

    monkeypatch.setattr(house.horde, "submit", submitted)
    never = await house.ask(ImageRequest(prompt="lost", n=2), user=1)
    late = await house.ask(ImageRequest(prompt="late", n=1), user=2)
    house.horde.answers["late"] = lambda job, status: status.model_copy(update={"waiting": 2})
    await asyncio.sleep(8)
    assert (await house.row(never)).remote_id is None
    slow.set()
    await house.until(lambda row: row.remote_id == "job-1", late)
    await house.kill()


@virtual
async def test_two_lost_at_once_are_not_taken_for_each_other() -> None:
    house = House(FakeHorde(latency=(0.2, 0.3)), key="own").start()
    house.horde.fail("submit", lost(), dropped())
    first, second = await house.ask(user=1), await house.ask(user=2)
    rows = await house.ended(first, second)
    assert all(row.phase is Phase.DONE for row in rows)
    assert "job-1" not in {row.remote_id for row in rows}  # whose it was cannot be told
    assert all(row.resends == 1 for row in rows)
    third = await house.ask(user=1)
    house.horde.fail("submit", dropped())
    await house.ended(third)
    assert (await house.row(third)).remote_id != "job-1"  # nor is it anybody's later
    await house.kill()


@virtual
async def test_a_request_made_elsewhere_with_the_same_key_is_not_ours() -> None:
    house = House(key="own").start()
    foreign = await house.horde.submit(ImageRequest(prompt="from a phone", n=4), "own")
    house.horde.fail("submit", dropped())
    record = await house.ask()  # asks for one picture, and that one for four
    assert (await house.outcome(record)).phase is Phase.DONE
    assert (await house.row(record)).remote_id != foreign.remote_id
    await house.kill()


@virtual
async def test_the_account_cannot_be_asked_for_a_while() -> None:
    house = House(key="own").start()
    house.horde.fail("submit", lost())
    house.horde.fail("account", *(BackendDown("busy", status=503) for _ in range(4)))
    record = await house.ask()
    assert (await house.outcome(record)).phase is Phase.DONE
    assert len(house.horde.jobs) == 1  # the doubt was not forgotten
    await house.kill()


@pytest.mark.parametrize(
    "broken",
    [
        BackendDown("an error of its own", status=500, retry_after=3600.0),
        KeyError("a bug"),
    ],
)
@virtual
async def test_a_question_that_always_fails_does_not_stop_its_key_for_ever(
    broken: Exception,
) -> None:
    """Only the one about a lost submit, whatever is asked: the Horde itself is up."""
    house = House(key="own").start()
    house.horde.fail("submit", dropped())
    house.horde.fail("account", *[broken] * 1000)
    record, other = await house.ask(user=1), await house.ask(user=2)
    outcome = await house.outcome(record, within=900)
    assert (outcome.phase, outcome.warnings) == (Phase.DONE, (SENT_TWICE,))
    assert (await house.outcome(other)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_those_who_wait_for_a_lost_one_do_not_keep_it_from_being_looked_for() -> None:
    """The heartbeat answers, and submits get lost one after the other, all with the bot's key."""
    house = House(FakeHorde(limited=True), key="own").start()
    house.horde.fail("submit", *(dropped() for _ in range(8)))
    records = [await house.ask(user=n) for n in range(12)]
    rows = await house.ended(*records, within=1200)
    assert [row.phase for row in rows].count(Phase.DONE) >= 11
    await house.kill()


@virtual
async def test_an_outage_right_after_the_loss() -> None:
    house = House(FakeHorde(lists_after=20.0), key="own").start()
    house.horde.fail("submit", lost())
    record = await house.ask()
    await house.until(lambda row: row.phase is Phase.SENDING, record)
    house.horde.outage = True
    await asyncio.sleep(120)
    assert (await house.row(record)).phase is Phase.SENDING
    house.horde.outage = False
    assert (await house.outcome(record)).phase is Phase.DONE
    assert len(house.horde.jobs) == 1
    await house.kill()


@virtual
async def test_a_ring_names_what_was_lost() -> None:
    house = House(FakeHorde(lists_after=600.0), key="own").start()
    house.horde.fail("submit", lost())
    record = await house.ask()
    await house.until(lambda row: row.phase is Phase.SENDING, record)
    house.poller.webhook_received(record.id, "job-1")
    assert (await house.outcome(record)).phase is Phase.DONE
    assert len(house.horde.jobs) == 1
    await house.kill()


@virtual
async def test_a_ring_with_a_made_up_name_proves_nothing() -> None:
    house = House(FakeHorde(lists_after=600.0), key="own").start()
    other = await house.ask(user=1)
    await house.until(lambda row: row.remote_id is not None, other)
    house.horde.fail("submit", dropped())
    record = await house.ask(user=2)
    await house.until(lambda row: row.phase is Phase.SENDING, record)
    house.poller.webhook_received(record.id, "no-such-job")
    house.poller.webhook_received(record.id, "job-1")  # somebody else's
    outcome = await house.outcome(record)
    assert outcome.warnings == (SENT_TWICE,)
    await house.kill()
