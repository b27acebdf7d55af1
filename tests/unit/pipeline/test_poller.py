"""When each request is looked at: on time, one step at a time, and nothing is left behind."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot.aio.clock import ticks
from bot.aio.keyed_locks import KeyedLocks
from bot.domain.records import Payer, Record
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.pipeline.tracking.poll_step import STEPS_AT_ONCE
from bot.pipeline.tracking.poller import Poller
from bot.pipeline.tracking.state import TrackedRequest
from tests.support import builders
from tests.support.virtual_clock import virtual

SLOT = ("horde", "bot", Kind.IMAGE)


def waiting_record(number: int, *, n: int = 1, waiting: int | None = None, **more: Any) -> Record:
    status = Status(phase=Phase.WAITING, waiting=n if waiting is None else waiting)
    job = f"job-{number}"
    values: dict[str, Any] = {"payer": Payer.BOT, "status": status, "remote_id": job} | more
    request = builders.image_request(n=n)
    return builders.record(id=number, request=request, phase=Phase.WAITING, **values)


@dataclass
class Plan:
    """Replaces PollStep: each step takes its time and gives the next delay."""

    delays: dict[int, list[float | None]] = field(default_factory=dict[int, list[float | None]])
    seconds: float = 0.0
    taken: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])
    running: set[int] = field(default_factory=set[int])
    most: int = 0
    rungs: list[bool] = field(default_factory=list[bool])
    waiting: int | None = None
    limit: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(STEPS_AT_ONCE))

    async def take(self, tracked: TrackedRequest) -> float | None:
        number = tracked.record.id
        assert number not in self.running, "two steps of one request at once"
        self.running.add(number)
        self.most = max(self.most, len(self.running))
        self.taken.append((number, ticks()))
        self.rungs.append(tracked.notified)
        tracked.notified = False
        await asyncio.sleep(self.seconds)
        if self.waiting is not None:
            tracked.seen = Status(phase=Phase.PROCESSING, waiting=self.waiting)
        self.running.discard(number)
        left = self.delays.get(number, [])
        return left.pop(0) if left else None


class RunningPoller:
    """A poller that runs."""

    def __init__(self, **plan: Any) -> None:
        self.plan = Plan(**plan)
        self.locks = KeyedLocks()
        self.poller = Poller(cast("Any", self.plan), self.locks)
        self.freed = 0
        self.poller.on_slot_freed.append(self._freed)
        self._task = asyncio.create_task(self.poller.run())

    def _freed(self) -> None:
        self.freed += 1

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@virtual
async def test_steps_come_when_they_are_due() -> None:
    running = RunningPoller(delays={1: [5.0, 7.0, None]})
    began = ticks()
    running.poller.watch(waiting_record(1), delay=2.0)
    await asyncio.sleep(60)
    assert [round(at - began, 2) for _, at in running.plan.taken] == [2.0, 7.0, 14.0]
    assert len(running.poller) == 0
    await running.close()


@virtual
async def test_a_nudge_is_acted_on_at_once_and_reads_the_row_again() -> None:
    running = RunningPoller(delays={1: [50.0] * 9})
    running.poller.watch(waiting_record(1), delay=50.0)
    await asyncio.sleep(1)
    began = ticks()
    assert running.poller.poll_now(1)
    await asyncio.sleep(0.1)
    assert running.plan.taken[-1][1] - began < 0.01
    assert running.poller._tracked[1].stale
    assert not running.poller.poll_now(2)
    await running.close()


@virtual
async def test_what_is_asked_during_a_step_comes_right_after_it() -> None:
    running = RunningPoller(delays={1: [50.0] * 9}, seconds=3.0)
    running.poller.watch(waiting_record(1), delay=0.0)
    await asyncio.sleep(1)
    for _ in range(500):
        running.poller.poll_now(1)
        running.poller.webhook_received(1)
        await asyncio.sleep(0.001)
    await asyncio.sleep(10)
    assert len(running.plan.taken) == 2
    assert running.plan.rungs[1]
    await running.close()


@virtual
async def test_nudged_while_it_ends() -> None:
    running = RunningPoller(delays={1: [None]}, seconds=1.0)
    running.poller.watch(waiting_record(1), delay=0.0)
    await asyncio.sleep(0.5)
    running.poller.poll_now(1)
    await asyncio.sleep(5)
    assert len(running.plan.taken) == 1
    assert len(running.poller) == 0
    assert running.poller._due_at == running.poller._notified_at == running.poller._slots == {}
    assert running.poller._stepping == set()
    assert len(running.locks) == 0
    await running.close()


@virtual
async def test_watched_twice_is_driven_once() -> None:
    running = RunningPoller(delays={1: [5.0, None]})
    running.poller.watch(waiting_record(1), delay=1.0)
    running.poller.watch(waiting_record(1), delay=1.0)
    assert len(running.poller) == 1
    assert running.poller.occupied(SLOT) == 1
    await asyncio.sleep(30)
    assert running.poller.occupied(SLOT) == 0
    await running.close()


@virtual
async def test_rings_keep_a_second_apart_and_never_put_off_a_look() -> None:
    running = RunningPoller(delays={1: [0.3] * 3 + [90.0] * 99})
    running.poller.watch(waiting_record(1), delay=0.0)
    await asyncio.sleep(0.1)
    for _ in range(20):
        running.poller.webhook_received(1)
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    assert len(running.plan.taken) >= 3  # the look that was due anyway took place
    await asyncio.sleep(5)
    before = len(running.plan.taken)
    for _ in range(100):
        running.poller.webhook_received(1)
        await asyncio.sleep(0.1)
    assert len(running.plan.taken) - before <= 11
    await running.close()


@virtual
async def test_a_ring_for_what_is_not_here_is_passed_on() -> None:
    running = RunningPoller()
    heard: list[tuple[int, str]] = []

    def hear(record_id: int, remote_id: str) -> None:
        heard.append((record_id, remote_id))

    running.poller.on_unknown_webhook.append(hear)
    assert not running.poller.webhook_received(9, "job-9")
    assert heard == [(9, "job-9")]
    await running.close()


@virtual
async def test_so_many_steps_at_once_and_no_more() -> None:
    count = 3 * STEPS_AT_ONCE
    running = RunningPoller(seconds=1.0)
    for number in range(count):
        running.poller.watch(waiting_record(number), delay=0.0)
    await asyncio.sleep(3.5)
    assert running.plan.most == STEPS_AT_ONCE
    assert len(running.plan.taken) == count
    await running.close()


@virtual
async def test_places_are_those_of_pictures_that_wait() -> None:
    running = RunningPoller(delays={1: [60.0]}, waiting=1)
    running.poller.watch(waiting_record(1, n=4), delay=1.0)
    running.poller.watch(waiting_record(2, n=4, waiting=3), delay=99.0)
    running.poller.watch(waiting_record(3, n=4, outcome_at=5.0), delay=99.0)  # only not shown yet
    running.poller.watch(waiting_record(4, n=4, remote_id=None, outcome_at=5.0), delay=99.0)
    running.poller.watch(waiting_record(5, n=4, waiting=0), delay=99.0)  # a worker has all of it
    assert running.poller.occupied(SLOT) == 7
    assert running.freed == 0
    await asyncio.sleep(2)
    assert running.poller.occupied(SLOT) == 4
    assert running.freed == 1
    await running.close()


@given(st.lists(st.tuples(st.integers(1, 3), st.floats(0, 5), st.sampled_from("wnr")), max_size=40))
@virtual
async def test_whatever_is_asked_when_steps_never_overlap(
    events: list[tuple[int, float, str]],
) -> None:
    running = RunningPoller(delays={n: [1.0] * 5 for n in (1, 2, 3)}, seconds=0.7)
    for number, pause, what in events:
        match what:
            case "w":
                running.poller.watch(waiting_record(number), delay=pause / 2)
            case "n":
                running.poller.poll_now(number)
            case _:
                running.poller.webhook_received(number)
        await asyncio.sleep(pause)
    await asyncio.sleep(600)
    assert len(running.poller) == 0
    assert running.poller.occupied(SLOT) == 0
    assert running.poller._slots == running.poller._due_at == running.poller._notified_at == {}
    assert len(running.locks) == 0
    await running.close()
