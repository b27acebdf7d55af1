"""Blocking calls under way: they end once, leave nothing behind, and lose no result."""

import asyncio

import pytest

from bot.backends.open_calls import OpenCall, OpenCalls
from bot.domain.generations import ImageGeneration, TextGeneration
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BackendError, BadReply, RequestGone, RequestRejected
from tests.support.virtual_clock import virtual

IMAGE = ImageGeneration(id="1", url="https://files/1.png")
FIRST = Status(phase=Phase.PROCESSING, processing=1, finished=1, generations=(IMAGE,))


async def never(_call: OpenCall) -> Status:
    await asyncio.Event().wait()
    raise AssertionError


def calls(*, free: bool = False) -> OpenCalls:
    return OpenCalls("server", free=free)


async def failed(error: BackendError, seen: Status, *, free: bool = False) -> Status:
    """The outcome of a call that reported `seen` before it failed."""
    found = calls(free=free)

    async def work(call: OpenCall) -> Status:
        call.show(seen)
        await asyncio.sleep(5.0)
        raise error

    await found.start("t", work)
    assert await found.ended("t", 10.0)
    return found.status("t")


@virtual
async def test_unreadable_success_with_a_price_is_not_raised_to_be_sent_again() -> None:
    found = calls()

    async def work(_call: OpenCall) -> Status:
        raise BadReply("no sense")

    await found.start("t", work)
    outcome = found.status("t")
    assert outcome.phase is Phase.FAULTED
    assert "may have been charged" in outcome.detail


@virtual
async def test_unreadable_success_without_a_price_is_raised() -> None:
    async def work(_call: OpenCall) -> Status:
        raise BadReply("no sense")

    with pytest.raises(BadReply):
        await calls(free=True).start("t", work)


@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize(
    "error",
    [
        RequestRejected("No credit.", private=True),
        BackendDown("broke", in_doubt=True),
        BackendError("failed"),
        BadReply("no sense"),
    ],
)
@virtual
async def test_results_that_were_made_before_a_failure_are_kept(
    error: BackendError, free: bool
) -> None:
    outcome = await failed(error, FIRST, free=free)
    assert (outcome.phase, outcome.generations) == (Phase.PARTIAL, (IMAGE,))
    assert outcome.public is not getattr(error, "private", False)


@virtual
async def test_refusal_keeps_the_cost_of_a_text_before_it() -> None:
    text = TextGeneration(text="owls")
    seen = Status(phase=Phase.PROCESSING, finished=1, generations=(text,), cost=7.0)
    outcome = await failed(RequestRejected("No credit."), seen)
    assert (outcome.phase, outcome.cost) == (Phase.PARTIAL, 7.0)


@virtual
async def test_second_call_with_a_token_does_not_start() -> None:
    found, started = calls(), list[OpenCall]()

    async def work(call: OpenCall) -> Status:
        started.append(call)
        return await never(call)

    for _ in range(2):
        await found.start("t", work)
        found.resume("t", work)
    assert len(started) == 1
    await found.close()


@virtual
async def test_second_cancel_has_the_outcome_of_the_first() -> None:
    found = calls()
    await found.start("t", never)
    first = await found.cancel("t")
    assert (first.phase, first.processing) == (Phase.CANCELLED, 0)
    assert await found.cancel("t") == found.status("t") == first


@virtual
async def test_result_that_arrives_during_a_cancel_is_kept() -> None:
    found = calls()

    async def work(_call: OpenCall) -> Status:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return FIRST.with_phase(Phase.DONE)
        raise AssertionError

    await found.start("t", work)
    assert (await found.cancel("t")).phase is Phase.DONE


@virtual
async def test_thousand_calls_leave_no_task() -> None:
    found, before = calls(), asyncio.all_tasks()
    starts = [asyncio.create_task(found.start(str(n), never)) for n in range(1000)]
    await asyncio.sleep(0.5)
    for n, start in enumerate(starts):
        if n % 3 == 0:
            start.cancel()
        elif n % 3 == 1:
            found.forget(str(n))
        else:
            await found.cancel(str(n))
    await asyncio.wait(starts)
    for n in range(1000):
        found.forget(str(n))
    assert await found.drain(1.0) == 0
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
    assert len(found) == 0


@virtual
async def test_close_during_a_start_ends_it() -> None:
    found = calls()
    start = asyncio.create_task(found.start("t", never))
    await asyncio.sleep(0.1)
    await found.close()
    await start
    found.forget("t")
    with pytest.raises(RequestGone):
        found.status("t")
