"""An outcome is stored once, shown, and only then closed; no result is lost."""

import asyncio
from dataclasses import replace

import pytest

from bot.aio.clock import ticks
from bot.domain.records import MessageAccess, MessageRef, Record
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase, Status
from bot.errors import Undeliverable
from bot.pipeline.tracking.settlement import DELIVERIES_MAX, HOLD_TRIES, QUIET, RETRY_MAX
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual

GONE = Undeliverable("Discord: Unknown Message", gone=True)
UNDELIVERABLE = Undeliverable("Discord cannot be reached.")
SHUT = Undeliverable("No route to the requester is left.", shut=True)


@virtual
async def test_the_first_outcome_counts() -> None:
    bot = InMemoryBot()
    record = await bot.ask()
    first = await bot.settlement.settle(record, Status(phase=Phase.CANCELLED))
    second = await bot.settlement.settle(record, Status(phase=Phase.DONE))
    assert first is not None
    assert second == first
    assert (await bot.row(record)).status == Status(phase=Phase.CANCELLED)


@virtual
async def test_what_is_closed_has_no_new_outcome() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.outcome(record)
    assert await bot.settlement.settle(record, Status(phase=Phase.CANCELLED)) is None
    await bot.kill()


@virtual
async def test_a_deleted_message_is_told_of_once_and_not_posted_again() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, record)
    bot.presenter.always = GONE
    (row,) = await bot.ended(record)
    assert row.phase is Phase.DONE
    assert [record_id for record_id, _ in bot.presenter.told] == [record.id]
    assert "/history" in bot.presenter.told[0][1]
    await bot.kill()


@virtual
async def test_discord_is_away_for_thirty_five_minutes() -> None:
    bot = InMemoryBot().start()
    records = [await bot.ask(ImageRequest(prompt="a fox", private=p)) for p in (False, True)]
    for record in records:
        await bot.until(lambda row: row.remote_id is not None, record)
    bot.presenter.always = UNDELIVERABLE
    await asyncio.sleep(35 * 60)
    for record in records:
        assert (await bot.row(record)).phase.is_open
    bot.presenter.always = None
    began = ticks()
    for row in await bot.ended(*records):
        assert row.phase is Phase.DONE
    assert ticks() - began <= RETRY_MAX + 1
    await bot.kill()


@virtual
async def test_where_every_door_is_shut_it_is_held_for_the_next_command() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask(ImageRequest(prompt="a secret", private=True))
    await bot.until(lambda row: row.remote_id is not None, record)
    bot.presenter.always = SHUT
    (row,) = await bot.ended(record)
    assert row.phase is Phase.HELD
    assert [held.id for held in await bot.history.held_of(7)] == [record.id]
    assert row.status is not None
    assert row.status.arrived == 1
    bot.presenter.always = None
    await bot.history.seen(row)
    assert (await bot.row(record)).phase is Phase.DONE
    assert await bot.history.held_of(7) == []
    await bot.kill()


@virtual
async def test_one_that_fails_in_another_way_for_a_day_is_held_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert DELIVERIES_MAX * RETRY_MAX >= 24 * 3600
    monkeypatch.setattr("bot.pipeline.tracking.settlement.DELIVERIES_MAX", 12)
    bot = InMemoryBot().start()
    record = await bot.ask()
    bot.presenter.always = UNDELIVERABLE
    (row,) = await bot.ended(record, within=900)
    assert row.phase is Phase.HELD
    assert row.status is not None
    assert row.status.phase is Phase.DONE
    await bot.kill()


@virtual
async def test_a_door_that_opens_again_in_time() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    bot.presenter.faults.extend([SHUT] * (HOLD_TRIES - 1))
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_whoever_wants_to_hear_of_it_hears_once_also_after_a_crash() -> None:
    bot = InMemoryBot().start()
    heard: list[tuple[int, Phase]] = []

    def hear(record: Record, outcome: Status) -> None:
        assert record.closed_at is not None  # what comes after a crash here is not said again
        heard.append((record.id, outcome.phase))

    record = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, record)
    bot.presenter.always = UNDELIVERABLE
    await bot.until(lambda row: row.outcome_at is not None, record)
    await bot.kill()
    bot = bot.again()
    bot.presenter.always, bot.settlement.on_shown = None, hear
    bot.start()
    await bot.ended(record)
    await bot.kill()
    bot = bot.again()
    bot.settlement.on_shown = hear
    bot.start()
    await asyncio.sleep(60)
    assert heard == [(record.id, Phase.DONE)]
    await bot.kill()


@virtual
@pytest.mark.parametrize("trouble", [GONE, SHUT])
async def test_what_was_not_shown_is_not_called_ready(trouble: Undeliverable) -> None:
    bot, heard = InMemoryBot().start(), list[int]()
    bot.settlement.on_shown = lambda record, _outcome: heard.append(record.id)
    record = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, record)
    bot.presenter.always = trouble
    await bot.ended(record)
    assert heard == []
    await bot.kill()


@virtual
async def test_a_message_that_moved_is_remembered() -> None:
    bot = InMemoryBot().start()
    moved = MessageRef(channel_id=99, message_id=4242, reach=MessageAccess.DM)
    bot.presenter.moves.append(moved)
    record = await bot.ask()
    await bot.outcome(record)
    assert (await bot.row(record)).messages[-1] == moved
    await bot.kill()


@virtual
async def test_unfinished_cards_are_left_alone_while_discord_is_away() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(100.0, 100.0))).start()
    records = [await bot.ask(user=n) for n in range(50)]
    bot.presenter.seconds = 20.0
    bot.presenter.always = UNDELIVERABLE
    for record in records:
        await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    assert bot.presenter.tries <= 100  # of 50 cards in half a minute and more
    began = ticks()
    bot.presenter.always, bot.presenter.seconds = None, 0.0
    rows = await bot.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert ticks() - began <= 100 + QUIET + RETRY_MAX
    await bot.kill()


@virtual
async def test_a_bug_while_telling_does_not_keep_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = InMemoryBot().start()

    async def buggy(_record: object, _text: str) -> None:
        raise KeyError("oops")

    monkeypatch.setattr(bot.presenter, "tell", buggy)
    bot.presenter.always = GONE
    record = await bot.ask()
    (row,) = await bot.ended(record)
    assert row.phase in {Phase.DONE, Phase.CANCELLED}
    await bot.kill()


@virtual
async def test_the_database_is_busy_between_showing_and_closing() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.until(lambda row: row.outcome_at is not None or row.phase is Phase.PROCESSING, record)
    bot.presenter.seconds = 0.2
    await bot.until(lambda row: row.outcome_at is not None, record)
    bot.disk.failing = 20
    await bot.outcome(record)
    await bot.kill()


@virtual
async def test_what_was_cancelled_unsent_has_nothing_to_be_told() -> None:
    bot = InMemoryBot()
    record = await bot.ask()
    bot.presenter.always = GONE
    row = await bot.row(record)
    await bot.store.requests.change(record.id, cancel_at=1.0)
    bot.start()
    await bot.ended(replace(row))
    assert bot.presenter.told == []
    await bot.kill()
