"""The fallback of a backend: requests that it cannot take are made once, and paid once."""

import asyncio
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pytest

from bot.aio.clock import ticks
from bot.domain.capabilities import Capabilities
from bot.domain.kudos.budgets import Budget
from bot.domain.records import Payer, Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Source
from bot.domain.results import Phase, Status
from bot.errors import AddressBlocked, BackendDown, FeatureMissing, NotAllowed, UserError
from bot.rules.guild_settings import GuildSettings
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import FOX_BY_DELIBERATE
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.blocking_backend import FREE, NEVER, FakeBlocking
from tests.support.fakes.jobs import Job, dropped
from tests.support.virtual_clock import virtual

GPU = replace(FREE, kinds=frozenset({"image", "text"}), chosen_models=True, keys="none")
PAID = replace(NEVER, title="Power Grid", keys="required")
MADE_BY = "Made by own GPU, because AI Horde is not available."


def own_gpu(capabilities: Capabilities = GPU) -> FakeBlocking:
    return FakeBlocking(name="own-gpu", capabilities=capabilities, seconds=5.0)


def bot_with(*others: FakeHorde, horde: FakeHorde | None = None, **more: Any) -> InMemoryBot:
    """A bot whose Horde falls back to these backends, in that order."""
    names = ["horde", *(each.name for each in others)]
    fallbacks = dict(pairwise(names))
    return InMemoryBot(horde, others=others, fallbacks=fallbacks, **more).start()


def down() -> FakeHorde:
    return FakeHorde(outage=True)


def impossible(horde: FakeHorde) -> FakeHorde:
    """No worker can take the request of the tests, and none starts it."""

    def bend(_job: Job, status: Status) -> Status:
        return status.model_copy(update={"is_possible": False})

    horde.answers[FOX_BY_DELIBERATE.prompt] = bend
    horde.wait_seconds = 10_000.0
    return horde


async def spent(bot: InMemoryBot) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in bot.disk.raw.execute("SELECT request_id FROM spending")]


@virtual
async def test_a_request_moves_after_the_outage_has_lasted_a_while() -> None:
    gpu = own_gpu()
    bot = bot_with(gpu, horde=down())
    record = await bot.ask()
    await asyncio.sleep(18.0)
    assert (await bot.row(record)).backend == "horde"
    outcome = await bot.outcome(record)
    assert outcome.phase is Phase.DONE
    assert outcome.warnings[0] == MADE_BY
    assert "chose the model" in outcome.warnings[1]
    moved = await bot.row(record)
    assert (moved.backend, moved.payer) == ("own-gpu", Payer.ANONYMOUS)
    assert isinstance(moved.request, ImageRequest)
    assert moved.request.models == ()
    assert len(gpu.submits) == 1
    await bot.kill()


@virtual
async def test_a_new_request_moves_at_once_when_the_outage_is_old() -> None:
    bot = bot_with(own_gpu(), horde=down())
    await bot.outcome(await bot.ask())
    late = await bot.ask(user=8)
    assert late.backend == "horde"
    await asyncio.sleep(4.0)
    assert (await bot.row(late)).backend == "own-gpu"
    await bot.kill()


@virtual
async def test_a_short_outage_moves_nothing() -> None:
    gpu = own_gpu()
    bot = bot_with(gpu, horde=down())
    record = await bot.ask()
    await asyncio.sleep(10.0)
    bot.horde.outage = False
    outcome = await bot.outcome(record)
    assert (outcome.phase, outcome.warnings) == (Phase.DONE, ())
    assert gpu.submits == []
    await bot.kill()


@virtual
async def test_both_down_the_first_to_return_makes_it() -> None:
    gpu = own_gpu()
    gpu.outage = True
    bot = bot_with(gpu, horde=down())
    bot.monitors["own-gpu"]._begin("", "", None, down=True)
    record = await bot.ask()
    await asyncio.sleep(60.0)
    assert (await bot.row(record)).backend == "horde"
    bot.horde.outage = False
    assert (await bot.outcome(record)).warnings == ()
    assert gpu.submits == []
    await bot.kill()


@virtual
async def test_a_chain_is_followed_to_the_first_that_can_make_it() -> None:
    texts_only = FakeBlocking(
        name="texts", capabilities=replace(GPU, title="texts", kinds=frozenset({"text"}))
    )
    gpu = own_gpu()
    bot = bot_with(texts_only, gpu, horde=down())
    outcome = await bot.outcome(await bot.ask())
    assert outcome.warnings[0] == MADE_BY
    assert (len(texts_only.submits), len(gpu.submits)) == (0, 1)
    await bot.kill()


