"""All about one person is found, and after it was erased none of it is in the files."""

import random
import sqlite3
from pathlib import Path

import pytest

from bot.domain.chat.characters import Character
from bot.domain.chat.conversations import ChatMessage, ChatSettings, Conversation, Side
from bot.domain.chat.lorebooks import Lorebook
from bot.domain.generations import ImageGeneration
from bot.domain.kudos.gifts import GiftPhase, NewGift
from bot.domain.kudos.parties import Party
from bot.domain.people import Credential, Notify, PersonSettings, Preset, Report, Scope, UserBan
from bot.domain.records import MessageRef, Origin, Payer, Record
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase, Status
from bot.errors import StoreBusy
from bot.storage import Store
from tests.support.person_rows import all_rows

ADA, BEN = 715_000_000_000_000_007, 815_000_000_000_000_008
LARGE_GUILD_ID = 915_000_000_000_000_009
MARKS = {ADA: ("a" * 32, "0" * 32), BEN: ("b" * 32, "1" * 32)}
TODAY = 20_000


async def stored_for(store: Store, user: int, number: int, prompt: str) -> Record:
    return await store.requests.add(
        interaction_id=number,
        backend="horde",
        user_id=user,
        guild_id=LARGE_GUILD_ID,
        payer=Payer.GUILD,
        request=ImageRequest(prompt=prompt),
        message=MessageRef(channel_id=10, token=f"tok-{user}", token_expires_at=9.0),
        now=100.0,
    )


async def finished_record_of(store: Store, user: int, number: int, prompt: str) -> Record:
    """A request as it is in the end: its row was rewritten several times."""
    record = await stored_for(store, user, number, prompt)
    await store.requests.ack(record.id, 1000 + number)
    await store.requests.change(record.id, phase=Phase.SENDING)
    await store.requests.change(record.id, phase=Phase.WAITING, remote_id=f"horde-{user}-{number}")
    made = ImageGeneration(id="g", file=f"{record.id}-0.webp", model="m" * random.randint(1, 900))
    status = Status(phase=Phase.DONE, generations=(made,))
    await store.requests.change(record.id, status=status, outcome_at=200.0)
    closed = await store.requests.change(record.id, phase=Phase.DONE, closed_at=201.0)
    assert closed is not None
    return closed


async def leave_rows(store: Store, user: int, other: int, numbers: range) -> list[Record]:
    """A user with rows in every table."""
    prompts = [f"secret-of-{user} number {n} " + "x" * (n * 97 % 3000) for n in numbers]
    records = [
        await finished_record_of(store, user, n, p) for n, p in zip(numbers, prompts, strict=True)
    ]
    await store.history.add_favourite(records[0], 5.0, 10)
    await store.presets.put(Preset(Scope.USER, user, f"P{user}", "{}", user, 1.0, 1.0), 50)
    await store.presets.put(
        Preset(Scope.GUILD, LARGE_GUILD_ID, f"of {user % 10}", "{}", user, 1.0, 1.0), 50
    )
    await store.defaults.put(Scope.USER, user, '{"steps": 3}')
    await store.person_settings.put(user, PersonSettings(notify=Notify.DM))
    key = Credential(Payer.USER, user, "horde", f"sealed-{user}".encode(), f"name-{user}")
    await store.credentials.put(key)
    gift = NewGift(
        origin=f"modal-{numbers[0]}",
        giver_id=user,
        recipient_id=other,
        username="",
        kudos=5,
        language="en",
    )
    party = Party(
        thread_id=user - numbers[0],
        guild_id=LARGE_GUILD_ID,
        owner_id=user,
        name=f"secret-of-{user}",
        style="",
        award=1,
        budget=2,
        each_max=1,
        language="en",
        created_at=1.0,
        ends_at=2.0,
    )
    await store.parties.add(party)
    await store.gifts.add(gift, GiftPhase.HELD, 5.0, 10.0)
    await store.reports.add(Report(records[1].id, 5.0, other, LARGE_GUILD_ID, 10, 7))
    await store.bans.put(
        UserBan(LARGE_GUILD_ID, MARKS[user][0], user, other, 5.0, f"because-{user}")
    )
    await leave_chat(store, user, other, numbers[0])
    return records


