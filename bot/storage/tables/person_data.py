"""All data about one user in the database: exported, or erased for good.

docs/privacy.md describes each column; a test compares it with the real tables.
"""

import json
import sqlite3
from collections.abc import AsyncGenerator, Collection, Sequence
from typing import Any

from bot.domain.records import Payer
from bot.storage.database import Database, Row
from bot.storage.tables.credentials import CredentialRepository
from bot.storage.tables.defaults import DefaultsRepository, PersonSettingsRepository
from bot.storage.tables.notes import NoteRepository
from bot.storage.tables.person_sources import ABOUT, PersonSource
from bot.storage.tables.presets import PresetRepository
from bot.storage.tables.rows import OPEN_PHASES

Rows = list[dict[str, Any]]

PAGE = 50  # rows that are read or erased in one step: others read and write in between
SCRUB_MAX = 64_000_000  # bytes of a database that is rewritten at once, in half a second
_SCRUB_DUE = "scrub_due"  # name of the note: the day on which traces were left
WITHOUT_USERS = frozenset({"meta", "guilds", "departures", "channel_webhooks"})
SECRET = frozenset({"sealed", "token", "remote_id"})  # columns that are never exported
_JSON = frozenset({"request", "status", "choices", "settings", "data", "cast_ids", "origin"})

# The giver is told that the gift has expired, or that its outcome is unknown.
_FORGET_RECIPIENT = """
    UPDATE gifts SET recipient_id = 0, username = '',
        due_at = CASE WHEN phase IN ('held', 'ready', 'sending') THEN created_at ELSE due_at END,
        phase = CASE WHEN phase IN ('held', 'ready') THEN 'expired'
                     WHEN phase = 'sending' THEN 'unknown' ELSE phase END
    WHERE recipient_id = :user
"""
# The lines of a member become empty, and so do the answers to them. Lines of other members stay.
_LINES = "(SELECT id FROM chat_messages WHERE side = 'member' AND author = :user)"
_OWN_CHATS = "(SELECT id FROM conversations WHERE owner_id = :user)"
_FORGET_CHAT = (
    f"DELETE FROM waiting_lines WHERE message_id IN {_LINES}",  # noqa: S608 - ours
    (
        "DELETE FROM conversations WHERE owner_id = :user AND NOT EXISTS (SELECT 1 FROM "
        "chat_messages m WHERE m.conversation_id = conversations.id AND m.side = 'member' "
        "AND m.author <> :user)"
    ),
    (
        "UPDATE conversations SET summary = '', summarized = 0 WHERE owner_id = :user OR id IN "
        "(SELECT conversation_id FROM chat_messages WHERE side = 'member' AND author = :user)"
    ),
    (
        "UPDATE chat_messages SET text = '', thoughts = '' WHERE side = 'character' AND "  # noqa: S608 - ours
        f"(parent IN {_LINES} OR (parent = 0 AND conversation_id IN {_OWN_CHATS}))"
    ),
    "UPDATE conversations SET owner_id = 0, settings = '{}' WHERE owner_id = :user",
    (
        "UPDATE chat_messages SET text = '', name = '', author = 0, discord_id = 0 "
        "WHERE side = 'member' AND author = :user"
    ),
)
_FORGET = (
    *_FORGET_CHAT,
    "DELETE FROM presets WHERE owner = 'user' AND owner_id = :user",
    "UPDATE presets SET made_by = 0 WHERE made_by = :user",  # it is the server's
    "DELETE FROM defaults WHERE scope = 'user' AND scope_id = :user",
    "DELETE FROM people WHERE user_id = :user",
    "DELETE FROM credentials WHERE owner = 'user' AND owner_id = :user",
    "DELETE FROM gifts WHERE giver_id = :user",
    "DELETE FROM parties WHERE owner_id = :user",
    "DELETE FROM characters WHERE owner_id = :user",
    "DELETE FROM personas WHERE user_id = :user",
    "DELETE FROM lorebooks WHERE owner_id = :user",
    _FORGET_RECIPIENT,
    "UPDATE reports SET reporter_id = 0 WHERE reporter_id = :user",
    "UPDATE blocks SET user_id = NULL, reason = '' WHERE user_id = :user",
    "UPDATE blocks SET blocked_by = 0 WHERE blocked_by = :user",
    "DELETE FROM spending WHERE day < :today AND mark IN (SELECT value FROM json_each(:marks))",
)


