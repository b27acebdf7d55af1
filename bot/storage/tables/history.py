"""A user's history: listed, searched, kept for good, removed."""

import sqlite3
from typing import Any

from bot.aio.keyed_locks import KeyedLocks
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.storage.database import Database
from bot.storage.tables.requests import RequestRepository
from bot.storage.tables.rows import OPEN_PHASES, search_words

WORDS_MAX = 8  # words of one search
_ID_MAX = 1 << 62
_SAVED = "h.request_id IN (SELECT request_id FROM favourites WHERE user_id = ?)"
SEARCHED = 2_000  # rows of a user that are searched in one step
A_FEW = 200  # rows that are read or deleted in one step


class HistoryRepository:
    """The tables history and favourites."""

    def __init__(self, database: Database, requests: RequestRepository) -> None:
        self._database = database
        self._requests = requests
        self._searches = KeyedLocks()  # one for each user at a time

    async def page(
        self,
        user_id: int,
        *,
        before: int | None = None,
        limit: int = 10,
        search: str = "",
        kind: Kind | None = None,
        favourites: bool = False,
    ) -> list[Record]:
        """A user's ended requests, newest first; `before`: only those with a smaller id.

        `search`: every word of it occurs in the request, also inside a word.
        """
        rules: list[tuple[str, Any]] = [
            ("h.user_id = ?", user_id),
            *([("h.kind = ?", kind)] if kind is not None else []),
            *(("instr(h.words, ?) > 0", word) for word in search_words(search).split()[:WORDS_MAX]),
            *([(_SAVED, user_id)] if favourites else []),
        ]
        async with self._searches.hold(user_id):
            ids = await self._ids(user_id, rules, _ID_MAX if before is None else before, limit)
        marks = ",".join("?" * len(ids))
        return await self._requests.select(f"WHERE id IN ({marks}) ORDER BY id DESC", tuple(ids))

    async def _ids(
        self, user_id: int, rules: list[tuple[str, Any]], before: int, limit: int
    ) -> list[int]:
        """The ids of a page. A part of the history at a time, so that other reads run
        in between.
        """
        ids = list[int]()
        while before and len(ids) < limit:
            last = await self._database.read(
                "SELECT request_id FROM history WHERE user_id = ? AND request_id < ? "
                "ORDER BY request_id DESC LIMIT 1 OFFSET ?",
                (user_id, before, SEARCHED),
            )
            after = last[0]["request_id"] if last else 0
            part = [*rules, ("h.request_id < ?", before), ("h.request_id >= ?", after)]
            ids += await self._ids_of_part(part, limit - len(ids))
            before = after
        return ids

    async def _ids_of_part(self, rules: list[tuple[str, Any]], limit: int) -> list[int]:
        # CROSS JOIN: scan the small rows, and read the large ones only where those match.
        rows = await self._database.read(
            "SELECT h.request_id FROM history h CROSS JOIN requests r ON r.id = h.request_id "  # noqa: S608 - ours
            f"WHERE {' AND '.join(rule for rule, _ in rules)} AND r.phase NOT IN {OPEN_PHASES} "
            "ORDER BY h.request_id DESC LIMIT ?",
            (*(value for _, value in rules), limit),
        )
        return [row["request_id"] for row in rows]

    async def remove(self, record_id: int) -> None:
        """Remove a request from its requester's history; it is not kept for good any more."""

        def job(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM history WHERE request_id = ?", (record_id,))
            db.execute("DELETE FROM favourites WHERE request_id = ?", (record_id,))

        await self._database.write_together(job)

    async def add_favourite(self, record: Record, now: float, most: int) -> bool:
        """Keep a request for good. False when its requester keeps `most` others."""
        rows = await self._database.write(
            "INSERT INTO favourites (request_id, user_id, saved_at) SELECT :id, :user, :now WHERE "
            "(SELECT count(*) FROM favourites WHERE user_id = :user AND request_id <> :id) < :most "
            "ON CONFLICT DO UPDATE SET saved_at = saved_at RETURNING 1",
            {"id": record.id, "user": record.user_id, "now": now, "most": most},
        )
        return bool(rows)

    async def remove_favourite(self, record_id: int) -> None:
        """Keep it only as long as any other."""
        await self._database.write("DELETE FROM favourites WHERE request_id = ?", (record_id,))

    async def favourites_among(self, ids: list[int]) -> set[int]:
        """Which of these are kept for good."""
        marks = ",".join("?" * len(ids))
        rows = await self._database.read(
            f"SELECT request_id FROM favourites WHERE request_id IN ({marks})",  # noqa: S608 - marks
            ids,
        )
        return {row["request_id"] for row in rows}

    async def favourites(self, after: int = 0, most: int = A_FEW) -> list[Record]:
        """The favourites of all users: at most so many of them, after that id."""
        return await self._requests.select(
            "WHERE id IN (SELECT request_id FROM favourites WHERE request_id > ? "
            "ORDER BY request_id LIMIT ?) ORDER BY id",
            (after, most),
        )

    async def forget_before(self, moment: float) -> list[int]:
        """Delete requests closed before then, except favourites. Returns their ids.

        A few at a time, so that writes run in between: 100,000 at once take eight seconds.
        """
        gone = list[int]()
        while rows := await self._database.write(
            "DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE closed_at < ? "
            "AND id NOT IN (SELECT request_id FROM favourites) LIMIT ?) RETURNING id",
            (moment, A_FEW),
        ):
            gone += [row["id"] for row in rows]
        return gone