@virtual
async def test_a_second_move_replaces_the_words_about_the_first() -> None:
    first = FakeBlocking(name="first", capabilities=replace(GPU, title="first"))
    second = FakeBlocking(name="second", capabilities=replace(GPU, title="second"))
    bot = bot_with(first, second, horde=down())
    first.outage = True
    first.errors.append(BackendDown("503", status=503))
    first.seconds = 0.1
    outcome = await bot.outcome(await bot.ask())
    assert outcome.phase is Phase.DONE
    assert [text for text in outcome.warnings if text.startswith("Made by")] == [
        "Made by second, because first is not available."
    ]
    await bot.kill()


@pytest.mark.parametrize(
    "able",
    [
        replace(GPU, kinds=frozenset({"text"})),
        replace(GPU, results_max=1),
        replace(GPU, image_fields=frozenset({"width"})),
    ],
)
@virtual
async def test_a_request_stays_when_the_fallback_cannot_make_it(able: Capabilities) -> None:
    gpu = own_gpu(able)
    bot = bot_with(gpu, horde=down())
    record = await bot.ask(FOX_BY_DELIBERATE.model_copy(update={"tiling": True, "n": 2}))
    await asyncio.sleep(60.0)
    assert (await bot.row(record)).backend == "horde"
    assert gpu.submits == []
    await bot.kill()


@virtual
async def test_alchemy_without_a_check_of_nsfw_is_hidden() -> None:
    able = replace(GPU, kinds=frozenset({"alchemy"}), forms=frozenset({"caption"}))
    bot = bot_with(own_gpu(able), horde=down())
    source = Source(url="https://cdn.discordapp.com/boat.png")
    record = await bot.ask(AlchemyRequest(forms=("caption",), source=source))
    moved = await bot.until(lambda row: row.backend == "own-gpu", record)
    assert isinstance(moved.request, AlchemyRequest)
    assert (moved.request.withhold, moved.request.spoiler) == (False, True)
    await bot.kill()


@pytest.mark.parametrize(
    "error", [AddressBlocked("in time-out", retry_after=60.0), FeatureMissing("old", feature="x")]
)
@virtual
async def test_a_backend_that_cannot_take_it_hands_it_over_at_once(error: Exception) -> None:
    horde, gpu = FakeHorde(), own_gpu()
    horde.fail("submit", error)
    bot = bot_with(gpu, horde=horde)
    record = await bot.ask()
    await bot.until(lambda row: row.backend == "own-gpu", record)
    await bot.outcome(record, within=15.0)
    assert len(gpu.submits) == 1
    assert horde.jobs == {}
    await bot.kill()


# A request that the first backend has


@virtual
async def test_a_request_that_no_worker_can_take_is_cancelled_there_and_moves() -> None:
    horde, gpu = impossible(FakeHorde()), own_gpu()
    bot = bot_with(gpu, horde=horde)
    outcome = await bot.outcome(await bot.ask())
    assert outcome.phase is Phase.DONE
    assert "because no worker of AI Horde can take the request" in outcome.warnings[0]
    assert [job.cancelled for job in horde.jobs.values()] == [True]
    assert len(gpu.submits) == 1
    await bot.kill()


@virtual
async def test_a_request_that_a_worker_started_meanwhile_stays() -> None:
    horde, gpu = impossible(FakeHorde()), own_gpu()
    bot = bot_with(gpu, horde=horde)
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.WAITING, record)
    (job,) = horde.jobs.values()

    def starts(_job: Job, status: Status) -> Status:
        begun = {"waiting": 0, "processing": 1} if job.cancelled else {"is_possible": False}
        return status.model_copy(update=begun)

    horde.answers[FOX_BY_DELIBERATE.prompt] = starts
    cancel = horde.cancel

    async def late(*given: Any, **more: Any) -> Status:
        job.cancelled = True
        return (await cancel(*given, **more)).model_copy(
            update={"processing": 1, "phase": Phase.CANCELLED}
        )

    horde.cancel = late
    outcome = await bot.outcome(record)
    assert (outcome.phase, outcome.begun) == (Phase.FAULTED, True)
    assert "A worker of AI Horde started the request" in outcome.detail
    assert gpu.submits == []
    await bot.kill()


