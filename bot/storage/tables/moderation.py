"""Blocked users, in one server or everywhere, and reports."""

from collections.abc import Sequence

from bot.domain.people import Report, UserBan
from bot.storage.database import Database, Row


class BanRepository:
    """The table blocks. `guild_id` 0 means everywhere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, block: UserBan) -> bool:
        """Store a block. False when that user is blocked there already: the first one stays."""
        rows = await self._database.write(
            "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
            (
                block.guild_id,
                block.mark,
                block.user_id,
                block.blocked_by,
                block.blocked_at,
                block.reason,
            ),
        )
        return bool(rows)

    async def delete(self, guild_id: int, marks: Sequence[str]) -> bool:
        """Delete a block under any of a user's marks. False when there is none."""
        wanted = ",".join("?" * len(marks))
        rows = await self._database.write(
            f"DELETE FROM blocks WHERE guild_id = ? AND mark IN ({wanted}) RETURNING 1",  # noqa: S608 - marks
            (guild_id, *marks),
        )
        return bool(rows)

    async def all(self, guild_id: int | None = None) -> list[UserBan]:
        """The blocks of that place, the newest first; without a place, all blocks."""
        where = "" if guild_id is None else "WHERE guild_id = :guild"
        rows = await self._database.read(
            f"SELECT * FROM blocks {where} ORDER BY blocked_at DESC",  # noqa: S608 - ours
            {"guild": guild_id},
        )
        return [_block(row) for row in rows]


def _block(row: Row) -> UserBan:
    return UserBan(
        guild_id=row["guild_id"],
        mark=row["mark"],
        user_id=row["user_id"],
        blocked_by=row["blocked_by"],
        blocked_at=row["blocked_at"],
        reason=row["reason"],
    )


class ReportRepository:
    """The table reports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, report: Report) -> bool:
        """Store a report. False when that request was reported before: the first one stays."""
        rows = await self._database.write(
            "INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
            (
                report.record_id,
                report.reported_at,
                report.reporter_id,
                report.guild_id,
                report.channel_id,
                report.message_id,
            ),
        )
        return bool(rows)

    async def count(self) -> int:
        """How many stored requests are reported."""
        return int((await self._database.read("SELECT count(*) AS n FROM reports"))[0]["n"])

    async def newest(self, limit: int) -> list[Report]:
        """The newest reports first."""
        rows = await self._database.read(
            "SELECT * FROM reports ORDER BY reported_at DESC LIMIT ?", (limit,)
        )
        return [
            Report(
                record_id=row["request_id"],
                reported_at=row["reported_at"],
                reporter_id=row["reporter_id"],
                guild_id=row["guild_id"],
                channel_id=row["channel_id"],
                message_id=row["message_id"],
            )
            for row in rows
        ]
