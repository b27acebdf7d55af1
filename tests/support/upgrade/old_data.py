"""The data folder that an earlier version of the bot left behind, with its moments near now."""

import json
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

RECORDED = ROOT / "tests" / "support" / "data" / "bot_ddae17d"
OLD_BOT_AWAY = (
    25 * 60.0
)  # seconds since the old bot was killed; its interactions' tokens have expired
SECONDS_A_DAY = 86_400.0


def place_old_data(folder: Path) -> Path:
    """Put the recorded database, key file and results into `folder`; gives the database's path."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(RECORDED / "spool", folder / "spool", copy_function=shutil.copy)
    key = Path(shutil.copy(RECORDED / "hordecord.key", folder))
    key.chmod(0o600)
    path = folder / "hordecord.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript((RECORDED / "hordecord.sql").read_text("utf-8"))
        _move_to(database, time.time() - OLD_BOT_AWAY)
    return path


def _move_to(database: sqlite3.Connection, moment: float) -> None:
    """Shift all times so that the newest request was made then; the spending is today's."""
    shift = moment - database.execute("SELECT max(created_at) FROM requests").fetchone()[0]
    tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for column in database.execute(f"PRAGMA table_info({table})").fetchall():
            if column[1].endswith("_at"):
                database.execute(f"UPDATE {table} SET {column[1]} = {column[1]} + ?", (shift,))
    database.execute("UPDATE spending SET day = ?", (int(time.time() // SECONDS_A_DAY),))


def old_messages() -> list[dict[str, Any]]:
    """The messages with components that the old bot had posted, oldest first."""
    lines = (RECORDED / "messages.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]
