"""What befalls a bot in a wire test: it dies, its disk is copied, and much time goes by."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.waiting import eventually

SPOOL_KEPT = "*-[0-9]*.webp"  # pictures of results


def database_file(bot: BotProcess) -> Path:
    return bot.folder / "data" / "hordecord.db"


def spooled(bot: BotProcess) -> list[str]:
    """Names of the pictures that the bot has kept."""
    return sorted(file.name for file in (bot.folder / "data" / "spool").glob(SPOOL_KEPT))


def rows(file: Path, sql: str = "SELECT * FROM requests ORDER BY id") -> list[dict[str, Any]]:
    """Rows of a database that other processes may have open."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


def is_sound(file: Path) -> bool:
    """Whether SQLite finds nothing wrong with it."""
    checks = rows(file, "PRAGMA integrity_check") + rows(file, "PRAGMA foreign_key_check")
    return [list(check.values()) for check in checks] == [["ok"]]


def grow_old(file: Path, seconds: float) -> None:
    """As if the bot had been away for so long: every moment in its database was that much ago."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for column in ("created_at", "sent_at", "cancel_at", "outcome_at"):
            connection.execute(f"UPDATE requests SET {column} = {column} - ?", (seconds,))
        connection.execute(
            "UPDATE messages SET token_expires_at = token_expires_at - ?", (seconds,)
        )


async def bot_has_died(bot: BotProcess) -> None:
    """Wait until the bot is dead."""

    async def ended() -> bool | None:
        assert bot.process is not None
        return bot.process.poll() is not None or None

    await eventually(ended, "the kill point was reached")


def freeze(bot: BotProcess) -> None:
    """It stays where it is: what Discord sends lies in its socket."""
    assert bot.process is not None
    os.kill(bot.process.pid, signal.SIGSTOP)


def power_cut(bot: BotProcess, copy: Path) -> None:
    """Copy the disk at one instant, and the bot is gone. The -shm file is not copied."""
    freeze(bot)
    shutil.copytree(bot.folder / "data", copy, ignore=shutil.ignore_patterns("*-shm"))
    bot.kill_bot()


async def shown_about(control: Control, person: Person, words: str) -> list[Message]:
    """Messages with pictures that this person sees here, about that prompt."""
    seen = await control.messages(person.channel_id, person.id)
    return [m for m in seen if words in m.text and m.pictures]


async def public_about(control: Control, channel_id: str, words: str) -> list[Message]:
    """All that other members can read about it in that channel."""
    return [m for m in await control.messages(channel_id, "0") if words in m.text]
