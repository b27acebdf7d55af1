"""Blocking calls: one outcome however they end, and nothing that costs money is sent twice."""

import asyncio
from dataclasses import replace

import pytest

from bot.backends.values import Limits, for_all_kinds
from bot.domain.capabilities import Capabilities
from bot.domain.generations import ImageGeneration
from bot.domain.requests import ImageRequest, Kind, TextRequest
from bot.domain.results import Phase, Status
from bot.errors import (
    BackendDown,
    BackendError,
    BadReply,
    RateLimited,
    RequestRejected,
    TooManyPrompts,
    Undeliverable,
    UserError,
)
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.blocking_backend import FREE, NEVER, RECOVERABLE, FakeBlocking
from tests.support.virtual_clock import virtual

LOST = BackendDown("The connection broke.", in_doubt=True)


def bot_with(backend: FakeBlocking) -> InMemoryBot:
    return InMemoryBot(backend).start()


@virtual
async def test_an_image_arrives_after_its_call() -> None:
    backend = FakeBlocking(seconds=40.0)
    bot = bot_with(backend)
    record = await bot.ask()
    outcome = await bot.outcome(record)
    assert outcome.phase is Phase.DONE
    assert len(backend.submits) == 1
    assert len(backend.open_calls) == 0
    await bot.kill()


@virtual
async def test_a_text_grows_on_its_card_at_most_once_a_second() -> None:
    words = tuple(f"word{n}" for n in range(40))
    bot = bot_with(FakeBlocking(seconds=10.0, words=words))
    record = await bot.ask(TextRequest(prompt="Tell me about foxes"))
    assert (await bot.outcome(record)).texts[0].text == " ".join(words)
    growing = [shown.texts[0].text for shown in bot.presenter.of(record.id)[:-1] if shown.texts]
    assert 7 <= len(growing) <= 11
    assert growing == sorted(growing, key=len)
    await bot.kill()


@virtual
async def test_no_call_is_late() -> None:
    """No other worker takes over from a call."""
    backend = FakeBlocking(seconds=150.0)
    backend.request_lifetime = 100.0
    bot = bot_with(backend)
    record = await bot.ask(TextRequest(prompt="Tell me about foxes"))
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert not any(shown.late for shown in bot.presenter.of(record.id))
    await bot.kill()


@virtual
async def test_turn_that_a_model_invented_is_cut() -> None:
    bot = bot_with(FakeBlocking(seconds=2.0, words=("Foxes.", "\nUser:", "And?")))
    record = await bot.ask(TextRequest(prompt="Tell me about foxes"))
    assert (await bot.outcome(record)).texts[0].text == "Foxes."
    await bot.kill()


@virtual
async def test_the_token_is_stored_before_the_call_starts() -> None:
    backend = FakeBlocking(seconds=30.0)
    bot = bot_with(backend)
    record = await bot.ask()
    sending = await bot.until(lambda row: row.remote_id is not None, record)
    assert sending.phase is Phase.SENDING
    await bot.until(lambda row: row.phase is not Phase.SENDING, record)
    assert backend.submits == [sending.remote_id]
    await bot.kill()


@pytest.mark.parametrize("abilities", [FREE, NEVER])
@virtual
async def test_an_early_refusal_ends_the_request_with_its_reason(abilities: Capabilities) -> None:
    backend = FakeBlocking(capabilities=abilities, seconds=0.1)
    backend.errors.append(RequestRejected("The model does not exist."))
    bot = bot_with(backend)
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, "The model does not exist.")
    await bot.kill()


@virtual
async def test_an_early_rate_limit_keeps_the_request_in_the_queue() -> None:
    backend = FakeBlocking(capabilities=NEVER, seconds=0.1)
    backend.errors.append(RateLimited("slow down", retry_after=7.0))
    bot = bot_with(backend)
    assert (await bot.outcome(await bot.ask())).phase is Phase.DONE
    assert len(set(backend.submits)) == 2
    await bot.kill()


@virtual
async def test_a_late_refusal_ends_the_request() -> None:
    backend = FakeBlocking(capabilities=NEVER, seconds=20.0)
    backend.errors.append(RequestRejected("Blocked by the filter."))
    bot = bot_with(backend)
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, "Blocked by the filter.")
    assert len(backend.submits) == 1
    await bot.kill()