async def leave_chat(store: Store, user: int, other: int, number: int) -> None:
    """A character, a persona, a lorebook, and a conversation with a line of another member."""
    secret, chat = f"secret-of-{user}", store.chat
    mira = Character(name=secret)
    character = await chat.characters.add(user, mira, 5.0, 50)
    assert character is not None
    assert await chat.personas.add(user, secret, secret, 50)
    assert await chat.lorebooks.add(user, Lorebook(name=secret), 5.0, 50)
    channel = user - number
    new = Conversation(
        0, LARGE_GUILD_ID, channel, user, (character.id,), 0, ChatSettings(note=secret), 5.0
    )
    greeting = ChatMessage(0, 0, 0, Side.CHARACTER, character.id, "Mira", f"Hi {secret}", 5.0)
    conversation = await chat.conversations.add(new, [greeting], 50)
    assert conversation is not None
    for who in (user, other):
        text = f"secret-of-{who}"
        line = ChatMessage(0, conversation.id, 0, Side.MEMBER, who, text, text, 5.0)
        place = MessageRef(channel_id=channel, token=f"tok-{who}")
        origin = Origin(number, who, LARGE_GUILD_ID, place)
        assert await chat.turns.add_line(line, origin, 100)


def traces_of(user: int) -> list[bytes]:
    """What must not be in any file after they were forgotten."""
    texts = (f"secret-of-{user}", f"tok-{user}", f"horde-{user}", f"sealed-{user}")
    others = (f"name-{user}", f"P{user}", f"because-{user}", str(user))
    return [*(text.encode() for text in (*texts, *others)), user.to_bytes(8, "big")]


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_everything_about_a_person_and_nothing_secret(store: Store) -> None:
    mine = await leave_rows(store, ADA, BEN, range(1, 6))
    await leave_rows(store, BEN, ADA, range(11, 14))
    found = await all_rows(store, ADA, MARKS[ADA])
    counted = {table: len(rows) for table, rows in found.items()}
    assert counted == {
        "requests": 5,
        "messages": 5,
        "history": 5,
        "favourites": 1,
        "presets": 2,
        "defaults": 1,
        "people": 1,
        "credentials": 1,
        "reports": 2,
        "blocks": 2,
        "gifts": 2,
        "parties": 1,
        "characters": 1,
        "personas": 1,
        "lorebooks": 1,
        "conversations": 1,
        "chat_messages": 3,
        "waiting_lines": 1,
        "spending": 0,
    }
    assert found["requests"][0]["request"]["prompt"] == mine[0].request.prompt  # type: ignore[union-attr]  # an image
    assert found["requests"][0]["status"]["phase"] == "done"
    assert found["characters"][0]["data"]["name"] == f"secret-of-{ADA}"
    text = repr(found)
    assert f"sealed-{ADA}" not in text
    assert f"tok-{ADA}" not in text
    assert f"secret-of-{BEN}" not in text
    who = {row["request_id"]: row["reporter_id"] for row in found["reports"]}
    assert who[mine[1].id] is None  # the reporter is not disclosed
    assert sorted(who.values(), key=str) == [ADA, None]
    by = {row["user_id"]: row["blocked_by"] for row in found["blocks"]}
    assert by == {ADA: None, BEN: ADA}


