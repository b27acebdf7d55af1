"""Export and erasure of a user's data."""

import asyncio
import gzip
import json
from pathlib import Path
from typing import cast

import pytest

from bot.accounts.encryption.pseudonyms import Pseudonyms
from bot.accounts.encryption.vault import Vault, new_key
from bot.domain.chat.characters import Character
from bot.domain.people import Notify, Scope
from bot.domain.records import MessageRef, Payer
from bot.domain.requests import ImageRequest, Kind
from bot.domain.results import Phase
from bot.errors import StoreBusy, Undeliverable, UserError
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.services.personal_data.guild_cleanup import DAY, GRACE_DAYS, LOOK_EVERY, GuildCleanup
from bot.services.personal_data.privacy import Privacy
from bot.services.submission import Submission
from bot.services.user_bans import BLOCKED, BLOCKED_HERE, EVERYWHERE, UserBans
from bot.settings import LimitsSettings
from bot.storage import Store
from bot.storage.files import ResultFiles
from bot.storage.tables.person_data import PAGE, PersonDataRepository
from bot.storage.tables.requests import RequestRepository
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import FOX_BY_DELIBERATE
from tests.support.virtual_clock import virtual

ADA, BEN, HERE, THERE = 7, 8, 5, 6


def privacy_of(bot: InMemoryBot) -> Privacy:
    marks = Pseudonyms(bot.vault)
    return Privacy(bot.store, bot.spool, bot.service, marks, bot.clock)


def blocks_of(bot: InMemoryBot) -> UserBans:
    return UserBans(bot.store, Pseudonyms(bot.vault), bot.history, bot.service, bot.clock)


# Everything, and nothing


