"""The stored requests and keys that ratings need."""

from collections.abc import Sequence

from bot.domain.records import Payer, Record
from bot.domain.requests import Kind


class StoredRecords:
    """A history with these requests, newest first."""

    def __init__(self, *records: Record) -> None:
        self.records: Sequence[Record] = records

    async def ended_of(self, user_id: int, *, kind: Kind) -> list[Record]:
        return [one for one in self.records if one.user_id == user_id and one.kind is kind]

    async def get(self, record_id: int) -> Record:
        return next(one for one in self.records if one.id == record_id)


class StoredKeys:
    """Keys: `own` of the user, and one that paid."""

    def __init__(self, own: str | None = None) -> None:
        self.own = own

    async def key_of_owner(self, owner: Payer, owner_id: int, backend: str = "") -> str | None:
        del owner_id, backend
        return self.own if owner is Payer.USER else None

    async def key_of(self, record: Record) -> str:
        del record
        return "paying key"