class PersonDataRepository:
    """Every table with data about a user."""

    def __init__(
        self,
        database: Database,
        credentials: CredentialRepository,
        presets: PresetRepository,
        defaults: DefaultsRepository,
        settings: PersonSettingsRepository,
        notes: NoteRepository,
    ) -> None:
        self._database = database
        self._credentials = credentials
        self._presets = presets
        self._defaults = defaults
        self._settings = settings
        self._notes = notes

    async def pages(self, user_id: int, marks: Sequence[str]) -> AsyncGenerator[tuple[str, Rows]]:
        """All rows about that user, a few at a time, with the name of their table.

        Secret columns are left out. The tables are those of ABOUT, in that order; one without rows
        is left out.
        """
        bound = {"user": user_id, "marks": json.dumps(marks), "most": PAGE}
        for table, source in ABOUT.items():
            after: tuple[Any, ...] | None = source.first
            while after is not None:
                rows, after = await self._page(source, bound, after)
                if rows:
                    yield table, rows

    async def _page(
        self, source: PersonSource, bound: dict[str, Any], after: tuple[Any, ...]
    ) -> tuple[Rows, tuple[Any, ...] | None]:
        """The rows after that key, and the key of the last one; None where no more follow."""
        keys = {f"k{number}": value for number, value in enumerate(after)}
        found = await self._database.read(f"{source.sql} LIMIT :most", bound | keys)
        last = tuple(found[-1][name] for name in source.key) if len(found) == PAGE else None
        return [_readable(row) for row in found], last

    async def forget(self, user_id: int, marks: Sequence[str], today: int) -> list[int]:
        """Erase all data about that user except open requests. Returns the numbers of the erased
        requests.

        Bans and the spending of `today` stay, under a pseudonym alone.
        """
        bound = {"user": user_id, "marks": json.dumps(marks), "today": today}
        await self._database.write_together(lambda db: _forget_settings(db, bound))
        gone = await self._forget_requests(user_id)
        self._credentials.forget_copies(Payer.USER, user_id)
        self._presets.forget_copies()
        self._defaults.forget_copies()
        self._settings.forget_copy(user_id)
        return gone

    async def _forget_requests(self, user_id: int) -> list[int]:
        gone = list[int]()
        while rows := await self._database.write(
            "DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE user_id = ? "  # noqa: S608 - our own words
            f"AND phase NOT IN {OPEN_PHASES} LIMIT ?) RETURNING id",
            (user_id, PAGE),
        ):
            gone += [row["id"] for row in rows]
        return gone

    async def forget_unreadable(self, user_id: int, numbers: Collection[int]) -> list[int]:
        """Erase open requests that no version can read, so that nothing ends them."""
        wanted = json.dumps(sorted(numbers))
        rows = await self._database.write(
            "DELETE FROM requests WHERE user_id = ? "
            "AND id IN (SELECT value FROM json_each(?)) RETURNING id",
            (user_id, wanted),
        )
        return [row["id"] for row in rows]

    async def scrub(self, today: int) -> bool:
        """Remove all traces of deleted rows from the files. Raises StoreBusy.

        SQLite overwrites deleted rows (secure_delete), but not the copies that it left when it
        moved rows between pages, so the whole file is rewritten. False for a file that is too large
        for that now: a note makes `scrub_if_due` do it.
        """
        if await self._database.size() > SCRUB_MAX:
            await self.note_scrub(today)
            return False
        await self._database.rewrite_file()
        return True

    async def note_scrub(self, today: int) -> None:
        """Have the files scrubbed after that day ends."""
        await self._notes.write(_SCRUB_DUE, str(today))

    async def scrub_if_due(self, today: int) -> bool:
        """Scrub files of any size when a note of an earlier day asks for it. Raises StoreBusy."""
        due = await self._notes.read(_SCRUB_DUE)
        if not due or int(due) >= today:
            return False
        await self._database.rewrite_file()
        await self._notes.write(_SCRUB_DUE, "")
        return True


def _forget_settings(db: sqlite3.Connection, bound: dict[str, Any]) -> None:
    """Erase all but the requests, of which there may be many."""
    for sql in _FORGET:
        db.execute(sql, bound)


def _readable(row: Row) -> dict[str, Any]:
    """The row as JSON values; columns that hold JSON are parsed."""
    return {
        name: _parsed(row[name]) if name in _JSON and row[name] else row[name]
        for name in row.keys()  # noqa: SIM118 - a Row iterates over its values
        if name not in SECRET
    }


def _parsed(text: str) -> Any:
    """The parsed JSON; the text itself if it is damaged."""
    try:
        return json.loads(text)
    except ValueError:
        return text
