"""Submits whose answer was lost: found again or sent once more, and never mixed up."""

import asyncio

import pytest

from bot.backends.values import Receipt
from bot.domain.capabilities import Capabilities
from bot.domain.request_images import Pictures
from bot.domain.requests import ImageRequest, Request, TextRequest
from bot.domain.results import Phase
from bot.errors import BackendDown
from bot.pipeline.dispatch.submit_results import MAY_RUN_TWICE, NOT_TWICE, SENT_TWICE
from tests.support.backend_messages import said
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import CAPTION_REQUEST
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.jobs import dropped, lost
from tests.support.virtual_clock import virtual

SHARED_KEY = "1b4e28ba-2fa1-4d2e-883f-0016d3cca427"


@pytest.mark.parametrize("fault", [lost, dropped])
@virtual
async def test_an_anonymous_submit_without_an_answer_is_sent_once_more(fault: object) -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", lost() if fault is lost else dropped())
    outcome = await bot.outcome(await bot.ask())
    assert outcome.phase is Phase.DONE
    assert outcome.warnings == (said(MAY_RUN_TWICE),)
    assert bot.horde.count("submit") == 2
    await bot.kill()


@virtual
async def test_with_a_key_of_its_own_it_is_found_again() -> None:
    bot = InMemoryBot(key="own").start()
    bot.horde.fail("submit", lost())
    outcome = await bot.outcome(await bot.ask())
    assert outcome.phase is Phase.DONE
    assert outcome.warnings == ()
    assert len(bot.horde.jobs) == 1
    await bot.kill()


@virtual
async def test_a_list_that_is_half_a_minute_old_proves_nothing() -> None:
    bot = InMemoryBot(FakeHorde(lists_after=29.0), key="own").start()
    bot.horde.fail("submit", lost())
    record = await bot.ask()
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert len(bot.horde.jobs) == 1
    assert (await bot.row(record)).resends == 0
    await bot.kill()


@virtual
async def test_what_never_arrived_is_sent_once_more_and_says_so() -> None:
    bot = InMemoryBot(key="own").start()
    bot.horde.fail("submit", dropped())
    record = await bot.ask()
    outcome = await bot.outcome(record)
    assert outcome.warnings == (said(SENT_TWICE),)
    assert (await bot.row(record)).resends == 1
    await bot.kill()


@virtual
async def test_lost_twice_is_not_sent_a_third_time() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", lost(), lost())
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, said(NOT_TWICE))
    assert bot.horde.count("submit") == 2
    await bot.kill()


@virtual
async def test_where_sending_again_costs_again_it_is_not_done() -> None:
    bot = InMemoryBot(FakeHorde(capabilities=Capabilities(resubmit="never"))).start()
    bot.horde.fail("submit", dropped())
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, said(NOT_TWICE))
    assert bot.horde.count("submit") == 1
    await bot.kill()


@virtual
async def test_nothing_else_leaves_with_a_key_in_doubt() -> None:
    """Else another one's id could be taken for that of the lost one."""
    bot = InMemoryBot(FakeHorde(lists_after=5.0), key="own").start()
    bot.horde.fail("submit", lost())
    first = await bot.ask(user=1)
    second = await bot.ask(user=2)  # the bot's own key is the same for all users
    await bot.until(lambda row: row.phase is Phase.SENDING, first)
    await asyncio.sleep(3)
    assert (await bot.row(second)).phase is Phase.QUEUED
    rows = await bot.ended(first, second)
    assert [row.phase for row in rows] == [Phase.DONE, Phase.DONE]
    assert {row.remote_id for row in rows} == {"job-1", "job-2"}
    assert bot.horde.jobs["job-1"].id == rows[0].remote_id
    await bot.kill()


@virtual
async def test_others_keys_and_kinds_go_on_meanwhile() -> None:
    bot = InMemoryBot(FakeHorde(lists_after=60.0), key="own")
    await bot.login(user=2)
    bot.start()
    bot.horde.fail("submit", dropped())
    first = await bot.ask(user=1)
    await bot.until(lambda row: row.phase is Phase.SENDING, first)
    own = await bot.ask(user=2)
    alchemy = await bot.ask(CAPTION_REQUEST, user=1)
    await asyncio.sleep(3)
    for record in (own, alchemy):
        assert (await bot.row(record)).remote_id is not None
    assert (await bot.row(first)).phase is Phase.SENDING
    await bot.kill()


