"""Use cases of requests: stored, refused, cancelled, listed; and whose key pays."""

import asyncio

import pytest

from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.domain.results import Phase
from bot.errors import BackendDown, NotAllowed, RequestRejected, StoreBusy, UserError
from bot.rules.guild_settings import GuildSettings
from bot.settings import LimitsSettings
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import FOX_BY_DELIBERATE, origin
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual


@virtual
async def test_the_same_interaction_is_one_request() -> None:
    bot = InMemoryBot()
    first = await bot.submit(origin(), FOX_BY_DELIBERATE)
    again = await bot.submit(origin(), FOX_BY_DELIBERATE)
    assert first.id == again.id


@virtual
async def test_so_many_under_way_and_which() -> None:
    bot = InMemoryBot(limits=LimitsSettings(open_per_person=3)).start()
    bot.horde.outage = True
    records = [await bot.ask() for _ in range(3)]
    with pytest.raises(UserError, match=f"#{records[0].id}, #{records[1].id}"):
        await bot.ask()
    await bot.ask(user=8)
    await bot.service.cancel(records[0].id, 7)
    await bot.ended(records[0])
    await bot.ask()
    await bot.kill()


@virtual
async def test_ten_at_once_do_not_slip_past_the_limit() -> None:
    bot = InMemoryBot(limits=LimitsSettings(open_per_person=3, open_per_server=5))

    async def ask(user: int) -> bool:
        try:
            await bot.write(user=user)
        except UserError:
            return False
        return True

    assert sum(await asyncio.gather(*(ask(1) for _ in range(10)))) == 3
    assert sum(await asyncio.gather(*(ask(user) for user in range(2, 12)))) == 2


@virtual
async def test_a_busy_database_is_said_and_nothing_is_half_done() -> None:
    bot = InMemoryBot()
    bot.disk.failing = 1
    with pytest.raises(StoreBusy):
        await bot.write()
    assert await bot.store.requests.unfinished() == []
    bot.start()
    record = await bot.ask()
    bot.disk.failing = 2
    with pytest.raises(StoreBusy):
        await bot.service.cancel(record.id, 7)
    bot.disk.failing = 0
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_what_discord_refused_is_cancelled_unsent() -> None:
    bot = InMemoryBot().start()
    record = await bot.write()
    await bot.service.unacked(record)
    await bot.service.acked(record, 5)  # too late
    await asyncio.sleep(5)
    assert (await bot.row(record)).phase is Phase.CANCELLED
    assert bot.horde.jobs == {}
    await bot.kill()


# Cancelling


@virtual
async def test_only_its_own_person_cancels() -> None:
    bot = InMemoryBot()
    record = await bot.ask()
    with pytest.raises(NotAllowed):
        await bot.service.cancel(record.id, 8)
    with pytest.raises(UserError, match="no longer stored"):
        await bot.service.cancel(999, 7)


@virtual
async def test_what_is_over_cannot_be_cancelled() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, record)
    bot.presenter.seconds = 5.0
    await bot.until(lambda row: row.outcome_at is not None, record)
    with pytest.raises(UserError, match="already ended"):
        await bot.service.cancel(record.id, 7)
    assert (await bot.row(record)).cancel_at is None
    await bot.ended(record)
    with pytest.raises(UserError, match="already ended"):
        await bot.service.cancel(record.id, 7)
    await bot.kill()


@virtual
async def test_all_of_ones_own_are_cancelled_at_once() -> None:
    bot = InMemoryBot(FakeHorde(limited=True)).start()
    mine = [await bot.ask(user=7) for _ in range(8)]
    other = await bot.ask(user=8)
    await asyncio.sleep(1.5)
    assert await bot.service.cancel_all(7) == 8
    rows = await bot.ended(*mine, within=5)
    assert {row.phase for row in rows} == {Phase.CANCELLED}
    assert (await bot.outcome(other)).phase is Phase.DONE
    assert await bot.service.cancel_all(7) == 0
    await bot.kill()


