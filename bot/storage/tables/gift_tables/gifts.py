"""Gifts of kudos. Every change of a phase is one conditional statement."""

from dataclasses import astuple

from bot.domain.kudos.gifts import REACTION, Gift, GiftPhase, NewGift
from bot.domain.requests import Kind
from bot.storage.database import Database, Row

STEP = 50  # due gifts at a time


class GiftRepository:
    """The table gifts. Methods that change a phase return None when it was another one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, gift: NewGift, phase: GiftPhase, now: float, due_at: float) -> Gift | None:
        """Store a gift. None when one of the same origin is stored: that one stays."""
        return await self._one(
            "INSERT INTO gifts (origin, giver_id, recipient_id, username, kudos, language, phase, "
            "created_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING RETURNING *",
            (*astuple(gift), phase, now, due_at),
        )

    async def get(self, origin: str) -> Gift | None:
        """The gift of that origin."""
        rows = await self._database.read("SELECT * FROM gifts WHERE origin = ?", (origin,))
        return _gift(rows[0]) if rows else None

    async def begin(self, gift: Gift, account: str, now: float, due_at: float) -> Gift | None:
        """READY becomes SENDING, before the call. `account`: the giver's account."""
        return await self._one(
            "UPDATE gifts SET phase = 'sending', account = ?, sent_at = ?, "
            "due_at = ? WHERE id = ? AND phase = 'ready' RETURNING *",
            (account, now, due_at, gift.id),
        )

    async def change(
        self, gift: Gift, phase: GiftPhase, due_at: float | None, note: str = ""
    ) -> Gift | None:
        """Move the gift from its phase to another one, or postpone its next step."""
        return await self._one(
            "UPDATE gifts SET phase = ?, due_at = ?, note = ? WHERE id = ? AND phase = ? "
            "RETURNING *",
            (phase, due_at, note, gift.id, gift.phase),
        )

    async def claim(self, backend: str, now: float) -> list[Gift]:
        """Held gifts whose recipients have logged in with their account's own key become READY."""
        login = (
            "FROM credentials c WHERE c.owner = 'user' AND c.owner_id = gifts.recipient_id "
            f"AND c.backend = :backend AND instr(c.pays, '{Kind.ALCHEMY}') > 0"
        )
        rows = await self._database.write(
            f"UPDATE gifts SET phase = 'ready', due_at = :now, username = (SELECT username {login})"  # noqa: S608 - ours
            f" WHERE phase = 'held' AND due_at > :now AND EXISTS (SELECT 1 {login}) RETURNING *",
            {"backend": backend, "now": now},
        )
        return [_gift(row) for row in rows]

    async def resume(self, now: float) -> None:
        """After a start: transfers that were under way when the process ended are due."""
        await self._database.write(
            "UPDATE gifts SET due_at = ? WHERE phase IN ('ready', 'sending')", (now,)
        )

    async def due(self, now: float) -> list[Gift]:
        """Gifts whose next step is due, the oldest first."""
        rows = await self._database.read(
            "SELECT * FROM gifts WHERE due_at <= ? ORDER BY due_at LIMIT ?", (now, STEP)
        )
        return [_gift(row) for row in rows]

    async def next_due(self) -> float | None:
        """When the next step of any gift is due; None without one."""
        rows = await self._database.read(
            "SELECT min(due_at) AS due_at FROM gifts WHERE due_at IS NOT NULL"
        )
        return rows[0]["due_at"]

    async def held_by(self, giver_id: int) -> int:
        """How many gifts of that user are held."""
        rows = await self._database.read(
            "SELECT count(*) AS n FROM gifts WHERE giver_id = ? AND phase = 'held'", (giver_id,)
        )
        return int(rows[0]["n"])

    async def reactions_since(self, giver_id: int, then: float) -> int:
        """How many gifts that user made by reactions since that time."""
        rows = await self._database.read(
            "SELECT count(*) AS n FROM gifts WHERE giver_id = ? AND created_at >= ? "
            "AND origin GLOB ?",
            (giver_id, then, f"{REACTION}*"),
        )
        return int(rows[0]["n"])

    async def is_first_reaction(self, gift: Gift) -> bool:
        """Whether no earlier gift of that user was made by a reaction."""
        rows = await self._database.read(
            "SELECT 1 FROM gifts WHERE giver_id = ? AND id < ? AND origin GLOB ? LIMIT 1",
            (gift.giver_id, gift.id, f"{REACTION}*"),
        )
        return not rows

    async def forget_before(self, then: float) -> None:
        """Delete gifts that were made before that time and need no step any more."""
        await self._database.write(
            "DELETE FROM gifts WHERE due_at IS NULL AND created_at < ?", (then,)
        )

    async def _one(self, sql: str, values: tuple[object, ...]) -> Gift | None:
        rows = await self._database.write(sql, values)
        return _gift(rows[0]) if rows else None


def _gift(row: Row) -> Gift:
    return Gift(
        id=row["id"],
        origin=row["origin"],
        giver_id=row["giver_id"],
        recipient_id=row["recipient_id"],
        username=row["username"],
        kudos=row["kudos"],
        language=row["language"],
        phase=GiftPhase(row["phase"]),
        account=row["account"],
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        due_at=row["due_at"],
        note=row["note"],
    )
