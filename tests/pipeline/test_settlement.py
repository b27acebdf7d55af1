"""An outcome is written down once, shown, and only then closed; and nobody's result is lost."""

import asyncio
from dataclasses import replace

import pytest

from bot.aio.clock import ticks
from bot.domain.records import MessageAccess, MessageRef, Record
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase, Status
from bot.errors import Undeliverable
from bot.pipeline.tracking.settlement import DELIVERIES_MAX, HOLD_TRIES, QUIET, RETRY_MAX
from tests.support.bots.in_memory_bot import House
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual

GONE = Undeliverable("Discord: Unknown Message", gone=True)
AWAY = Undeliverable("Discord cannot be reached at the moment.")
SHUT = Undeliverable("Nobody can be shown it now.", shut=True)


@virtual
async def test_the_first_outcome_counts() -> None:
    house = House()
    record = await house.ask()
    first = await house.settlement.settle(record, Status(phase=Phase.CANCELLED))
    second = await house.settlement.settle(record, Status(phase=Phase.DONE))
    assert first is not None
    assert second == first
    assert (await house.row(record)).status == Status(phase=Phase.CANCELLED)


@virtual
async def test_what_is_closed_has_no_new_outcome() -> None:
    house = House().start()
    record = await house.ask()
    await house.outcome(record)
    assert await house.settlement.settle(record, Status(phase=Phase.CANCELLED)) is None
    await house.kill()


@virtual
async def test_a_deleted_message_is_told_of_once_and_not_posted_again() -> None:
    house = House().start()
    record = await house.ask()
    await house.until(lambda row: row.remote_id is not None, record)
    house.stage.always = GONE
    (row,) = await house.ended(record)
    assert row.phase is Phase.DONE
    assert [record_id for record_id, _ in house.stage.told] == [record.id]
    assert "/history" in house.stage.told[0][1]
    await house.kill()


@virtual
async def test_discord_is_away_for_thirty_five_minutes() -> None:
    house = House().start()
    records = [await house.ask(ImageRequest(prompt="a fox", private=p)) for p in (False, True)]
    for record in records:
        await house.until(lambda row: row.remote_id is not None, record)
    house.stage.always = AWAY
    await asyncio.sleep(35 * 60)
    for record in records:
        assert (await house.row(record)).phase.is_open
    house.stage.always = None
    began = ticks()
    for row in await house.ended(*records):
        assert row.phase is Phase.DONE
    assert ticks() - began <= RETRY_MAX + 1
    await house.kill()


@virtual
async def test_where_every_door_is_shut_it_is_held_for_the_next_command() -> None:
    house = House().start()
    record = await house.ask(ImageRequest(prompt="a secret", private=True))
    await house.until(lambda row: row.remote_id is not None, record)
    house.stage.always = SHUT
    (row,) = await house.ended(record)
    assert row.phase is Phase.HELD
    assert [held.id for held in await house.service.held_of(7)] == [record.id]
    assert row.status is not None
    assert row.status.arrived == 1
    house.stage.always = None
    await house.service.seen(row)
    assert (await house.row(record)).phase is Phase.DONE
    assert await house.service.held_of(7) == []
    await house.kill()


@virtual
async def test_one_that_fails_in_another_way_for_a_day_is_held_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert DELIVERIES_MAX * RETRY_MAX >= 24 * 3600
    monkeypatch.setattr("bot.pipeline.tracking.settlement.DELIVERIES_MAX", 12)
    house = House().start()
    record = await house.ask()
    house.stage.always = AWAY
    (row,) = await house.ended(record, within=900)
    assert row.phase is Phase.HELD
    assert row.status is not None
    assert row.status.phase is Phase.DONE
    await house.kill()


@virtual
async def test_a_door_that_opens_again_in_time() -> None:
    house = House().start()
    record = await house.ask()
    await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    house.stage.faults.extend([SHUT] * (HOLD_TRIES - 1))
    assert (await house.outcome(record)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_whoever_wants_to_hear_of_it_hears_once_also_after_a_crash() -> None:
    house = House().start()
    heard: list[tuple[int, Phase]] = []

    def hear(record: Record, outcome: Status) -> None:
        assert record.closed_at is not None  # what comes after a crash here is not said again
        heard.append((record.id, outcome.phase))

    record = await house.ask()
    await house.until(lambda row: row.remote_id is not None, record)
    house.stage.always = AWAY
    await house.until(lambda row: row.outcome_at is not None, record)
    await house.kill()
    house = house.again()
    house.stage.always, house.settlement.on_shown = None, hear
    house.start()
    await house.ended(record)
    await house.kill()
    house = house.again()
    house.settlement.on_shown = hear
    house.start()
    await asyncio.sleep(60)
    assert heard == [(record.id, Phase.DONE)]
    await house.kill()


@virtual
@pytest.mark.parametrize("trouble", [GONE, SHUT])
async def test_what_was_not_shown_is_not_called_ready(trouble: Undeliverable) -> None:
    house, heard = House().start(), list[int]()
    house.settlement.on_shown = lambda record, _outcome: heard.append(record.id)
    record = await house.ask()
    await house.until(lambda row: row.remote_id is not None, record)
    house.stage.always = trouble
    await house.ended(record)
    assert heard == []
    await house.kill()


@virtual
async def test_a_message_that_moved_is_remembered() -> None:
    house = House().start()
    moved = MessageRef(channel_id=99, message_id=4242, reach=MessageAccess.DM)
    house.stage.moves.append(moved)
    record = await house.ask()
    await house.outcome(record)
    assert (await house.row(record)).messages[-1] == moved
    await house.kill()


@virtual
async def test_unfinished_cards_are_left_alone_while_discord_is_away() -> None:
    house = House(FakeHorde(job_seconds=(100.0, 100.0))).start()
    records = [await house.ask(user=n) for n in range(50)]
    house.stage.seconds = 20.0
    house.stage.always = AWAY
    for record in records:
        await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    assert house.stage.tries <= 100  # of 50 cards in half a minute and more
    began = ticks()
    house.stage.always, house.stage.seconds = None, 0.0
    rows = await house.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert ticks() - began <= 100 + QUIET + RETRY_MAX
    await house.kill()


@virtual
async def test_a_bug_while_telling_does_not_keep_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House().start()

    async def buggy(_record: object, _text: str) -> None:
        raise KeyError("oops")

    monkeypatch.setattr(house.stage, "tell", buggy)
    house.stage.always = GONE
    record = await house.ask()
    (row,) = await house.ended(record)
    assert row.phase in {Phase.DONE, Phase.CANCELLED}
    await house.kill()


@virtual
async def test_the_database_is_busy_between_showing_and_closing() -> None:
    house = House().start()
    record = await house.ask()
    await house.until(
        lambda row: row.outcome_at is not None or row.phase is Phase.PROCESSING, record
    )
    house.stage.seconds = 0.2
    await house.until(lambda row: row.outcome_at is not None, record)
    house.disk.failing = 20
    await house.outcome(record)
    await house.kill()


@virtual
async def test_what_was_cancelled_unsent_has_nothing_to_be_told() -> None:
    house = House()
    record = await house.ask()
    house.stage.always = GONE
    row = await house.row(record)
    await house.store.requests.change(record.id, cancel_at=1.0)
    house.start()
    await house.ended(replace(row))
    assert house.stage.told == []
    await house.kill()
