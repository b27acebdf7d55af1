"""All that the database holds about one person: handed out, or erased for good.

docs/privacy.md says what stands in each column; a test compares it with the real tables.
"""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.domain.records import Payer
from bot.domain.results import OPEN
from bot.storage.database import Database, Row
from bot.storage.tables.credentials import CredentialRepository
from bot.storage.tables.defaults import DefaultsRepository, PersonSettingsRepository
from bot.storage.tables.presets import PresetRepository

Rows = list[dict[str, Any]]

_OPEN = "('" + "','".join(sorted(OPEN)) + "')"  # our own enum's words, nothing from outside
_MINE = "SELECT id FROM requests WHERE user_id = :user"
# Nobody is told who reported or blocked them.
_REPORT = (
    "request_id, reported_at, CASE WHEN reporter_id = :user THEN reporter_id END AS reporter_id, "
    "guild_id, channel_id, message_id"
)
_BLOCK = (
    "guild_id, mark, user_id, CASE WHEN blocked_by = :user THEN blocked_by END AS blocked_by, "
    "blocked_at, reason"
)
ABOUT = {
    "requests": "SELECT * FROM requests WHERE user_id = :user ORDER BY id",
    "messages": f"SELECT * FROM messages WHERE request_id IN ({_MINE}) ORDER BY request_id, seq",  # noqa: S608 - ours
    "favourites": "SELECT * FROM favourites WHERE user_id = :user ORDER BY request_id",
    "history": "SELECT * FROM history WHERE user_id = :user ORDER BY request_id",
    "presets": "SELECT * FROM presets WHERE (owner = 'user' AND owner_id = :user) "
    "OR made_by = :user",
    "defaults": "SELECT * FROM defaults WHERE scope = 'user' AND scope_id = :user",
    "people": "SELECT * FROM people WHERE user_id = :user",
    "credentials": "SELECT * FROM credentials WHERE owner = 'user' AND owner_id = :user",
    "reports": f"SELECT {_REPORT} FROM reports WHERE reporter_id = :user "  # noqa: S608 - ours
    f"OR request_id IN ({_MINE})",
    "blocks": f"SELECT {_BLOCK} FROM blocks WHERE blocked_by = :user "  # noqa: S608 - ours
    "OR mark IN (SELECT value FROM json_each(:marks))",
    "spending": "SELECT * FROM spending WHERE mark IN (SELECT value FROM json_each(:marks))",
}
ABOUT_NOBODY = frozenset({"meta", "guilds", "departures"})
SECRET = frozenset({"sealed", "token", "remote_id"})  # columns that are never handed out
_JSON = frozenset({"request", "status", "choices", "settings"})

_FORGET = (
    "DELETE FROM presets WHERE owner = 'user' AND owner_id = :user",
    "UPDATE presets SET made_by = 0 WHERE made_by = :user",  # it is the server's
    "DELETE FROM defaults WHERE scope = 'user' AND scope_id = :user",
    "DELETE FROM people WHERE user_id = :user",
    "DELETE FROM credentials WHERE owner = 'user' AND owner_id = :user",
    "UPDATE reports SET reporter_id = 0 WHERE reporter_id = :user",
    "UPDATE blocks SET user_id = NULL, reason = '' WHERE user_id = :user",
    "UPDATE blocks SET blocked_by = 0 WHERE blocked_by = :user",
    "DELETE FROM spending WHERE day < :today AND mark IN (SELECT value FROM json_each(:marks))",
)


class PersonDataRepository:
    """Every table that says something about a person."""

    def __init__(
        self,
        database: Database,
        credentials: CredentialRepository,
        presets: PresetRepository,
        defaults: DefaultsRepository,
        settings: PersonSettingsRepository,
    ) -> None:
        self._database = database
        self._credentials = credentials
        self._presets = presets
        self._defaults = defaults
        self._settings = settings

    async def about(self, user_id: int, marks: Sequence[str]) -> dict[str, Rows]:
        """All rows about that person by table, without their secret columns."""
        bound = {"user": user_id, "marks": json.dumps(marks)}
        return await self._database.read_together(
            lambda db: {
                table: [_readable(row) for row in db.execute(sql, bound).fetchall()]
                for table, sql in ABOUT.items()
            }
        )

    async def forget(self, user_id: int, marks: Sequence[str], today: int) -> list[int]:
        """Erase all about that person except open requests; returns the numbers of the erased
        requests. Bans and the spending of `today` stay, under a pseudonym alone.
        """
        bound = {"user": user_id, "marks": json.dumps(marks), "today": today}
        gone = await self._database.write_together(lambda db: _forget(db, bound))
        self._credentials.forget_copies(Payer.USER, user_id)
        self._presets.forget_copies()
        self._defaults.forget_copies()
        self._settings.forget_copy(user_id)
        return gone

    async def scrub(self) -> None:
        """Leave nothing of deleted rows in the files: the database overwrites them already
        (secure_delete), and this empties the log of changes. Raises StoreBusy.
        """
        await self._database.empty_write_ahead_log()


def _forget(db: sqlite3.Connection, bound: dict[str, Any]) -> list[int]:
    for sql in _FORGET:
        db.execute(sql, bound)
    rows = db.execute(
        f"DELETE FROM requests WHERE user_id = :user AND phase NOT IN {_OPEN} RETURNING id",  # noqa: S608 - our own words
        bound,
    )
    return [row["id"] for row in rows.fetchall()]


def _readable(row: Row) -> dict[str, Any]:
    """The row as JSON takes it; columns that hold JSON as what they say."""
    return {
        name: json.loads(row[name]) if name in _JSON and row[name] else row[name]
        for name in row.keys()  # noqa: SIM118 - a Row iterates over its values
        if name not in SECRET
    }
