"""Notifies requesters of the end of a long wait: an edited message does not notify.

Once for a request: only the change that closes its row calls it, and nothing is retried.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import discord

from bot.cards.links import jump_url
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.domain.people import Notify
from bot.domain.records import MessageAccess, Record
from bot.domain.results import Phase, Status
from bot.errors import BotError
from bot.i18n import _, set_language
from bot.ui.delivery.channels import MessageRoutes

log = logging.getLogger(__name__)
LONG = 60.0  # seconds; after a shorter wait the requester is probably still looking
LIMIT = 30.0  # seconds until it is given up


class Notifications:
    """`wish`: how a user wants to be notified."""

    def __init__(
        self, bot: HordecordBot, wish: Callable[[int], Awaitable[Notify]], long: float = LONG
    ) -> None:
        self._routes = MessageRoutes(bot)
        self._wish = wish
        self._long = long
        self._chores: set[asyncio.Task[None]] = set()

    def shown(self, record: Record, outcome: Status) -> None:
        """That outcome was shown to its requester now."""
        waited = (record.outcome_at or 0.0) - record.created_at
        if waited < self._long or outcome.phase is Phase.CANCELLED or _was_heard(record):
            return
        task = asyncio.create_task(self._say(record, outcome))
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _say(self, record: Record, outcome: Status) -> None:
        set_language(record.language)
        try:
            async with asyncio.timeout(LIMIT):
                wish = await self._wish(record.user_id)
                if wish is not Notify.OFF:
                    await self._through(wish, record, _words(record, outcome))
        except (BotError, *TROUBLE) as error:
            log.info(
                "#%d: its requester could not be notified: %s",
                record.id,
                error or type(error).__name__,
            )

    async def _through(self, wish: Notify, record: Record, text: str) -> None:
        ref = record.messages[-1]
        alive = bool(ref.token) and time.time() < ref.token_expires_at
        if wish is Notify.MENTION and (alive or not record.token_only):
            try:
                return await self._routes.mention(
                    ref, record.user_id, text, private=record.token_only
                )
            except discord.HTTPException as error:  # a lost answer is not retried
                log.info("#%d: no mention (%s), a direct message instead", record.id, error.code)
        return await self._routes.write(record.user_id, text)


def _was_heard(record: Record) -> bool:
    """Its result came as a direct message of its own, which notified."""
    return len(record.messages) > 1 and record.messages[-1].reach is MessageAccess.DM


def _words(record: Record, outcome: Status) -> str:
    if outcome.arrived:
        text = _("Your request #{id} is ready.")
    else:
        text = _("Your request #{id} has ended without a result.")
    return f"{text.format(id=record.id)} {jump_url(record)}".strip()