@virtual
async def test_in_maintenance_a_waiting_request_moves() -> None:
    horde, gpu = FakeHorde(wait_seconds=10_000.0), own_gpu()
    bot = bot_with(gpu, horde=horde)
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.WAITING, record)
    horde.maintenance = True
    bot.outage_monitor._begin("{backend} is in maintenance.", "", None, down=False)
    assert (await bot.outcome(record)).warnings[0] == MADE_BY
    assert len(gpu.submits) == 1
    await bot.kill()


@virtual
async def test_a_request_that_runs_there_is_never_moved() -> None:
    horde, gpu = FakeHorde(job_seconds=(90.0, 90.0)), own_gpu()
    bot = bot_with(gpu, horde=horde)
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    horde.outage = True
    await asyncio.sleep(60.0)
    horde.outage = False
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert gpu.submits == []
    await bot.kill()


# A kill between any two steps


@dataclass
class KillAt:
    """Kills the bot at the n-th write of a request, before it or after it."""

    bot: InMemoryBot
    n: int
    after: bool

    def arm(self) -> asyncio.Event:
        reached, count = asyncio.Event(), 0
        write = self.bot.store.requests._database.write_together

        async def write_together(job: Any) -> Any:
            nonlocal count
            count += 1
            if count == self.n and not self.after:
                reached.set()
                await asyncio.Event().wait()
            found = await write(job)
            if count == self.n and self.after:
                reached.set()
                await asyncio.Event().wait()
            return found

        self.bot.store.requests._database.write_together = write_together
        return reached


@pytest.mark.parametrize("waiting", [False, True])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("n", range(1, 8))
@virtual
async def test_a_kill_between_two_steps_leaves_one_outcome(
    n: int, after: bool, waiting: bool
) -> None:
    horde, gpu = (impossible(FakeHorde()) if waiting else down()), own_gpu()
    bot = bot_with(gpu, horde=horde)
    record = await bot.ask()
    reached = KillAt(bot, n, after).arm()
    ended = asyncio.create_task(bot.outcome(record))
    await asyncio.wait(
        [ended, asyncio.create_task(reached.wait())], return_when=asyncio.FIRST_COMPLETED
    )
    ended.cancel()
    await asyncio.gather(ended, return_exceptions=True)
    await bot.kill()
    await gpu.close()
    later = bot.again().start()
    await asyncio.sleep(120.0)
    horde.outage = False
    horde.answers.clear()
    for job in horde.alive():
        job.starts_at, job.done_at = ticks(), [ticks() + 1.0]
    assert (await later.outcome(record)).phase is Phase.DONE
    row = await later.row(record)
    if row.backend == "own-gpu":
        assert all(job.cancelled for job in horde.jobs.values())
        assert len(gpu.submits) <= 2  # it has no price, so that a call cut short is repeated
    else:  # the Horde may have it after all
        assert gpu.submits == []
    await later.kill()


# Payment


@virtual
async def test_the_reservation_of_the_server_is_released_by_the_move() -> None:
    bot = bot_with(own_gpu(), horde=down())
    await bot.give_server_key()
    await bot.store.guilds.put_settings(5, GuildSettings(budget=Budget(a_day=100.0)))
    record = await bot.ask()
    assert len(await spent(bot)) == 1
    moved = await bot.until(lambda row: row.backend == "own-gpu", record)
    assert moved.payer is Payer.ANONYMOUS
    assert await spent(bot) == []
    await bot.kill()


@virtual
async def test_a_horde_as_fallback_takes_small_requests_without_a_key() -> None:
    second = FakeHorde(name="second", capabilities=Capabilities(title="Second Horde"))
    bot = bot_with(second, horde=down())
    await bot.login()
    outcome = await bot.outcome(await bot.ask())
    assert "Second Horde takes the request without a key, for free." in outcome.warnings
    assert [job.key for job in second.jobs.values()] == ["0000000000"]
    await bot.kill()


@virtual
async def test_a_horde_as_fallback_is_paid_by_the_same_payer_with_a_key_there() -> None:
    second = FakeHorde(name="second", capabilities=Capabilities(title="Second Horde"))
    bot = bot_with(second, horde=down())
    await bot.login()
    await bot.login(key="ada-second", backend="second")
    await bot.outcome(await bot.ask())
    assert [job.key for job in second.jobs.values()] == ["ada-second"]
    await bot.kill()