@virtual
async def test_pressed_twice_it_is_cancelled_once() -> None:
    bot = InMemoryBot(FakeHorde(latency=(0.3, 0.3))).start()
    record = await bot.ask()
    await asyncio.sleep(0.2)
    await asyncio.gather(*(bot.service.cancel(record.id, 7) for _ in range(5)))
    assert (await bot.outcome(record)).phase is Phase.CANCELLED
    await bot.kill()


# Keys


@virtual
async def test_a_key_is_checked_sealed_and_pays() -> None:
    bot = InMemoryBot()
    assert await bot.payment.payer(await bot.context(origin(7)), Kind.IMAGE) is Payer.ANONYMOUS
    assert await bot.keys.account(Payer.USER, 7) is None
    account = await bot.keys.login(Payer.USER, 7, "  a-key-of-ada  ")
    assert account.username == "ada#7"
    assert await bot.payment.payer(await bot.context(origin(7)), Kind.IMAGE) is Payer.USER
    assert await bot.payment.payer(await bot.context(origin(8)), Kind.IMAGE) is Payer.ANONYMOUS
    assert await bot.keys.account(Payer.USER, 7) is not None
    credential = await bot.store.credentials.get(Payer.USER, 7, "horde")
    assert credential is not None
    assert b"a-key-of-ada" not in credential.sealed
    assert await bot.keys.logout(Payer.USER, 7)
    assert not await bot.keys.logout(Payer.USER, 7)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "not an API key"),
        ("a" * 65, "not an API key"),
        ("kéy", "not an API key"),
        ("0000000000", "anonymous"),
    ],
)
@virtual
async def test_what_is_no_key_is_not_asked_about(key: str, words: str) -> None:
    bot = InMemoryBot()
    with pytest.raises(UserError, match=words):
        await bot.keys.login(Payer.USER, 7, key)
    assert bot.horde.count("account") == 0


@virtual
async def test_a_key_that_the_backend_does_not_know() -> None:
    bot = InMemoryBot()
    bot.horde.fail("account", RequestRejected("unknown"), BackendDown("away"))
    with pytest.raises(UserError, match="does not know this key"):
        await bot.keys.login(Payer.USER, 7, "a-key")
    with pytest.raises(BackendDown):
        await bot.keys.login(Payer.USER, 7, "a-key")
    assert await bot.keys.account(Payer.USER, 7) is None


@virtual
async def test_lists_of_ones_own() -> None:
    bot = InMemoryBot().start()
    records = [await bot.ask() for _ in range(3)]
    assert [r.id for r in await bot.history.open_of(7)] == [r.id for r in records]
    await bot.ended(*records)
    assert [r.id for r in await bot.history.ended_of(7)] == [r.id for r in reversed(records)]
    assert await bot.history.ended_of(8) == []
    await bot.kill()


@virtual
async def test_draining_takes_nothing_new() -> None:
    bot = InMemoryBot()
    bot.service.draining = True
    with pytest.raises(UserError, match="restart"):
        await bot.write()


@virtual
async def test_ones_own_are_listed_with_the_newest_look_at_them() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=500.0)).start()
    record = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, record)
    await asyncio.sleep(200)
    (listed,) = await bot.history.open_of(7)
    written = (await bot.row(record)).status
    assert listed.status is not None
    assert 290 <= listed.status.wait_time <= 320
    assert written is not None
    assert written.wait_time > 490 or written.wait_time == 0
    await bot.kill()


@virtual
async def test_rules_of_a_server_are_read_once_for_a_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bot, read = InMemoryBot(), list[int]()
    await bot.give_server_key()
    settings = bot.store.guilds.settings

    async def counted(guild_id: int) -> GuildSettings:
        read.append(guild_id)
        return await settings(guild_id)

    monkeypatch.setattr(bot.store.guilds, "settings", counted)
    record = await bot.submit(origin(), FOX_BY_DELIBERATE)
    assert (record.payer, read) == (Payer.GUILD, [5])
