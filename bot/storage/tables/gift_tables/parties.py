"""Parties, the images that they reward, and the sums of their rewards."""

from dataclasses import astuple

from bot.domain.kudos.parties import Party, PartySum
from bot.domain.records import Record
from bot.storage.database import Database, Row
from bot.storage.tables.requests import RequestRepository


class PartyRepository:
    """The table parties."""

    def __init__(self, database: Database, requests: RequestRepository) -> None:
        self._database = database
        self._requests = requests

    async def add(self, party: Party) -> bool:
        """Store a new party. False while its owner has another one."""
        rows = await self._database.write(
            "INSERT INTO parties SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS "
            "(SELECT 1 FROM parties WHERE owner_id = ? AND ended_at IS NULL) RETURNING 1",
            (*astuple(party), party.owner_id),
        )
        return bool(rows)

    async def running(self) -> list[Party]:
        """Parties whose end was not shown."""
        rows = await self._database.read("SELECT * FROM parties WHERE ended_at IS NULL")
        return [_party(row) for row in rows]

    async def style_in(self, thread_id: int, now: float) -> str:
        """The style that the running party of that thread rewards; "" for none."""
        rows = await self._database.read(
            "SELECT style FROM parties WHERE thread_id = ? AND ended_at IS NULL AND ends_at > ?",
            (thread_id, now),
        )
        return str(rows[0]["style"]) if rows else ""

    async def stop(self, thread_id: int, now: float) -> None:
        """Reward no image that is finished after that time."""
        await self._database.write(
            "UPDATE parties SET ends_at = min(ends_at, ?) WHERE thread_id = ?", (now, thread_id)
        )

    async def end(self, thread_id: int, now: float) -> None:
        """Note that the end was shown."""
        await self._database.write(
            "UPDATE parties SET ended_at = ? WHERE thread_id = ? AND ended_at IS NULL",
            (now, thread_id),
        )

    async def forget_before(self, then: float) -> None:
        """Delete parties that ended before that time."""
        await self._database.write("DELETE FROM parties WHERE ended_at < ?", (then,))

    async def unrewarded(self, party: Party) -> list[Record]:
        """Finished images of other members in the thread that have no reward, the oldest first."""
        where = (
            "WHERE channel_id = ? AND kind = 'image' AND phase = 'done' AND user_id <> ? "
            "AND created_at >= ? AND closed_at <= ? "
            "AND (? = '' OR json_extract(request, '$.style_name') = ?) "
            "AND NOT EXISTS (SELECT 1 FROM gifts WHERE origin = ? || requests.id) "
            "ORDER BY id"
        )
        times = (party.created_at, party.ends_at)
        style = (party.style, party.style)
        bound = (party.thread_id, party.owner_id, *times, *style, party.origins)
        return await self._requests.select(where, bound)

    async def sum(self, party: Party, member_id: int | None = None) -> PartySum:
        """The rewards of all members, or of one."""
        rows = await self._database.read(
            "SELECT coalesce(sum(CASE WHEN phase NOT IN ('failed', 'expired') THEN kudos END), 0) "
            "AS kudos, count(DISTINCT recipient_id) AS members, "
            "coalesce(max(phase = 'failed'), 0) AS failed FROM gifts "
            "WHERE giver_id = ? AND origin GLOB ? AND (? IS NULL OR recipient_id = ?)",
            (party.owner_id, f"{party.origins}*", member_id, member_id),
        )
        return PartySum(rows[0]["kudos"], rows[0]["members"], bool(rows[0]["failed"]))


def _party(row: Row) -> Party:
    return Party(
        thread_id=row["thread_id"],
        guild_id=row["guild_id"],
        owner_id=row["owner_id"],
        name=row["name"],
        style=row["style"],
        award=row["award"],
        budget=row["budget"],
        each_max=row["each_max"],
        language=row["language"],
        created_at=row["created_at"],
        ends_at=row["ends_at"],
        ended_at=row["ended_at"],
    )
