"""All that the database holds about one person: handed out, or erased for good.

docs/privacy.md says what stands in each column; a test compares it with the real tables.
"""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.domain.records import Payer
from bot.domain.results import OPEN
from bot.errors import StoreBusy
from bot.storage.credentials import CredentialRows
from bot.storage.database import Row
from bot.storage.presets import PresetRows

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


class PersonDataRows(CredentialRows, PresetRows):
    """Every table that says something about a person."""

    async def about(self, user_id: int, marks: Sequence[str]) -> dict[str, Rows]:
        """All rows about that person by table, but for what is secret in them."""
        bound = {"user": user_id, "marks": json.dumps(marks)}
        return await self._look(
            lambda db: {
                table: [_readable(row) for row in db.execute(sql, bound).fetchall()]
                for table, sql in ABOUT.items()
            }
        )

    async def forget_person(self, user_id: int, marks: Sequence[str], today: int) -> list[int]:
        """Erase all about that person but for requests that are open; gives the numbers of those
        that are gone. What stays is under a mark alone: blocks, and what was spent `today`.
        """
        bound = {"user": user_id, "marks": json.dumps(marks), "today": today}
        gone = await self._together(lambda db: _forget(db, bound))
        self._forget_known(Payer.USER, user_id)
        self._people.pop(user_id, None)
        return gone

    def _forget_known(self, payer: Payer, owner_id: int) -> None:
        """Read again what is in memory. All presets, since they name whoever shared them, and all
        defaults, since the table alone knows whose channels those are.
        """
        for owner in [owner for owner in self._known if owner[:2] == (payer, owner_id)]:
            self._forget(owner)
        self._settings_changes += 1
        self._presets.clear()
        self._defaults.clear()

    async def scrub(self) -> None:
        """Leave nothing in the files of what was deleted: it is overwritten in the database
        already (secure_delete), and goes out of the log of changes with this.

        Raises StoreBusy when that log is being read just now.
        """
        blocked, _, _ = await self._writer.apart(
            lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        )
        if blocked:
            raise StoreBusy("The database is being read by another program. Try again.")


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
