"""The message after a card: the pictures that do not fit on it, since ten is the most.

It is posted once. A post under an answer has no nonce, so after a possible post (the bot was
killed, or Discord's reply was lost) the channel is searched for it first.
"""

import logging
import time
from dataclasses import replace

import discord
from cachetools import LRUCache

from bot.cards.card import Card
from bot.cards.request_card import rest_for
from bot.client.bot import HordecordBot
from bot.domain.records import MessagePart, MessageRef, Record
from bot.domain.results import Status
from bot.errors import Undeliverable
from bot.i18n import in_language
from bot.ui.delivery.channels import DeliveryRoute, routes_of, with_retries
from bot.ui.delivery.message_pictures import shows
from bot.ui.delivery.sender import CardSender

log = logging.getLogger(__name__)
KEPT = 4_096  # remembered requests
SEARCHED = 100  # messages after the card that are searched, from each end


class OverflowMessages:
    """Knows which requests began in this run: only for the others the channel is searched."""

    def __init__(self, bot: HordecordBot, sender: CardSender) -> None:
        self._bot = bot
        self._sender = sender
        self._refs: LRUCache[int, MessageRef | None] = LRUCache(KEPT)
        self._shown: LRUCache[int, int] = LRUCache(KEPT)
        self._unsaved: dict[int, MessageRef] = {}  # posted or found, not returned by `show` yet

    def begin(self, record_id: int) -> None:
        """Its card was posted just now, so it has no second message yet."""
        self._refs[record_id] = None

    async def show(self, record: Record, status: Status) -> MessageRef | None:
        """Post or edit the second message, if there is one. Returns a new message.

        Raises Undeliverable, never `gone`: the card exists.
        """
        with in_language(record.language):
            card = rest_for(record, status, now=time.time())
        if card is None or self._shown.get(record.id) == hash(card):
            return None
        is_open = status.phase.is_open
        try:
            if await self._put_up(record, card, is_open=is_open):
                self._shown[record.id] = hash(card)
        except Undeliverable as error:
            if not is_open:
                raise Undeliverable(str(error), shut=error.shut or error.gone) from error
            log.info("#%d: its further images are not shown yet: %s", record.id, error)
        return self._unsaved.pop(record.id, None)

    async def _put_up(self, record: Record, card: Card, *, is_open: bool) -> bool:
        ref = await self._known(record)
        if ref is None:
            return await self._post(record, card, is_open=is_open)
        there = replace(record, messages=(*record.messages, ref))
        routes = routes_of(there, is_open=is_open, now=time.time())
        try:
            moved = await self._sender.deliver(there, ref, card, routes)
        except Undeliverable as error:
            if not error.gone:
                raise
            log.info("#%d: its second message was deleted", record.id)
            return True
        if moved is not None:
            self._keep(record, moved)
        return True

    async def _known(self, record: Record) -> MessageRef | None:
        """Its second message, if there is one."""
        written = next(
            (ref for ref in reversed(record.others) if ref.part is MessagePart.REST), None
        )
        if written is not None or record.id in self._refs:
            return self._refs.get(record.id) or written
        found = await self._find(record)
        if found is not None:
            self._keep(record, found)
        return found

    async def _post(self, record: Record, card: Card, *, is_open: bool) -> bool:
        ref = replace(record.messages[-1], part=MessagePart.REST)
        alive = ref.token and time.time() < ref.token_expires_at
        routes = [DeliveryRoute.FOLLOW] if alive else []
        if not is_open:
            routes.append(DeliveryRoute.DM if record.token_only else DeliveryRoute.POST)
        if not routes:
            return False
        sent = await self._sender.deliver(record, ref, card, routes, lambda: self._find(record))
        if sent is not None:
            self._keep(record, sent)
        return True

    def _keep(self, record: Record, ref: MessageRef) -> None:
        self._refs[record.id] = ref
        self._unsaved[record.id] = ref

    async def _find(self, record: Record) -> MessageRef | None:
        """A second message that was not stored. None also if the channel cannot be read."""
        ref = record.messages[-1]
        if record.token_only or not ref.message_id:
            return None
        try:
            found = await with_retries(lambda: self._search(record, ref))
        except discord.HTTPException as error:
            log.info("#%d: its second message cannot be searched for (%s)", record.id, error.code)
            return None
        return replace(ref, message_id=found, part=MessagePart.REST) if found else None

    async def _search(self, record: Record, ref: MessageRef) -> int:
        await self._bot.online.wait()
        channel = self._bot.get_partial_messageable(ref.channel_id)
        after, known = discord.Object(ref.message_id), {m.message_id for m in record.others}
        # The newest first: the post was the last action before the bot stopped.
        for oldest_first in (False, True):
            found = channel.history(after=after, limit=SEARCHED, oldest_first=oldest_first)
            async for message in found:
                ours = self._bot.user is not None and message.author.id == self._bot.user.id
                if ours and message.id not in known and shows(record.id, message):
                    return message.id
        return 0
