"""What moderators reported, and which request a message shows."""

from dataclasses import replace

from bot.domain.people import Report
from bot.domain.records import Payer, Record
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase
from bot.storage import Store
from tests.support.stored_records import GUILD_MESSAGE


async def add_shown(store: Store, number: int, message_id: int) -> Record:
    record = await store.requests.add(
        interaction_id=number,
        backend="horde",
        user_id=7,
        guild_id=5,
        payer=Payer.ANONYMOUS,
        request=ImageRequest(prompt="a fox"),
        message=GUILD_MESSAGE,
        now=100.0,
    )
    acked = await store.requests.ack(record.id, message_id)
    assert acked is not None
    return acked


def report(record: Record, at: float = 200.0) -> Report:
    return Report(record.id, at, 9, guild_id=5, channel_id=10, message_id=77)


async def test_a_request_by_any_of_its_messages(store: Store) -> None:
    first, second = await add_shown(store, 1, 501), await add_shown(store, 2, 502)
    await store.requests.move(first.id, replace(GUILD_MESSAGE, message_id=601))
    for message_id, record in ((501, first), (601, first), (502, second)):
        found = await store.requests.of_message(message_id)
        assert found is not None
        assert found.id == record.id
    assert await store.requests.of_message(999) is None
    assert await store.requests.of_message(0) is None  # a card that Discord has not taken yet


async def test_a_report_counts_once(store: Store) -> None:
    record = await add_shown(store, 1, 501)
    assert await store.reports.add(report(record))
    assert not await store.reports.add(replace(report(record, 300.0), reporter_id=11))
    assert await store.reports.count() == 1
    assert await store.reports.newest(5) == [report(record)]
    assert report(record).link == "https://discord.com/channels/5/10/77"


async def test_the_newest_reports_come_first(store: Store) -> None:
    records = [await add_shown(store, number, 500 + number) for number in range(1, 5)]
    for at, record in enumerate(records):
        await store.reports.add(report(record, float(at)))
    found = [one.record_id for one in await store.reports.newest(2)]
    assert found == [records[3].id, records[2].id]


async def test_a_report_is_forgotten_with_its_request(store: Store) -> None:
    record = await add_shown(store, 1, 501)
    await store.reports.add(report(record))
    await store.requests.change(record.id, phase=Phase.DONE, closed_at=150.0)
    assert await store.history.forget_before(1_000.0) == [record.id]
    assert await store.reports.count() == 0
