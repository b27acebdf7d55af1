"""Lorebooks that members import by themselves."""

import time
from collections.abc import Callable, Sequence

from bot.domain.chat.characters import StoredLorebook
from bot.domain.chat.lorebooks import Lorebook
from bot.errors import UserError
from bot.i18n import _
from bot.i18n.formats import number
from bot.services.chat.limits import LOREBOOKS_MAX
from bot.storage import Store


class Lorebooks:
    """The lorebooks of members. Every refusal is a UserError."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    async def of(self, user_id: int) -> tuple[StoredLorebook, ...]:
        """The lorebooks of that member, by name."""
        return await self._store.chat.lorebooks.of_owner(user_id)

    async def some(self, ids: Sequence[int]) -> tuple[StoredLorebook, ...]:
        """Those of the lorebooks that still exist."""
        return await self._store.chat.lorebooks.some(ids)

    async def own(self, user_id: int, lorebook_id: int) -> StoredLorebook:
        """That lorebook of the member. Raises UserError."""
        found = await self._store.chat.lorebooks.get(lorebook_id)
        if found is None or found.owner_id != user_id:
            raise UserError(_("This lorebook was deleted, or it is not yours."))
        return found

    async def create(self, user_id: int, lorebook: Lorebook) -> StoredLorebook:
        """Store a lorebook. Raises UserError at the limit."""
        table, now = self._store.chat.lorebooks, self._clock()
        stored = await table.add(user_id, lorebook, now, LOREBOOKS_MAX)
        if stored is None:
            text = _("You have reached the limit of {most} lorebooks. Delete one first.")
            raise UserError(text.format(most=number(LOREBOOKS_MAX)))
        return stored

    async def delete(self, user_id: int, lorebook_id: int) -> None:
        """Delete an own lorebook. Raises UserError."""
        await self.own(user_id, lorebook_id)
        await self._store.chat.lorebooks.delete(lorebook_id)
