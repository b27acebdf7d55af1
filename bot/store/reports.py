"""What moderators reported."""

from bot.records import Report
from bot.store.database import Database


class ReportRows(Database):
    """The table reports."""

    async def add_report(self, report: Report) -> bool:
        """Keep a report. False when that request was reported before: the first one stays."""
        rows = await self._write(
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

    async def count_reports(self) -> int:
        """How many remembered requests are reported."""
        return int((await self._read("SELECT count(*) AS n FROM reports"))[0]["n"])

    async def newest_reports(self, limit: int) -> list[Report]:
        """The newest reports first."""
        rows = await self._read("SELECT * FROM reports ORDER BY reported_at DESC LIMIT ?", (limit,))
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
