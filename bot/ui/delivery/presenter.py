"""Shows requests on Discord as cards."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import discord
from cachetools import LRUCache

from bot.cards.card import Card, TextBlock, Verb
from bot.cards.custom_ids import CARD
from bot.cards.request_card import card_for, rest_for
from bot.client.bot import HordecordBot
from bot.client.interaction_context import origin_of
from bot.domain.capabilities import RequestAbilities
from bot.domain.records import MessageAccess, MessagePart, MessageRef, Record
from bot.domain.results import Status
from bot.errors import Undeliverable
from bot.i18n import _, in_language
from bot.pictures.converter import Converter
from bot.pipeline.tracking.poll_timing import ends_soon
from bot.storage.files import ResultFiles
from bot.ui.components.views import files_of_card, layout_of
from bot.ui.delivery.attachments import PackedCard
from bot.ui.delivery.channels import (
    NO_MORE,
    SMALL_LIMIT,
    DeliveryRoute,
    optional_call,
    routes_of,
    with_retries,
)
from bot.ui.delivery.overflow_message import OverflowMessages
from bot.ui.delivery.sender import CardSender
from bot.ui.delivery.turn_messages import TurnMessages, turn_of

log = logging.getLogger(__name__)

SHOWN_MAX = 4_096  # remembered cards: an edit without a change is not made


class CardPresenter:
    """Shows requests for the pipeline, and delivers results for interactions."""

    def __init__(self, bot: HordecordBot, spool: ResultFiles, converter: Converter) -> None:
        self._bot = bot
        self._sender = CardSender(bot, spool, converter)
        self._rests = OverflowMessages(bot, self._sender)
        self._turns = TurnMessages(bot)
        self._shown: LRUCache[int, tuple[int, int]] = LRUCache(SHOWN_MAX)
        self._moved: dict[int, MessageRef] = {}

    # For the pipeline

    async def show(
        self, record: Record, status: Status, *, parent_link: str = ""
    ) -> tuple[MessageRef, ...]:
        """Show a status on the request's messages. Returns the messages that it had to post.

        Raises Undeliverable: `gone` when the message or its channel does not exist any more.
        """
        moved = await self._show_card(self._with_moved_card(record), status, parent_link)
        if moved is not None:
            self._moved[record.id] = moved
        overflow = await self._rests.show(self._with_moved_card(record), status)
        return tuple(filter(None, [self._moved.pop(record.id, None), overflow]))

    def _with_moved_card(self, record: Record) -> Record:
        """The record with the message to which its card moved, which is not stored yet.

        A later part of the delivery may fail; the next attempt must not post the card again.
        """
        moved = self._moved.get(record.id)
        return replace(record, messages=(*record.messages, moved)) if moved else record

    async def _show_card(
        self, record: Record, status: Status, parent_link: str
    ) -> MessageRef | None:
        if status.mistake and await self._withdraw(record, status.detail):
            return None
        card, ref = await self._card(record, status, parent_link), record.messages[-1]
        if self._shown.get(record.id) == (ref.message_id, hash(card)):
            return None
        is_open = status.phase.is_open
        routes = routes_of(record, is_open=is_open, now=time.time())
        try:
            moved = await self._sender.deliver(record, ref, card, routes)
        except Undeliverable as error:
            if error.deleted and not is_open and turn_of(record) is not None:
                moved = await self._post_again(record, ref, card)
            elif not (is_open and error.shut):
                raise
            else:
                return None  # progress cannot be shown now; the outcome has more routes
        if moved is not None and turn_of(record) is not None:
            await self._turns.moved(record, moved)
            card = await self._with_name(record, status, moved, card)
        self._remember(record.id, (moved or ref).message_id, card)
        return moved

    async def _with_name(
        self, record: Record, status: Status, moved: MessageRef, card: Card
    ) -> Card:
        """The card of an answer that the bot had to post itself: it names the character."""
        named = await self._card(record, status, "")

        async def edit() -> None:
            await self._sender.deliver(record, moved, named, [DeliveryRoute.CHANNEL])

        return named if named == card or await optional_call(record, edit) else card

    async def _post_again(self, record: Record, ref: MessageRef, card: Card) -> MessageRef | None:
        """Post the end of a turn whose message was deleted: the conversation goes on from it."""
        return await self._sender.deliver(record, ref, card, [DeliveryRoute.POST])

    async def _withdraw(self, record: Record, reason: str) -> bool:
        """Tell the requester of their mistake in private and delete the public card.

        False if the card stays to show it: it is private, or its token has expired.
        """
        ref = record.messages[-1]
        alive = bool(ref.token) and time.time() < ref.token_expires_at
        if record.private or ref.reach is MessageAccess.DM or not alive:
            return False
        routes = self._sender.routes
        told = await optional_call(record, lambda: routes.send_private(ref, reason))
        return told and await optional_call(record, lambda: routes.delete(ref))

    async def tell(self, record: Record, text: str) -> None:
        """A message to the requester alone: under the answer, else as a DM, else dropped."""
        ref, routes = record.messages[-1], self._sender.routes
        alive = ref.token and time.time() < ref.token_expires_at
        if alive and await optional_call(record, lambda: routes.send_private(ref, text)):
            return
        await optional_call(record, lambda: routes.write(record.user_id, text))

    async def card_exists(self, record: Record) -> MessageRef | None:
        """The first card, if Discord has it. Without a valid token it counts as never accepted.

        Raises Undeliverable while Discord cannot tell.
        """
        if turn_of(record) is not None:
            return await self._turns.first_card(record)
        ref = record.messages[0]
        if not ref.token or time.time() >= ref.token_expires_at:
            return None
        try:
            found = await with_retries(lambda: self._sender.routes.first_answer(ref))
        except discord.HTTPException as error:
            log.info("#%d: no first card (%s)", record.id, error.code)
            return None
        return replace(ref, message_id=found)

    # For interactions

    async def open(
        self, interaction: discord.Interaction[Any], record: Record, *, parent_link: str = ""
    ) -> int:
        """Answer with the first card. Returns the message's id. Raises Discord's errors."""
        card = await self._card(record, record.status or Status(phase=record.phase), parent_link)
        answer = await interaction.response.send_message(
            view=layout_of(card), ephemeral=record.private
        )
        if answer.message_id is None:
            raise ValueError("Discord did not say which message it made")
        self._remember(record.id, answer.message_id, card)
        self._rests.begin(record.id)
        return answer.message_id

    async def open_turn(self, record: Record) -> None:
        """Show a new turn of a conversation, or a picture of one, as a message of the bot.

        Raises UserError where the bot cannot write.
        """
        if turn_of(record) is not None:
            await self._turns.open(record)
            return
        card = await self._card(record, record.status or Status(phase=record.phase), "")
        await self._turns.open_with(record, card)
        self._rests.begin(record.id)

    async def offer(self, interaction: discord.Interaction[Any], record: Record) -> None:
        """Show a result to the requester in private, as a follow-up."""
        now, able = time.time(), await self._able(record)
        card = card_for(record, record.status, now=now, able=able)
        await self._follow(interaction, card, ephemeral=True)
        if (rest := rest_for(record, record.status, now=now)) is not None:
            await self._follow(interaction, rest, ephemeral=True)

    async def send_private(self, interaction: discord.Interaction[Any], card: Card) -> None:
        """Answer with a card that only the user sees."""
        packed = await self._sender.pack(card, interaction.filesize_limit)
        await interaction.response.send_message(
            view=layout_of(packed.card), files=files_of_card(packed.uploads), ephemeral=True
        )

    async def keeps(self, file: str) -> bool:
        """Whether the files of that result still exist."""
        return await self._sender.keeps(file)

    async def publish(
        self,
        interaction: discord.Interaction[Any],
        record: Record,
        *,
        posted: Callable[[MessageRef], Awaitable[None]],
    ) -> None:
        """Show a private result to the channel, then remove its Publish button.

        `posted`: called with each new message.
        """
        now, able = time.time(), await self._able(record)
        with in_language(record.language):
            card = card_for(record, record.status, now=now, published=True, able=able)
            rest = rest_for(record, record.status, now=now, published=True)
        for one in filter(None, [card, rest]):
            sent = await self._follow(interaction, one, ephemeral=False)
            ref = origin_of(interaction).message
            await posted(replace(ref, message_id=sent, part=MessagePart.COPY))
        own = card_for(record, record.status, now=now, able=able)
        publish_id = CARD(Verb.PUBLISH, record.id, 0)
        rows = tuple(tuple(b for b in row if b.id != publish_id) for row in own.rows)
        limit, owner = interaction.filesize_limit, record.user_id
        async with self._sender.packed(replace(own, rows=rows), limit, owner) as packed:
            await optional_call(record, lambda: self._replace(interaction, packed))

    async def remove(
        self, interaction: discord.Interaction[Any], record: Record, *, pressed: bool = True
    ) -> None:
        """Delete the messages that show this request, and the one that was `pressed`."""
        own = interaction.message.id if interaction.message else 0
        if pressed:
            await optional_call(record, interaction.delete_original_response)
        for ref in (*record.messages, *record.others):
            if ref.message_id not in {0, own}:
                await optional_call(record, partial(self._sender.routes.delete, ref))

    async def unsend(self, record: Record, ref: MessageRef) -> bool:
        """Delete one of the messages that show it. False when it stays: it cannot be reached.

        A private one can be reached while its token is valid.
        """
        try:
            await with_retries(lambda: self._sender.routes.delete(ref), SMALL_LIMIT)
        except discord.HTTPException as error:
            log.info("#%d: a message could not be deleted: %s", record.id, error)
            return ref.ephemeral or error.code in NO_MORE
        except Undeliverable:
            return False
        return True

    async def _follow(
        self, interaction: discord.Interaction[Any], card: Card, *, ephemeral: bool
    ) -> int:
        limit, owner = interaction.filesize_limit, interaction.user.id
        async with self._sender.packed(card, limit, owner) as packed:
            view, files = layout_of(packed.card), files_of_card(packed.uploads)
            sent = await interaction.followup.send(
                view=view, files=files, ephemeral=ephemeral, wait=True
            )
        return sent.id

    async def _replace(self, interaction: discord.Interaction[Any], packed: PackedCard) -> None:
        await interaction.edit_original_response(
            view=layout_of(packed.card), attachments=files_of_card(packed.uploads)
        )

    def _remember(self, record_id: int, message_id: int, card: Card) -> None:
        self._shown[record_id] = (message_id, hash(card))

    async def _able(self, record: Record, *, ended: bool = True) -> RequestAbilities:
        return await self._bot.services.guilds.abilities(record, ended=ended)

    async def _card(self, record: Record, status: Status, parent_link: str) -> Card:
        ended = not status.phase.is_open
        now, able = time.time(), await self._able(record, ended=ended)
        if (turn := turn_of(record)) is not None:
            return await self._turns.card(record, status, turn, able)
        with in_language(record.language):
            card = card_for(record, status, now=now, parent_link=parent_link, able=able)
            if status.phase.is_open and ends_soon(record, now):
                text = _(
                    "Discord allows no more changes of this message soon. The result follows as a "
                    "direct message and in `/history`."
                )
                card = replace(card, blocks=(*card.blocks, TextBlock(f"-# {text}")))
            return card