async def test_nothing_is_left_in_any_file(store: Store, tmp_path: Path) -> None:
    for start in range(0, 60, 20):  # each other's rows stand side by side, in many pages
        await leave_rows(store, ADA, BEN, range(start + 1, start + 11))
        await leave_rows(store, BEN, ADA, range(start + 11, start + 21))
    before = on_disk(tmp_path / "data")
    assert all(word in before for word in traces_of(ADA) if word != str(ADA).encode())
    gone = await store.person_data.forget(ADA, MARKS[ADA], TODAY)
    assert len(gone) == 3 * 10
    await store.person_data.scrub(TODAY)
    after = on_disk(tmp_path / "data")
    assert [word for word in traces_of(ADA) if word in after] == []
    assert all(word in after for word in traces_of(BEN) if word != str(BEN).encode())
    left = await all_rows(store, ADA, MARKS[ADA])
    assert {table: len(rows) for table, rows in left.items() if rows} == {"blocks": 1}
    assert (await all_rows(store, BEN, MARKS[BEN]))["requests"] != []


async def test_what_is_old_goes_from_every_table_but_what_was_saved(store: Store) -> None:
    records = await leave_rows(store, ADA, BEN, range(1, 5))
    assert len(await store.history.forget_before(1000.0)) == len(records) - 1
    found = await all_rows(store, ADA, MARKS[ADA])
    kept = {
        table: {row["request_id"] for row in found[table]}
        for table in ("messages", "history", "favourites")
    }
    assert kept == {table: {records[0].id} for table in kept}
    assert found["reports"] == []
    assert len(found["presets"]) == 2  # these stay until they are deleted


async def test_what_is_remembered_in_memory_is_forgotten_too(store: Store) -> None:
    await leave_rows(store, ADA, BEN, range(1, 4))
    assert await store.credentials.get(Payer.USER, ADA, "horde")
    assert await store.presets.of(Scope.USER, ADA)
    assert (await store.presets.of(Scope.GUILD, LARGE_GUILD_ID))[0].made_by == ADA
    assert await store.defaults.get(Scope.USER, ADA)
    assert (await store.person_settings.get(ADA)).notify is Notify.DM
    await store.person_data.forget(ADA, MARKS[ADA], TODAY)
    assert await store.credentials.get(Payer.USER, ADA, "horde") is None
    assert await store.presets.of(Scope.USER, ADA) == ()
    assert (await store.presets.of(Scope.GUILD, LARGE_GUILD_ID))[0].made_by == 0
    assert await store.defaults.get(Scope.USER, ADA) == ""
    assert (await store.person_settings.get(ADA)) == PersonSettings()


async def test_a_block_stays_under_its_mark_and_a_report_of_theirs_without_them(
    store: Store,
) -> None:
    await leave_rows(store, ADA, BEN, range(1, 4))
    theirs = await leave_rows(store, BEN, ADA, range(11, 14))
    await store.person_data.forget(ADA, MARKS[ADA], TODAY)
    blocks = {block.mark: block for block in await store.bans.all(LARGE_GUILD_ID)}
    mine = blocks[MARKS[ADA][0]]
    assert (mine.user_id, mine.reason, mine.blocked_by) == (None, "", BEN)
    assert blocks[MARKS[BEN][0]].blocked_by == 0
    (report,) = await store.reports.newest(5)
    assert (report.record_id, report.reporter_id) == (theirs[1].id, 0)
    assert await store.bans.delete(LARGE_GUILD_ID, MARKS[ADA])


async def test_what_is_open_stays_and_can_be_forgotten_later(store: Store) -> None:
    done = await finished_record_of(store, ADA, 1, "done")
    open_ = await stored_for(store, ADA, 2, "open")
    assert await store.person_data.forget(ADA, MARKS[ADA], TODAY) == [done.id]
    assert await store.requests.open_numbers(ADA) == [open_.id]
    await store.requests.change(open_.id, phase=Phase.CANCELLED, closed_at=5.0)
    assert await store.person_data.forget(ADA, MARKS[ADA], TODAY) == [open_.id]