@virtual
async def test_a_late_refusal_of_the_bots_own_key_is_a_matter_of_its_operator(
    caplog: pytest.LogCaptureFixture,
) -> None:
    backend = FakeBlocking(capabilities=NEVER, seconds=20.0)
    refusal = RequestRejected("Set another key.", rc="InvalidAPIKey", private=True)
    backend.errors.append(refusal)
    bot = InMemoryBot(backend, key="own-key").start()
    record = await bot.ask()
    await bot.outcome(record)
    ((_told, reason),) = bot.presenter.told
    assert "The operator must set another key." in reason
    assert "refuses the bot's own key: InvalidAPIKey" in caplog.text
    await bot.kill()


@pytest.mark.parametrize(
    ("private", "gone", "told"),
    [(False, False, 1), (False, True, 1), (True, False, 0), (True, True, 1)],
)
@virtual
async def test_a_late_private_refusal_is_told_once(private: bool, gone: bool, told: int) -> None:
    """A private card shows the reason itself, unless it was deleted."""
    backend = FakeBlocking(capabilities=NEVER, seconds=20.0)
    backend.errors.append(RequestRejected("No credit left.", private=True))
    bot = bot_with(backend)
    record = await bot.ask(ImageRequest(prompt="a fox", private=private))
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    if gone:
        bot.presenter.always = Undeliverable("gone", gone=True, deleted=True)
    (row,) = await bot.ended(record)
    await asyncio.sleep(60.0)
    assert row.phase is Phase.REJECTED
    assert bot.presenter.told == [(record.id, "No credit left.")] * told
    await bot.kill()


@pytest.mark.parametrize("error", [LOST, BackendError("A worker failed.")])
@virtual
async def test_a_call_without_a_price_is_sent_again_once(error: BackendError) -> None:
    backend = FakeBlocking(seconds=20.0)
    backend.errors += [error, error]
    bot = bot_with(backend)
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.detail) == (Phase.FAULTED, str(error))
    assert len(backend.submits) == 2
    await bot.kill()


REFUSALS = [
    RateLimited("slow down", retry_after=7.0),
    TooManyPrompts("four at once"),
    BackendDown("503", status=503),
]


@pytest.mark.parametrize("error", REFUSALS)
@virtual
async def test_a_late_refusal_that_cost_nothing_is_sent_again_once(error: BackendError) -> None:
    backend = FakeBlocking(capabilities=RECOVERABLE, seconds=20.0)
    backend.errors.append(error)
    bot = bot_with(backend)
    outcome = await bot.outcome(await bot.ask())
    assert outcome.phase is Phase.DONE
    assert outcome.warnings == ("paid server did not process the request, so it was sent again.",)
    assert len(set(backend.submits)) == 2
    await bot.kill()


@virtual
async def test_a_second_late_refusal_ends_the_request() -> None:
    backend = FakeBlocking(capabilities=NEVER, seconds=20.0)
    backend.errors += REFUSALS[:2]
    bot = bot_with(backend)
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.detail) == (Phase.FAULTED, "four at once")
    assert len(backend.submits) == 2
    await bot.kill()


@virtual
async def test_a_late_refusal_after_a_paid_part_is_not_sent_again() -> None:
    backend = FakeBlocking(capabilities=NEVER, seconds=20.0)
    backend.errors.append(REFUSALS[0])
    bot = bot_with(backend)
    outcome = await bot.outcome(await bot.ask(TextRequest(prompt="Tell me about foxes")))
    assert (outcome.phase, outcome.texts[0].text) == (Phase.PARTIAL, "one two three")
    assert len(backend.submits) == 1
    await bot.kill()


@pytest.mark.parametrize("seconds", [0.1, 20.0])
@pytest.mark.parametrize("error", [LOST, BadReply("An answer that makes no sense.")])
@virtual
async def test_a_lost_answer_that_may_be_charged_is_not_sent_again(
    seconds: float, error: BackendError
) -> None:
    backend = FakeBlocking(capabilities=NEVER, seconds=seconds)
    backend.errors.append(error)
    bot = bot_with(backend)
    outcome = await bot.outcome(await bot.ask())
    assert outcome.phase is Phase.FAULTED
    assert "may have been charged" in outcome.detail
    assert len(backend.submits) == 1
    await bot.kill()


