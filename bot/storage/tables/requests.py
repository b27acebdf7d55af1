"""Requests and their messages. Every change of state is one conditional statement that tells
whether it was applied; the phase is the state machine of bot.domain.results.Phase.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Iterable
from typing import Any

from bot.domain.capabilities import PriceUnit
from bot.domain.kudos.budgets import Claim
from bot.domain.records import MessageRef, Payer, Record
from bot.domain.requests import Request
from bot.domain.results import OPEN, Phase, Status
from bot.i18n import ENGLISH, Language
from bot.storage.database import Database, Row
from bot.storage.tables.chat_tables.turn_writes import stored_turn_of
from bot.storage.tables.request_writes import ack, insert, move, pass_on, update
from bot.storage.tables.rows import (
    OPEN_PHASES,
    MessagesByRequest,
    column,
    message_values,
    messages_by_request,
    readable,
    record_from_row,
    searchable,
)

# Written exactly as in the index requests_open: another order would not use it.
_IN_OPEN_INDEX = "phase IN ('queued', 'sending', 'waiting', 'processing')"
_COLUMNS = frozenset(
    {"remote_id", "phase", "status", "acked", "attempts", "resends", "sent_at"}
    | {"cancel_at", "outcome_at", "closed_at", "payer", "request"}
)


class RequestRepository:
    """The tables requests and messages."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file_search = asyncio.Lock()
        self.first_id = sys.maxsize  # lowest id of the requests that this process stored

    async def add(
        self,
        *,
        interaction_id: int,
        backend: str,
        user_id: int,
        guild_id: int | None,
        payer: Payer,
        request: Request,
        message: MessageRef,
        now: float,
        parent: int | None = None,
        claim: Claim | None = None,
        status: Status | None = None,
        language: Language = ENGLISH,
        unit: PriceUnit = PriceUnit.KUDOS,
    ) -> Record:
        """Store a new request, QUEUED and not acked, and reserve its price.

        The same interaction again returns the row of the first call, and reserves nothing.
        `status`: of its first card. Raises NoRoom when the claim exceeds a budget.
        """
        values = (interaction_id, backend, user_id, guild_id, message.channel_id, payer)
        body = request.model_dump_json(exclude_defaults=False)
        added = (*values, request.kind, body, now, parent, column(status), language.code, unit)
        words = searchable(request)

        def job(db: sqlite3.Connection) -> Row | None:
            found = insert(db, added, message, words, claim, stored_turn_of(request))
            self.first_id = min(self.first_id, found["id"] if found else sys.maxsize)
            return found

        row = await self._database.write_together(job)
        return (
            record_from_row(row, (message,)) if row else await self._by_interaction(interaction_id)
        )

    async def get(self, record_id: int) -> Record | None:
        """That request, if it is stored."""
        found = await self.select("WHERE id = ?", (record_id,))
        return found[0] if found else None

    async def of_message(self, message_id: int) -> Record | None:
        """The request that this message shows, if there is one."""
        where = "WHERE id = (SELECT request_id FROM messages WHERE message_id = ? LIMIT 1)"
        found = await self.select(where, (message_id,)) if message_id else []
        return found[0] if found else None

    async def change(
        self,
        record_id: int,
        *,
        when: Iterable[Phase] = OPEN,
        unsettled: bool = False,
        **values: Any,
    ) -> Record | None:
        """Set columns if the request is in one of those phases; None when it was not.

        `unsettled`: and only while it has no outcome. `status` takes a Status, `request` a Request;
        the phase may be among the values.
        """
        unknown = values.keys() - _COLUMNS
        if unknown:
            raise TypeError(f"no such columns: {sorted(unknown)}")
        sets = ", ".join(f"{column} = :{column}" for column in values)
        phases = ",".join(f"'{Phase(phase)}'" for phase in when)
        sql = (
            f"UPDATE requests SET {sets} "  # noqa: S608 - the names come from _COLUMNS
            f"WHERE id = :id AND phase IN ({phases}) "
            f"{'AND outcome_at IS NULL ' if unsettled else ''}RETURNING *"
        )
        bound = {name: column(value) for name, value in values.items()} | {"id": record_id}
        resent = "resends" in values
        found = await self._database.write_together(
            lambda db: update(db, sql, bound, resent=resent)
        )
        return record_from_row(*found) if found else None

    async def pass_on(
        self, record_id: int, payer: Payer, status: Status, claim: Claim | None
    ) -> Record | None:
        """Queue a request that no backend has for another payer. None when it ended meanwhile.

        Raises NoRoom, and changes nothing, when the claim exceeds a budget.
        """
        found = await self._database.write_together(
            lambda db: pass_on(db, record_id, payer, column(status), claim)
        )
        return record_from_row(*found) if found else None

    async def move_to_backend(
        self, record: Record, moved: Record, claim: Claim | None
    ) -> Record | None:
        """Queue a request at the backend of `moved`, with its payer, request and status.

        None when it ended, was cancelled or was changed meanwhile. Raises NoRoom, and changes
        nothing, when the claim exceeds a budget.
        """
        old = (record.id, record.backend, record.remote_id, record.resends)
        body = moved.request.model_dump_json(exclude_defaults=False)
        new = (moved.backend, moved.unit, moved.payer, body, column(moved.status))
        found = await self._database.write_together(lambda db: move(db, old, new, claim))
        return record_from_row(*found) if found else None

    async def ack(self, record_id: int, message_id: int) -> Record | None:
        """Discord accepted the first card: the request may be submitted. None when it has ended."""
        found = await self._database.write_together(lambda db: ack(db, record_id, message_id))
        return record_from_row(*found) if found else None

    async def move(self, record_id: int, message: MessageRef) -> None:
        """From now on this message shows the request, or the part of it in its `part`."""
        await self._database.write(
            "INSERT INTO messages SELECT ?, max(seq) + 1, ?, ?, ?, ?, ?, ?, ?, ? "
            "FROM messages WHERE request_id = ?",
            (record_id, *message_values(message), record_id),
        )

    async def unfinished(self, backend: str | None = None) -> list[Record]:
        """All open requests, oldest first; of one backend when named."""
        if backend is None:
            return await self.select(f"WHERE phase IN {OPEN_PHASES} ORDER BY id")
        return await self.select(
            f"WHERE phase IN {OPEN_PHASES} AND backend = ? ORDER BY id", (backend,)
        )

    async def open_with_files_of(self, record_id: int) -> list[Record]:
        """A few open requests of all users that name a file of that request.

        One search at a time, so that other reads run in between.
        """
        async with self._file_search:
            return await self.select(
                f"WHERE {_IN_OPEN_INDEX} AND instr(request, ?) > 0",
                (f'"{record_id}-',),
            )

    async def open_of(self, user_id: int) -> list[Record]:
        """A user's open requests, oldest first."""
        return await self.select(
            f"WHERE user_id = ? AND phase IN {OPEN_PHASES} ORDER BY id", (user_id,)
        )

    async def open_numbers(self, user_id: int) -> list[int]:
        """The ids of a user's open requests, oldest first."""
        rows = await self._database.read(
            f"SELECT id FROM requests WHERE user_id = ? AND phase IN {OPEN_PHASES} ORDER BY id",  # noqa: S608 - our own words
            (user_id,),
        )
        return [row["id"] for row in rows]

    async def count_open_in(self, guild_id: int) -> int:
        """How many open requests a server has."""
        rows = await self._database.read(
            f"SELECT count(*) AS n FROM requests WHERE guild_id = ? AND phase IN {OPEN_PHASES}",  # noqa: S608 - our own words
            (guild_id,),
        )
        return int(rows[0]["n"])

    async def count_phases(self) -> dict[Phase, int]:
        """How many requests are open or held, by phase."""
        rows = await self._database.read(
            "SELECT phase, count(*) AS n FROM requests "  # noqa: S608 - our own words
            f"WHERE phase IN {OPEN_PHASES} GROUP BY phase "
            "UNION ALL SELECT phase, count(*) FROM requests WHERE phase = 'held' GROUP BY phase"
        )
        return {Phase(row["phase"]): int(row["n"]) for row in rows}

    async def held_of(self, user_id: int) -> list[Record]:
        """Results that their requester has not seen yet."""
        return await self.select("WHERE user_id = ? AND phase = 'held' ORDER BY id", (user_id,))

    async def held(self) -> list[Record]:
        """All results that their requesters have not seen yet."""
        return await self.select("WHERE phase = 'held'")

    async def known_remote_ids(self, ids: Iterable[str]) -> set[str]:
        """Which of those ids of the backend are known already."""
        wanted = list(ids)
        marks = ",".join("?" * len(wanted))
        rows = await self._database.read(
            f"SELECT remote_id FROM requests WHERE remote_id IN ({marks})",  # noqa: S608 - marks
            wanted,
        )
        return {row["remote_id"] for row in rows}

    async def _by_interaction(self, interaction_id: int) -> Record:
        return (await self.select("WHERE interaction_id = ?", (interaction_id,)))[0]

    async def select(self, where: str, values: tuple[Any, ...] = ()) -> list[Record]:
        """The requests of that SQL condition, for the repositories of this package."""

        def job(db: sqlite3.Connection) -> tuple[list[Row], MessagesByRequest]:
            rows: list[Row] = db.execute(f"SELECT * FROM requests {where}", values).fetchall()  # noqa: S608 - ours
            return rows, messages_by_request(db, [row["id"] for row in rows])

        rows, messages = await self._database.read_together(job)
        return [r for row in rows if (r := readable(row, messages.get(row["id"], ())))]
