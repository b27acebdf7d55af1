"""Users who may not use the bot: in one server, blocked by its managers, or everywhere.

Every command and every press checks it first, so all of it is in memory.
"""

import logging
import time
from collections.abc import Callable

from bot.accounts.encryption.pseudonyms import Pseudonyms
from bot.domain.people import UserBan
from bot.domain.well_formed import well_formed
from bot.errors import BotError, UserError
from bot.i18n import N_, _
from bot.services.history import History
from bot.services.submission import Submission
from bot.storage import Store

log = logging.getLogger(__name__)

EVERYWHERE = 0
REASON_MAX = 200  # characters

BLOCKED_HERE = N_(
    "A moderator of this server has blocked you. `/account export` and `/account forget` still "
    "work."
)
BLOCKED = N_(
    "The operator of this bot has blocked you. `/account export` and `/account forget` still work."
)


class UserBans:
    """The blocked users and where they are blocked. Every refusal is a UserError."""

    def __init__(
        self,
        store: Store,
        marks: Pseudonyms,
        history: History,
        submission: Submission,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._marks = marks
        self._history = history
        self._submission = submission
        self._clock = clock
        self._blocked: set[tuple[int, str]] = set()

    async def load(self) -> None:
        """Load them, before the first interaction. Raises StoreError."""
        self._blocked = {(block.guild_id, block.mark) for block in await self._store.bans.all()}

    def refusal(self, user_id: int, guild_id: int | None) -> str:
        """Message for a blocked user there; "" for all others."""
        if not self._blocked:
            return ""
        marks = self._marks.all_of(user_id)
        if any((EVERYWHERE, mark) in self._blocked for mark in marks):
            return _(BLOCKED)
        here = guild_id is not None and any((guild_id, mark) in self._blocked for mark in marks)
        return _(BLOCKED_HERE) if here else ""

    async def block(self, guild_id: int, user_id: int, by: int, reason: str = "") -> int:
        """Block a user there and stop that user's open requests. Returns how many were stopped.

        Raises UserError if the user is blocked there already.
        """
        mark, reason = self._marks.of(user_id), " ".join(well_formed(reason).split())[:REASON_MAX]
        block = UserBan(guild_id, mark, user_id, by, self._clock(), reason)
        if self._is_in(guild_id, user_id) or not await self._store.bans.put(block):
            raise UserError(_("This user is already blocked."))
        self._blocked.add((guild_id, mark))
        log.warning("a user was blocked in server %d (0: everywhere)", guild_id)
        return await self._stop(guild_id, user_id)

    async def unblock(self, guild_id: int, user_id: int) -> None:
        """Remove a block. Raises UserError when there is none."""
        marks = self._marks.all_of(user_id)
        if not await self._store.bans.delete(guild_id, marks):
            raise UserError(_("This user is not blocked."))
        self._blocked -= {(guild_id, mark) for mark in marks}

    async def of(self, guild_id: int) -> list[UserBan]:
        """The users blocked there, the newest first."""
        return await self._store.bans.all(guild_id)

    def forget_server(self, guild_id: int) -> None:
        """Remove the blocks of a server whose data is deleted."""
        self._blocked = {(guild, mark) for guild, mark in self._blocked if guild != guild_id}

    def _is_in(self, guild_id: int, user_id: int) -> bool:
        return any((guild_id, mark) in self._blocked for mark in self._marks.all_of(user_id))

    async def _stop(self, guild_id: int, user_id: int) -> int:
        stopped = 0
        for record in await self._history.open_of(user_id):
            if guild_id not in {EVERYWHERE, record.guild_id}:
                continue
            try:
                await self._submission.cancel(record.id, user_id)
            except BotError as error:  # it has just ended by itself
                log.info("#%d continues: %s", record.id, error)
            else:
                stopped += 1
        return stopped