@virtual
async def test_what_is_under_way_is_cancelled_and_then_all_is_gone() -> None:
    bot = InMemoryBot().start()
    (done,) = await bot.ended(await bot.ask(user=ADA))
    theirs = await bot.ask(user=BEN)
    await bot.login(ADA)
    await bot.people.save_notify(ADA, Notify.DM)
    bot.spool.files |= {f"{done.id}-0.webp": b"1", f"{done.id}-source": b"2", "99-0.webp": b"3"}
    open_ = await bot.ask(user=ADA)
    forgotten = await privacy_of(bot).forget(ADA)
    assert set(forgotten.gone) == {done.id, open_.id}
    assert forgotten.still_open == 0
    assert bot.presenter.outcomes(open_.id)[-1].phase is Phase.CANCELLED  # and its card shows it
    assert await bot.store.requests.get(done.id) is None
    assert not any(name.startswith(f"{done.id}-") for name in bot.spool.files)
    assert "99-0.webp" in bot.spool.files
    assert await bot.store.credentials.get(Payer.USER, ADA, "horde") is None
    assert await bot.people.notify(ADA) is Notify.OFF
    assert (await bot.outcome(theirs)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_what_cannot_be_stopped_yet_is_said_and_goes_the_next_time() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask(user=ADA)
    bot.presenter.always = Undeliverable("Discord is down")
    privacy = privacy_of(bot)
    forgotten = await privacy.forget(ADA)
    assert (forgotten.gone, forgotten.still_open) == ((), 1)
    bot.presenter.always = None
    await bot.ended(record)
    assert (await privacy.forget(ADA)).gone == (record.id,)
    await bot.kill()


class NoRequests(RequestRepository):
    """Nothing is open."""

    def __init__(self) -> None: ...

    async def open_numbers(self, user_id: int) -> list[int]:
        return []


class BusyLog(PersonDataRepository):
    """Another program reads the log of changes, twice."""

    def __init__(self) -> None:
        self.tries = 0
        self.noted: list[int] = []

    async def note_scrub(self, today: int) -> None:
        self.noted.append(today)

    async def forget(self, user_id: int, marks: object, today: int) -> list[int]:
        return []

    async def scrub(self, today: int) -> bool:
        self.tries += 1
        if self.tries < 3:
            raise StoreBusy("The database is being read by another program. Try again.")
        return True


class Busy(Store):
    """A store whose log of changes is busy."""

    def __init__(self) -> None:
        self.requests = NoRequests()
        self.chat = InMemoryBot().store.chat
        self.person_data = self.log = BusyLog()


class Idle(Submission):
    def __init__(self) -> None:
        """Nothing is under way."""

    async def cancel_all(self, user_id: int) -> int:
        return 0


@virtual
async def test_the_log_of_changes_is_cleaned_as_soon_as_it_can_be() -> None:
    store, spool = Busy(), cast("ResultFiles", InMemoryBot().spool)
    privacy = Privacy(store, spool, Idle(), Pseudonyms(Vault([new_key()])), lambda: 0.0)
    await privacy.forget(ADA)
    assert store.log.tries == 3


@virtual
async def test_forgetting_while_another_program_reads_is_told_and_finished_later() -> None:
    store, spool = Busy(), cast("ResultFiles", InMemoryBot().spool)
    store.log.tries = -10
    privacy = Privacy(store, spool, Idle(), Pseudonyms(Vault([new_key()])), lambda: 0.0)
    assert not (await privacy.forget(ADA)).scrubbed
    assert store.log.noted == [0]


@virtual
async def test_forgettings_at_once_share_a_scrub() -> None:
    store, spool = Busy(), cast("ResultFiles", InMemoryBot().spool)
    store.log.tries = 3
    privacy = Privacy(store, spool, Idle(), Pseudonyms(Vault([new_key()])), lambda: 0.0)
    await asyncio.gather(*(privacy.forget(user) for user in range(20)))
    assert store.log.tries <= 3 + 3


@virtual
async def test_second_export_or_forgetting_of_a_person_is_told_to_wait() -> None:
    bot = InMemoryBot().start()
    privacy = privacy_of(bot)
    await bot.ask(user=ADA)
    first = asyncio.create_task(privacy.forget(ADA))
    await asyncio.sleep(0)
    with pytest.raises(UserError, match="still exporting"):
        await privacy.forget(ADA)
    with pytest.raises(UserError, match="still exporting"):
        await privacy.export(ADA, 1_000_000)
    (await privacy.export(BEN, 1_000_000)).file.close()
    await first
    await bot.kill()


async def test_large_export_is_packed_or_refused_without_holding_it(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "bot.db") as store:
        for number in range(3 * PAGE):
            await made_row(store, ADA, number, f"prompt {number} " + "x" * 2_000)
        spool = ResultFiles(tmp_path / "spool", quota=1000, days=1)
        privacy = Privacy(store, spool, Idle(), Pseudonyms(Vault([new_key()])), lambda: 12.0)
        packed = await privacy.export(ADA, 100_000)
        with packed.file, gzip.open(packed.file) as plain:
            found = json.load(plain)
        assert packed.name.endswith(".gz")
        assert [row["id"] for row in found["requests"]] == [*range(1, 3 * PAGE + 1)]
        assert len(found["messages"]) == len(found["history"]) == 3 * PAGE
        with pytest.raises(UserError, match="Discord accepts"):
            await privacy.export(ADA, 1_000)


async def made_row(store: Store, user: int, number: int, prompt: str) -> None:
    await store.requests.add(
        interaction_id=number,
        backend="horde",
        user_id=user,
        guild_id=None,
        payer=Payer.ANONYMOUS,
        request=ImageRequest(prompt=prompt),
        message=MessageRef(channel_id=10),
        now=100.0,
    )


async def test_an_export_is_json_with_all_tables(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "bot.db") as store:
        marks = Pseudonyms(Vault([new_key()]))
        spool = ResultFiles(tmp_path / "spool", quota=1000, days=1)
        await store.defaults.put(Scope.USER, ADA, '{"négative": "ünïcode"}')
        privacy = Privacy(store, spool, Idle(), marks, lambda: 12.0)
        made = await privacy.export(ADA, 1_000_000)
        with made.file:
            found = json.load(made.file)
    assert made.name == "hordecord-account.json"
    assert found["user_id"] == ADA
    assert found["exported_at"] == 12.0
    assert found["defaults"] == [
        {"scope": "user", "scope_id": ADA, "choices": {"négative": "ünïcode"}, "guild_id": 0}
    ]
    assert found["requests"] == []
    assert "sealed" in found["left_out"]


# Blocks


@virtual
async def test_a_block_here_is_not_one_elsewhere() -> None:
    bot = InMemoryBot().start()
    blocks = blocks_of(bot)
    await blocks.load()
    assert blocks.refusal(ADA, HERE) == ""
    here, there = await bot.write(user=ADA, guild=HERE), await bot.write(user=ADA, guild=THERE)
    assert await blocks.block(HERE, ADA, BEN, "  too \n many ") == 1
    assert (await bot.row(here)).cancel_at is not None
    assert (await bot.row(there)).cancel_at is None
    assert blocks.refusal(ADA, HERE) == BLOCKED_HERE
    assert blocks.refusal(ADA, THERE) == blocks.refusal(ADA, None) == ""
    assert blocks.refusal(BEN, HERE) == ""
    (block,) = await blocks.of(HERE)
    assert (block.user_id, block.blocked_by, block.reason) == (ADA, BEN, "too many")
    with pytest.raises(UserError, match="already"):
        await blocks.block(HERE, ADA, BEN)
    await blocks.unblock(HERE, ADA)
    assert blocks.refusal(ADA, HERE) == ""
    with pytest.raises(UserError, match="not blocked"):
        await blocks.unblock(HERE, ADA)
    await bot.kill()


@virtual
async def test_a_block_everywhere_outlives_a_restart_and_being_forgotten() -> None:
    bot = InMemoryBot().start()
    blocks = blocks_of(bot)
    record = await bot.write(user=ADA, guild=None)
    assert await blocks.block(EVERYWHERE, ADA, BEN, "spam") == 1
    await bot.service.acked(record, 1)
    await bot.ended(record)
    await privacy_of(bot).forget(ADA)
    await bot.kill()
    bot = bot.again().start()
    blocks = blocks_of(bot)
    await blocks.load()
    assert blocks.refusal(ADA, None) == blocks.refusal(ADA, HERE) == BLOCKED
    (block,) = await blocks.of(EVERYWHERE)
    assert (block.user_id, block.reason) == (None, "")
    await blocks.unblock(EVERYWHERE, ADA)
    assert blocks.refusal(ADA, HERE) == ""
    await bot.kill()


def test_a_mark_says_nothing_without_the_key_and_an_older_key_still_knows_it() -> None:
    old, new = new_key(), new_key()
    before, after = Pseudonyms(Vault([old])), Pseudonyms(Vault([new, old]))
    assert before.of(ADA) in after.all_of(ADA)
    assert after.of(ADA) == after.all_of(ADA)[0] != before.of(ADA)
    assert before.of(ADA) != before.of(BEN)
    assert Pseudonyms(Vault([new_key()])).of(ADA) != before.of(ADA)
    assert len(before.of(ADA)) == 32


# Servers that were left


@virtual
async def test_a_server_that_stays_away_is_forgotten_and_one_that_comes_back_is_not() -> None:
    bot = InMemoryBot()
    now = [1_000_000.0]
    blocks = blocks_of(bot)
    departures = GuildCleanup(bot.store, blocks, lambda: now[0])
    for guild in (HERE, THERE):
        await bot.store.guilds.put_settings(guild, GuildSettings(spoiler=True))
        await bot.store.defaults.put(Scope.CHANNEL, guild * 10, '{"steps": 3}', guild)
        await bot.keys.keep(Payer.GUILD, guild, "horde", "key", "ada#7", frozenset(Kind))
        await blocks.block(guild, ADA, BEN)
        shared = await bot.store.chat.characters.add(ADA, Character(name="Mira"), 0.0, 9)
        assert shared is not None
        await bot.store.chat.characters.share(shared.id, guild, 9)
    kept = await bot.write(user=BEN, guild=HERE)  # what people made is theirs
    await departures.note([HERE, THERE])
    now[0] += 5 * DAY
    await departures.note([])
    now[0] += (GRACE_DAYS - 1) * DAY
    await departures.note([THERE])  # back in time
    assert await departures.clean_up() == 0
    now[0] += 2 * DAY
    await departures.note([THERE])  # the first departure counts
    assert await departures.clean_up() == 1
    assert await bot.store.guilds.settings(HERE) == NO_RULES
    assert await bot.store.defaults.get(Scope.CHANNEL, HERE * 10) == ""
    assert await bot.store.credentials.get(Payer.GUILD, HERE, "horde") is None
    assert blocks.refusal(ADA, HERE) == ""
    assert await bot.store.chat.characters.of_guild(HERE) == ()
    assert len(await bot.store.chat.characters.of_owner(ADA)) == 2
    assert (await bot.row(kept)).request == kept.request
    assert (await bot.store.guilds.settings(THERE)).spoiler
    assert await bot.store.defaults.get(Scope.CHANNEL, THERE * 10) == '{"steps": 3}'
    assert await bot.store.credentials.get(Payer.GUILD, THERE, "horde") is not None
    assert blocks.refusal(ADA, THERE) == BLOCKED_HERE
    assert len(await bot.store.chat.characters.of_guild(THERE)) == 1
    now[0] += 100 * DAY
    assert await departures.clean_up() == 0


@virtual
async def test_a_server_that_came_back_while_the_bot_was_stopped_is_not_forgotten() -> None:
    bot = InMemoryBot()
    await bot.store.guilds.put_settings(HERE, GuildSettings(spoiler=True))
    now = [0.0]
    before = GuildCleanup(bot.store, blocks_of(bot), lambda: now[0])
    await before.note([])
    after = GuildCleanup(bot.store, blocks_of(bot), lambda: now[0])
    now[0] += (GRACE_DAYS + 1) * DAY
    running = asyncio.create_task(after.run())
    await asyncio.sleep(5)  # Discord has not told yet who is there
    await after.note([HERE])
    await asyncio.sleep(5)
    assert (await bot.store.guilds.settings(HERE)).spoiler
    await after.note([])
    now[0] += (GRACE_DAYS + 1) * DAY
    await asyncio.sleep(LOOK_EVERY + 5)
    assert not (await bot.store.guilds.settings(HERE)).spoiler
    running.cancel()


@virtual
async def test_a_server_with_nothing_set_up_leaves_no_trace() -> None:
    bot = InMemoryBot()
    departures = GuildCleanup(bot.store, blocks_of(bot), lambda: 0.0)
    await departures.note([HERE])
    await departures.note([])
    assert await bot.store.guilds.left_before(1e12) == []


@virtual
async def test_a_request_of_a_blocked_person_is_left_alone_once_it_is_over() -> None:
    bot = InMemoryBot().start()
    (done,) = await bot.ended(await bot.ask(FOX_BY_DELIBERATE, user=ADA))
    assert await blocks_of(bot).block(EVERYWHERE, ADA, BEN) == 0
    assert (await bot.row(done)).phase is Phase.DONE
    await bot.kill()


async def test_damaged_open_request_takes_no_slot_and_is_forgotten() -> None:
    bot = InMemoryBot(limits=LimitsSettings(open_per_person=1))
    record = await bot.write(FOX_BY_DELIBERATE, user=ADA)
    await bot.store.requests._database.write(
        "UPDATE requests SET request = '{damaged' WHERE id = ?", (record.id,)
    )
    await bot.write(FOX_BY_DELIBERATE, user=ADA)
    privacy = privacy_of(bot)
    assert await privacy._forget_unreadable(ADA) == [record.id]
    assert len(await bot.store.requests.open_numbers(ADA)) == 1