async def test_only_what_was_spent_today_stays(store: Store, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "bot.db") as db:
        rows = [(n, LARGE_GUILD_ID, MARKS[ADA][n % 2], TODAY - n, 5.0, 1) for n in range(3)]
        rows.append((9, LARGE_GUILD_ID, MARKS[BEN][0], TODAY - 1, 5.0, 1))
        db.executemany(
            "INSERT INTO spending (request_id, guild_id, mark, day, kudos, settled) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
    db.close()
    await store.person_data.forget(ADA, MARKS[ADA], TODAY)
    assert [row["day"] for row in (await all_rows(store, ADA, MARKS[ADA]))["spending"]] == [TODAY]
    assert len((await all_rows(store, BEN, MARKS[BEN]))["spending"]) == 1


async def test_a_log_that_is_read_just_now_cannot_be_emptied(store: Store, tmp_path: Path) -> None:
    await finished_record_of(store, ADA, 1, "a fox")
    reader = sqlite3.connect(tmp_path / "data" / "bot.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM requests").fetchall()
    await finished_record_of(store, ADA, 2, "another")
    with pytest.raises(StoreBusy):
        await store.person_data.scrub(TODAY)
    reader.close()
    await store.person_data.scrub(TODAY)
    assert (tmp_path / "data" / "bot.db-wal").stat().st_size == 0


@pytest.mark.parametrize("seed", range(4))
async def test_forgetting_of_many_leaves_no_byte(store: Store, tmp_path: Path, seed: int) -> None:
    """Pages are split and merged all the time, and leave copies of rows between the live ones."""
    dice = random.Random(seed)
    users = [ADA + n * 1_000_003 for n in range(12)]
    for number in range(400):
        user = dice.choice(users)
        prompt = f"secret-of-{user} {number} " + "x" * dice.randrange(900)
        await finished_record_of(store, user, number, prompt)
        if number % 4 == 0:
            name, choices = f"P{user}-{number % 40}", f'{{"prompt": "secret-of-{user}"}}'
            await store.presets.put(Preset(Scope.USER, user, name, choices, user, 1.0, 1.0), 50)
            await store.defaults.put(Scope.USER, user, choices + " " * dice.randrange(300))
    for user in users[:6]:
        await store.person_data.forget(user, ("c" * 32,), TODAY)
    assert await store.person_data.scrub(TODAY)
    after = on_disk(tmp_path / "data")
    for user in users[:6]:
        left = [f"secret-of-{user}".encode(), f"P{user}".encode(), user.to_bytes(8, "big")]
        assert [word for word in left if word in after] == []
    assert f"secret-of-{users[-1]}".encode() in after


async def test_large_database_is_scrubbed_after_the_day(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.tables.person_data.SCRUB_MAX", 1)
    await leave_rows(store, ADA, BEN, range(1, 40))
    await store.person_data.forget(ADA, MARKS[ADA], TODAY)
    assert not await store.person_data.scrub(TODAY)
    assert not await store.person_data.scrub_if_due(TODAY)
    assert await store.person_data.scrub_if_due(TODAY + 1)
    after = on_disk(tmp_path / "data")
    assert [word for word in traces_of(ADA) if word in after] == []
    assert not await store.person_data.scrub_if_due(TODAY + 2)


async def test_damaged_row_is_exported_as_it_is_and_can_be_erased(
    store: Store, tmp_path: Path
) -> None:
    record = await stored_for(store, ADA, 1, "a fox")
    db = sqlite3.connect(tmp_path / "data" / "bot.db")
    with db:
        db.execute("UPDATE requests SET request = '{damaged' WHERE id = ?", (record.id,))
    db.close()
    found = await all_rows(store, ADA, MARKS[ADA])
    assert found["requests"][0]["request"] == "{damaged"
    assert await store.person_data.forget_unreadable(BEN, {record.id}) == []
    assert await store.person_data.forget_unreadable(ADA, {record.id}) == [record.id]
    assert await store.requests.open_numbers(ADA) == []
