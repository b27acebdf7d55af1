"""Sends one card to Discord: route, files, retries."""

import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import count

import discord

from bot.aio.byte_budget import ByteBudget
from bot.cards.card import Card
from bot.client.bot import HordecordBot
from bot.domain.records import MessageRef, Record
from bot.errors import SpoolError, Undeliverable
from bot.i18n import _
from bot.pictures.converter import Converter
from bot.storage.files import ResultFiles
from bot.ui.delivery.attachments import PackedCard, loaded_files, pack, without_files
from bot.ui.delivery.channels import (
    ARCHIVED,
    DM_LIMIT,
    NO_MORE,
    DeliveryRoute,
    MessageRoutes,
    RouteError,
    verdict_of,
    with_retries,
)

log = logging.getLogger(__name__)
MEMORY = 128 * 1024 * 1024  # bytes of the files of all cards that are being sent
Find = Callable[[], Awaitable[MessageRef | None]]


async def nothing() -> None:
    """No search for a posted message: for one that is only edited, or posted with a nonce."""


class CardSender:
    """Sends all cards; keeps no state of them."""

    def __init__(self, bot: HordecordBot, spool: ResultFiles, converter: Converter) -> None:
        self._spool = spool
        self._converter = converter
        self._memory = ByteBudget(MEMORY)
        self.routes = MessageRoutes(bot)

    async def pack(self, card: Card, limit: int) -> PackedCard:
        """The card with its files, none over `limit` bytes."""
        return await pack(card, self._spool, self._converter, limit)

    @asynccontextmanager
    async def packed(self, card: Card, limit: int, owner: int) -> AsyncGenerator[PackedCard]:
        """The same while it is sent, within the memory limit of all such cards."""
        async with self._memory.hold(await self._spool.total(loaded_files(card)), owner):
            yield await self.pack(card, limit)

    async def keeps(self, file: str) -> bool:
        """Whether the files of that result still exist."""
        try:
            return await self._spool.total([file]) > 0
        except SpoolError:
            return False

    async def deliver(
        self,
        record: Record,
        ref: MessageRef,
        card: Card,
        routes: Sequence[DeliveryRoute],
        find: Find = nothing,
    ) -> MessageRef | None:
        """Send through the first route that works. Returns the new message if it made one.

        `find`: looks for a message that was perhaps posted already, before a second attempt. Raises
        Undeliverable: `gone` when the message or its place does not exist any more, `shut` when no
        route works.
        """
        left = deque(routes)
        while left:
            route = left.popleft()
            try:
                return await self._through(route, record, ref, card, find)
            except SpoolError as error:
                raise Undeliverable(str(error)) from error
            except Undeliverable as error:  # the webhook that posted it is gone
                if not (error.shut and left):
                    raise
            except discord.HTTPException as error:
                verdict = verdict_of(error, route)
                log.info("#%d: %s is %s (%s)", record.id, route, verdict, error.code)
                if verdict is not RouteError.SHUT and route is not DeliveryRoute.DM:
                    deleted = error.code in NO_MORE
                    raise Undeliverable(str(error), gone=True, deleted=deleted) from error
                # An outcome is worth a new message, which would unarchive the thread as well.
                if (
                    route is DeliveryRoute.CHANNEL
                    and error.code == ARCHIVED
                    and DeliveryRoute.POST in left
                ):
                    left.appendleft(DeliveryRoute.REOPEN)
        raise Undeliverable(_("No route to the requester is left."), shut=True)

    async def _through(
        self, route: DeliveryRoute, record: Record, ref: MessageRef, card: Card, find: Find
    ) -> MessageRef | None:
        """With smaller files when Discord finds them too large; only text when it
        refuses the rest.
        """
        tries = count()

        async def send(packed: PackedCard) -> MessageRef | None:
            again = route is DeliveryRoute.FOLLOW and next(tries) > 0
            found = await find() if again else None
            return found or await self.routes.send(route, record, ref, packed)

        limit = min(ref.upload_limit, DM_LIMIT) if route is DeliveryRoute.DM else ref.upload_limit
        smaller = min(limit // 2, DM_LIMIT)  # a server that lost its boosts has the usual limit
        variants = [(card, limit), (card, smaller), (without_files(card), limit)]
        while True:
            try:
                async with self.packed(*variants.pop(0), record.user_id) as packed:
                    return await with_retries(partial(send, packed))
            except discord.HTTPException as error:
                verdict = verdict_of(error)
                if verdict not in {RouteError.TOO_LARGE, RouteError.MALFORMED} or not variants:
                    raise
                if verdict is RouteError.MALFORMED:
                    log.exception("#%d: Discord refuses its card", record.id)
                    del variants[:-1]