@virtual
async def test_one_that_is_still_on_its_way_is_not_taken_for_the_lost_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bot = InMemoryBot(key="own").start()
    submit, slow = bot.horde.submit, asyncio.Event()

    async def submitted(
        request: Request, key: str, *, pictures: Pictures, webhook: str, token: str
    ) -> Receipt:
        assert not token
        if request.count == 2:  # it never arrives, which shows after a while
            await asyncio.sleep(1)
            raise BackendDown("lost", in_doubt=True)
        receipt = await submit(request, key, pictures=pictures, webhook=webhook)
        await slow.wait()  # carried out, but its answer takes its time
        return receipt

    monkeypatch.setattr(bot.horde, "submit", submitted)
    never = await bot.ask(ImageRequest(prompt="lost", n=2), user=1)
    late = await bot.ask(ImageRequest(prompt="late", n=1), user=2)
    bot.horde.answers["late"] = lambda job, status: status.model_copy(update={"waiting": 2})
    await asyncio.sleep(8)
    assert (await bot.row(never)).remote_id is None
    slow.set()
    await bot.until(lambda row: row.remote_id == "job-1", late)
    await bot.kill()


@virtual
async def test_two_lost_at_once_are_not_taken_for_each_other() -> None:
    bot = InMemoryBot(FakeHorde(latency=(0.2, 0.3)), key="own").start()
    bot.horde.fail("submit", lost(), dropped())
    first, second = await bot.ask(user=1), await bot.ask(user=2)
    rows = await bot.ended(first, second)
    assert all(row.phase is Phase.DONE for row in rows)
    assert "job-1" not in {row.remote_id for row in rows}  # whose it was cannot be told
    assert all(row.resends == 1 for row in rows)
    third = await bot.ask(user=1)
    bot.horde.fail("submit", dropped())
    await bot.ended(third)
    assert (await bot.row(third)).remote_id != "job-1"  # nor later that of another request
    await bot.kill()


@virtual
async def test_a_request_made_elsewhere_with_the_same_key_is_not_ours() -> None:
    bot = InMemoryBot(key="own").start()
    foreign = await bot.horde.submit(ImageRequest(prompt="from a phone", n=4), "own")
    bot.horde.fail("submit", dropped())
    record = await bot.ask()  # asks for one picture, and that one for four
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert (await bot.row(record)).remote_id != foreign.remote_id
    await bot.kill()


@virtual
async def test_the_account_cannot_be_asked_for_a_while() -> None:
    bot = InMemoryBot(key="own").start()
    bot.horde.fail("submit", lost())
    bot.horde.fail("account", *(BackendDown("busy", status=503) for _ in range(4)))
    record = await bot.ask()
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert len(bot.horde.jobs) == 1  # the doubt was not forgotten
    await bot.kill()


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
    bot = InMemoryBot(key="own").start()
    bot.horde.fail("submit", dropped())
    bot.horde.fail("account", *[broken] * 1000)
    record, other = await bot.ask(user=1), await bot.ask(user=2)
    outcome = await bot.outcome(record, within=900)
    assert (outcome.phase, outcome.warnings) == (
        Phase.DONE,
        (said(MAY_RUN_TWICE),),
    )
    assert (await bot.outcome(other)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_those_who_wait_for_a_lost_one_do_not_keep_it_from_being_looked_for() -> None:
    """The heartbeat answers, and submits get lost one after the other, all with the bot's key."""
    bot = InMemoryBot(FakeHorde(limited=True), key="own").start()
    bot.horde.fail("submit", *(dropped() for _ in range(8)))
    records = [await bot.ask(user=n) for n in range(12)]
    rows = await bot.ended(*records, within=1200)
    assert [row.phase for row in rows].count(Phase.DONE) >= 11
    await bot.kill()


@virtual
async def test_an_outage_right_after_the_loss() -> None:
    bot = InMemoryBot(FakeHorde(lists_after=20.0), key="own").start()
    bot.horde.fail("submit", lost())
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.SENDING, record)
    bot.horde.outage = True
    await asyncio.sleep(120)
    assert (await bot.row(record)).phase is Phase.SENDING
    bot.horde.outage = False
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert len(bot.horde.jobs) == 1
    await bot.kill()


