"""A database that has seen a long life: so many ended requests, as the bot itself writes them."""

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from world import ROOT

from bot.domain.generations import ImageGeneration
from bot.domain.records import MessageRef, Payer, Record
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase, Status
from bot.storage import Store

sys.path.insert(0, str(ROOT))  # as a script this folder is the only one that is looked in

__all__ = ["Payer", "Phase", "Record", "Status", "Store", "remember"]

DAYS = 80  # within the 90 for which requests are kept, so that the clean-up finds none
PATTERNS = 50  # rows that the store writes itself; the rest are copies of these
PEOPLE, SERVERS = 20_000, 500
FIRST_USER, FIRST_SERVER = 10**17, 2 * 10**17  # below every id that the sandbox gives
OWN = ("id", "interaction_id", "user_id", "guild_id", "created_at", "closed_at")  # not copied


async def remember(path: Path, count: int) -> None:
    """Make the database at `path` with `count` finished picture requests of the past 80 days."""
    async with Store.open(path) as store:
        for number in range(PATTERNS):
            await _pattern(store, number)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN")
        _multiply(db, count // PATTERNS - 1, DAYS * 86_400 / count)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def _pattern(store: Store, number: int) -> None:
    now = time.time()
    prompt = f"a lighthouse on a cliff at dusk, waves, oil on canvas, number {number} " * 4
    record = await store.requests.add(
        interaction_id=number + 1,
        backend="horde",
        user_id=FIRST_USER + number,
        guild_id=FIRST_SERVER + number,
        payer=Payer.ANONYMOUS,
        request=ImageRequest(prompt=prompt, models=("Deliberate",)),
        message=MessageRef(channel_id=number + 1, token="t" * 180, token_expires_at=now),
        now=now - 60,
    )
    await store.requests.ack(record.id, number + 1)
    picture = ImageGeneration(
        id=f"00000000-0000-4000-8000-{number:012}",
        file=f"{record.id}-0.webp",
        seed="1234567890",
        model="Deliberate",
        worker="Lighthouse 4090",
        width=512,
        height=512,
    )
    await store.requests.change(
        record.id,
        phase=Phase.DONE,
        status=Status(phase=Phase.DONE, finished=1, kudos=10.0, generations=(picture,)),
        remote_id=picture.id,
        sent_at=now - 50,
        outcome_at=now,
        closed_at=now,
    )


def _multiply(db: sqlite3.Connection, copies: int, apart: float) -> None:
    """Every row again and again, each copy of the whole further in the past."""
    names = [row[1] for row in db.execute("PRAGMA table_info(requests)") if row[1] not in OWN]
    same = ", ".join(names)
    db.execute(
        "WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < :copies) "
        f"INSERT INTO requests ({', '.join(OWN[1:])}, {same}) "
        "SELECT interaction_id + n * :rows, user_id + (n * :rows) % :people, "
        "guild_id + (n * :rows) % :servers, created_at - n * :back, closed_at - n * :back, "
        f"{same} FROM requests CROSS JOIN copy",
        {
            "copies": copies,
            "rows": PATTERNS,
            "people": PEOPLE,
            "servers": SERVERS,
            "back": PATTERNS * apart,
        },
    )
    columns = [row[1] for row in db.execute("PRAGMA table_info(messages)")]
    same = ", ".join(f"m.{name}" for name in columns if name != "request_id")
    db.execute(
        f"INSERT INTO messages SELECT r.id, {same} FROM requests r JOIN messages m "
        "ON m.request_id = (r.interaction_id - 1) % :rows + 1 WHERE r.id > :rows",
        {"rows": PATTERNS},
    )