@virtual
async def test_a_cancelled_call_is_closed() -> None:
    backend = FakeBlocking(seconds=300.0)
    bot = bot_with(backend)
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record)).phase is Phase.CANCELLED
    assert len(backend.open_calls) == 0
    await bot.kill()


@virtual
async def test_a_call_that_cannot_be_cancelled_goes_on() -> None:
    backend = FakeBlocking(capabilities=replace(FREE, cancels=frozenset()), seconds=30.0)
    bot = bot_with(backend)
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    with pytest.raises(UserError, match="own GPU cannot cancel a request"):
        await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_what_the_backend_cannot_do_is_refused_before_it_is_stored() -> None:
    bot = bot_with(FakeBlocking(capabilities=replace(FREE, kinds=frozenset({Kind.IMAGE}))))
    with pytest.raises(UserError, match="own GPU is used here and writes no texts"):
        await bot.ask(TextRequest(prompt="Tell me about foxes"))
    assert await bot.store.requests.open_of(7) == []
    await bot.kill()


@pytest.mark.parametrize("after", [0.05, 2.0, 25.0])
@virtual
async def test_a_kill_sends_again_what_has_no_price(after: float) -> None:
    backend = FakeBlocking(seconds=30.0)
    bot = bot_with(backend)
    record = await bot.ask()
    await asyncio.sleep(after)
    await bot.kill()
    await backend.lose_calls()
    later = bot.again().start()
    assert (await later.outcome(record)).phase is Phase.DONE
    await later.kill()


@pytest.mark.parametrize("after", [0.5, 2.0, 25.0])
@virtual
async def test_a_kill_sends_nothing_again_that_may_be_charged(after: float) -> None:
    backend = FakeBlocking(capabilities=NEVER, seconds=30.0)
    bot = bot_with(backend)
    record = await bot.ask()
    await asyncio.sleep(after)
    await bot.kill()
    await backend.lose_calls()
    later = bot.again().start()
    outcome = await later.outcome(record)
    assert outcome.phase is Phase.FAULTED
    assert "may have been charged" in outcome.detail
    assert len(backend.submits) == 1
    await later.kill()


@virtual
async def test_after_a_kill_a_recoverable_result_is_asked_for() -> None:
    backend = FakeBlocking(capabilities=RECOVERABLE, seconds=30.0)
    bot = bot_with(backend)
    record = await bot.ask()
    await asyncio.sleep(5.0)
    await bot.kill()
    await backend.lose_calls()
    image = ImageGeneration(id="a", url="https://files/a.webp", seed="1")
    done = Status(phase=Phase.DONE, finished=1, generations=(image,))
    backend.found[backend.submits[0]] = done
    later = bot.again().start()
    assert (await later.outcome(record)).phase is Phase.DONE
    assert len(backend.submits) == 1
    await later.kill()


@virtual
async def test_the_drain_waits_for_open_calls() -> None:
    backend = FakeBlocking(seconds=3.0)
    bot = bot_with(backend)
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    await bot.pipeline.drain(4.0)
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_an_own_gpu_gets_one_request_at_a_time() -> None:
    one = for_all_kinds(Limits(((100, 1.0),), waiting=1, running=True))
    backend = FakeBlocking(seconds=10.0, limits=one)
    bot = bot_with(backend)
    records = [await bot.ask(user=user) for user in range(3)]
    await asyncio.sleep(12.0)
    assert len(backend.submits) == 2
    await bot.ended(*records)
    assert len(backend.submits) == 3
    await bot.kill()


@virtual
async def test_each_key_has_a_rate_limit_of_its_own() -> None:
    two = for_all_kinds(Limits(((100, 1.0),), account_windows=((2, 60.0),)))
    backend = FakeBlocking(seconds=1.0, limits=two)
    bot = bot_with(backend)
    await bot.login(user=1, key="first")
    await bot.login(user=2, key="second")
    records = [await bot.ask(user=user) for user in (1, 1, 1, 2, 2)]
    await asyncio.sleep(30.0)
    assert len(backend.submits) == 4
    await asyncio.sleep(40.0)
    assert len(backend.submits) == 5
    await bot.ended(*records)
    await bot.kill()