@virtual
async def test_a_request_that_needs_kudos_waits_without_a_key_there() -> None:
    second = FakeHorde(name="second", capabilities=Capabilities(title="Second Horde"), side=512)
    bot = bot_with(second, horde=down())
    await bot.login()
    large = FOX_BY_DELIBERATE.model_copy(update={"width": 2048, "height": 2048})
    record = await bot.ask(large)
    await asyncio.sleep(60.0)
    assert (await bot.row(record)).backend == "horde"
    assert second.jobs == {}
    await bot.kill()


async def offered(bot: InMemoryBot, record: Record) -> Record:
    """The row once its card offers the backend with a price."""
    await bot.until(lambda row: row.status is not None and row.status.offer is not None, record)
    await asyncio.sleep(60.0)
    return await bot.row(record)


@virtual
async def test_a_backend_with_a_price_is_offered_and_never_used_by_itself() -> None:
    paid = FakeBlocking(name="paid", capabilities=PAID)
    bot = bot_with(paid, horde=down())
    await bot.login(backend="paid")
    waits = await offered(bot, await bot.ask())
    assert waits.backend == "horde"
    assert waits.status is not None
    assert waits.status.offer is not None
    assert (waits.status.offer.title, waits.status.offer.price) == ("Power Grid", 10.0)
    assert bot.presenter.of(waits.id)[-1].offer == waits.status.offer
    assert paid.submits == []
    bot.horde.outage = False
    assert (await bot.outcome(waits)).warnings == ()
    assert paid.submits == []
    await bot.kill()


@virtual
async def test_the_requester_accepts_the_price_with_their_own_key() -> None:
    paid = FakeBlocking(name="paid", capabilities=PAID)
    bot = bot_with(paid, horde=down())
    await bot.give_server_key()
    await bot.store.guilds.put_settings(5, GuildSettings(budget=Budget(a_day=100.0)))
    waits = await offered(bot, await bot.ask())
    with pytest.raises(NotAllowed):
        await bot.service.move(waits.id, 8)
    with pytest.raises(UserError, match="Power Grid needs your own API key"):
        await bot.service.move(waits.id, 7)
    await bot.login(backend="paid")
    moved = await bot.service.move(waits.id, 7)
    assert (moved.backend, moved.payer) == ("paid", Payer.USER)
    assert await spent(bot) == []
    with pytest.raises(UserError, match="does not wait"):
        await bot.service.move(waits.id, 7)
    outcome = await bot.outcome(waits)
    assert outcome.warnings[0] == "Made by Power Grid, because AI Horde is not available."
    assert len(paid.submits) == 1
    await bot.kill()


@virtual
async def test_a_free_fallback_behind_one_with_a_price_is_used() -> None:
    paid, gpu = FakeBlocking(name="paid", capabilities=PAID), own_gpu()
    bot = bot_with(paid, gpu, horde=down())
    assert (await bot.outcome(await bot.ask())).warnings[0] == MADE_BY
    assert (len(paid.submits), len(gpu.submits)) == (0, 1)
    await bot.kill()


@virtual
async def test_a_request_that_may_be_paid_already_does_not_move() -> None:
    horde, gpu = FakeHorde(), own_gpu()
    bot = bot_with(gpu, horde=horde)
    await bot.login()
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.WAITING, record)
    (job,) = horde.jobs.values()
    job.gone = True
    await bot.until(lambda row: row.resends == 1, record)
    horde.outage = True
    await asyncio.sleep(60.0)
    assert gpu.submits == []
    await bot.kill()


@virtual
async def test_a_lost_submit_that_costs_nothing_moves() -> None:
    horde, gpu = FakeHorde(), own_gpu()
    horde.fail("submit", dropped())
    bot = bot_with(gpu, horde=horde)
    record = await bot.ask()
    horde.outage = True
    outcome = await bot.outcome(record)
    assert outcome.phase is Phase.DONE
    assert outcome.warnings[0] == MADE_BY
    assert len(gpu.submits) == 1
    await bot.kill()


@virtual
async def test_a_cancelled_request_is_not_moved() -> None:
    gpu = own_gpu()
    bot = bot_with(gpu, horde=down())
    record = await bot.ask()
    await asyncio.sleep(10.0)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record)).phase is Phase.CANCELLED
    assert gpu.submits == []
    await bot.kill()