@virtual
async def test_a_ring_names_what_was_lost() -> None:
    bot = InMemoryBot(FakeHorde(lists_after=600.0), key="own").start()
    bot.horde.fail("submit", lost())
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.SENDING, record)
    bot.poller.webhook_received(record.id, "job-1")
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert len(bot.horde.jobs) == 1
    await bot.kill()


@virtual
async def test_a_ring_with_a_made_up_name_proves_nothing() -> None:
    bot = InMemoryBot(FakeHorde(lists_after=600.0), key="own").start()
    other = await bot.ask(user=1)
    await bot.until(lambda row: row.remote_id is not None, other)
    bot.horde.fail("submit", dropped())
    record = await bot.ask(user=2)
    await bot.until(lambda row: row.phase is Phase.SENDING, record)
    bot.poller.webhook_received(record.id, "no-such-job")
    bot.poller.webhook_received(record.id, "job-1")  # of another request
    outcome = await bot.outcome(record)
    assert outcome.warnings == (said(SENT_TWICE),)
    await bot.kill()


@virtual
async def test_two_lost_submits_newer_backend_each_finds_its_own() -> None:
    bot = InMemoryBot(FakeHorde(latency=(0.2, 0.3), newer=True), key="own").start()
    bot.horde.fail("submit", lost(), lost())
    first, second = await bot.ask(user=1), await bot.ask(user=2)
    rows = await bot.ended(first, second)
    assert [row.phase for row in rows] == [Phase.DONE, Phase.DONE]
    assert {row.remote_id for row in rows} == {"job-1", "job-2"}
    assert all(row.resends == 0 for row in rows)
    await bot.kill()


@virtual
async def test_lost_submit_foreign_request_of_same_size_newer_backend_is_found() -> None:
    bot = InMemoryBot(FakeHorde(newer=True), key="own").start()
    await bot.horde.submit(ImageRequest(prompt="from a phone", n=1), "own")
    bot.horde.fail("submit", lost())
    record = await bot.ask()
    assert (await bot.outcome(record)).warnings == ()
    assert (await bot.row(record)).remote_id == "job-2"
    await bot.kill()


@virtual
async def test_dropped_submit_same_prompt_made_elsewhere_newer_backend_is_sent_again() -> None:
    """The seed differs. An older backend would take it for the lost one."""
    bot = InMemoryBot(FakeHorde(newer=True), key="own").start()
    bot.horde.fail("submit", dropped())
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.SENDING, record)
    foreign = await bot.horde.submit(record.request, "own")
    assert (await bot.outcome(record)).warnings == (said(SENT_TWICE),)
    assert (await bot.row(record)).remote_id != foreign.remote_id
    await bot.kill()


@virtual
async def test_lost_texts_with_same_content_are_not_taken_for_each_other() -> None:
    """Texts have no seed: two that fit cannot be told apart."""
    bot = InMemoryBot(FakeHorde(newer=True, lists_after=5.0), key="own").start()
    bot.horde.fail("submit", lost())
    record = await bot.ask(TextRequest(prompt="once"))
    await bot.until(lambda row: row.phase is Phase.SENDING, record)
    for _time in range(2):
        await bot.horde.submit(record.request, "own")
    outcome = await bot.outcome(record)
    assert outcome.warnings == (said(MAY_RUN_TWICE),)
    await bot.kill()


@virtual
async def test_lost_submit_of_a_shared_key_newer_backend_is_named_by_the_webhook() -> None:
    bot = InMemoryBot(FakeHorde(newer=True), key=SHARED_KEY).start()
    bot.horde.fail("submit", lost())
    record = await bot.ask(user=1)
    await bot.until(lambda row: row.phase is Phase.SENDING, record)
    await asyncio.sleep(50)  # longer than an account's list may be old
    other = await bot.ask(user=2)
    await bot.until(lambda row: row.remote_id is not None, other)  # it does not wait
    bot.poller.webhook_received(record.id, "job-1")
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert (await bot.row(record)).resends == 0
    await bot.kill()


@virtual
async def test_lost_submit_of_a_shared_key_without_webhook_says_that_it_may_run_twice() -> None:
    bot = InMemoryBot(FakeHorde(newer=True), key=SHARED_KEY).start()
    bot.horde.fail("submit", lost())
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.warnings) == (
        Phase.DONE,
        (said(MAY_RUN_TWICE),),
    )
    await bot.kill()
