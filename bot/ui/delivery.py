"""Puts cards on Discord: through which door, how long it tries, what it does when none opens."""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import discord
from discord.webhook.async_ import async_context

from bot.client import HordecordBot
from bot.errors import SpoolError, Undeliverable
from bot.pictures.converter import Converter
from bot.records import MessageRef, Record
from bot.report import TROUBLE
from bot.results import Phase, Status
from bot.spool import Spool
from bot.timing import falls_silent
from bot.ui import sentences
from bot.ui.card import Card, Text, Verb
from bot.ui.cards import card_for
from bot.ui.doors import DM_LIMIT, Door, Doors, Verdict, doors_of, patiently, verdict_of
from bot.ui.layout import files_of, layout_of
from bot.ui.uploads import Parcel, pack, without_files

log = logging.getLogger(__name__)

SHOWN_MAX = 4_096  # cards remembered, so that an edit that changes nothing is not made
SMALL_LIMIT = 10.0  # s for what may as well stay undone


class Delivery:
    """The tracker's presenter, and what the buttons need of it."""

    def __init__(self, bot: HordecordBot, spool: Spool, converter: Converter) -> None:
        self._bot = bot
        self._spool = spool
        self._converter = converter
        self._doors = Doors(bot)
        self._shown: OrderedDict[int, tuple[int, int]] = OrderedDict()

    # What the tracker asks

    async def show(self, record: Record, status: Status) -> MessageRef | None:
        """Put that state on the request's message; gives the new one when it had to move.

        Raises Undeliverable: `gone` when the message or its place is no more.
        """
        card, ref = await self._card(record, status), record.messages[-1]
        if self._shown.get(record.id) == (ref.message_id, hash(card)):
            return None
        moved = await self._deliver(record, ref, card, is_open=status.phase.is_open)
        self._remember(record.id, (moved or ref).message_id, card)
        return moved

    async def tell(self, record: Record, text: str) -> None:
        """A word to the requester alone: under the answer, else as a DM, else not at all."""
        ref = record.messages[-1]
        alive = ref.token and time.time() < ref.token_expires_at
        if alive and await _done(record, lambda: self._doors.whisper(ref, text)):
            return
        await _done(record, lambda: self._doors.write(record.user_id, text))

    async def card_exists(self, record: Record) -> MessageRef | None:
        """The first card, if Discord has it. Without a live token it counts as never taken.

        Raises Undeliverable while Discord cannot say.
        """
        ref = record.messages[0]
        if not ref.token or time.time() >= ref.token_expires_at:
            return None
        try:
            found = await patiently(lambda: self._original(ref))
        except discord.HTTPException as error:
            log.info("#%d: no first card (%s)", record.id, error.code)
            return None
        return replace(ref, message_id=found)

    # What an interaction asks

    async def open(self, interaction: discord.Interaction[Any], record: Record) -> int:
        """Answer with the first card; gives the message's id. Discord's errors come through."""
        card = await self._card(record, record.status or Status(phase=record.phase))
        answer = await interaction.response.send_message(
            view=layout_of(card), ephemeral=record.private
        )
        if answer.message_id is None:
            raise ValueError("Discord did not say which message it made")
        self._remember(record.id, answer.message_id, card)
        return answer.message_id

    async def offer(self, interaction: discord.Interaction[Any], record: Record) -> None:
        """Show a result to its person in private, as a follow-up."""
        card = card_for(record, record.status, now=time.time())
        await self._follow(interaction, card, ephemeral=True)

    async def whisper(self, interaction: discord.Interaction[Any], card: Card) -> None:
        """Answer with a card that only its person sees."""
        parcel = await self._pack(card, interaction.filesize_limit)
        await interaction.response.send_message(
            view=layout_of(parcel.card), files=files_of(parcel.uploads), ephemeral=True
        )

    async def keeps(self, file: str) -> bool:
        """Whether the bytes of that result are still here."""
        try:
            await self._spool.get(file)
        except SpoolError:
            return False
        return True

    async def publish(self, interaction: discord.Interaction[Any], record: Record) -> None:
        """Show a private result to everybody, then take its Publish button away."""
        now = time.time()
        card = card_for(record, record.status, now=now, published=True)
        await self._follow(interaction, card, ephemeral=False)
        own = card_for(record, record.status, now=now)
        rows = tuple(tuple(b for b in row if b.verb is not Verb.PUBLISH) for row in own.rows)
        parcel = await self._pack(replace(own, rows=rows), interaction.filesize_limit)
        await _done(record, lambda: self._replace(interaction, parcel))

    async def remove(self, interaction: discord.Interaction[Any], record: Record) -> None:
        """Delete the message that was pressed and the others that show this request."""
        pressed = interaction.message.id if interaction.message else 0
        await _done(record, interaction.delete_original_response)
        for ref in record.messages:
            if ref.message_id not in {0, pressed} and not ref.ephemeral:
                channel = self._bot.get_partial_messageable(ref.channel_id)
                await _done(record, channel.get_partial_message(ref.message_id).delete)

    # How

    async def _card(self, record: Record, status: Status) -> Card:
        waits = status.phase is Phase.QUEUED
        place = await self._bot.service.place(record) if waits else 0
        now = time.time()
        card = card_for(record, status, place=place, now=now)
        if status.phase.is_open and falls_silent(record, now):
            card = replace(card, blocks=(*card.blocks, Text(sentences.LAST_WORD)))
        return card

    async def _deliver(
        self, record: Record, ref: MessageRef, card: Card, *, is_open: bool
    ) -> MessageRef | None:
        for door in doors_of(record, is_open=is_open, now=time.time()):
            try:
                return await self._through(door, record, ref, card)
            except discord.HTTPException as error:
                verdict = verdict_of(error)
                log.info("#%d: %s is %s (%s)", record.id, door, verdict, error.code)
                if verdict is not Verdict.SHUT and door is not Door.DM:
                    raise Undeliverable(f"Discord: {error}", gone=True) from error
        if is_open:  # nobody can see progress now; the outcome has more doors
            return None
        raise Undeliverable("Nobody can be shown it now.", shut=True)

    async def _through(
        self, door: Door, record: Record, ref: MessageRef, card: Card
    ) -> MessageRef | None:
        """Smaller files when Discord finds them too large; only words when it dislikes the rest."""
        limit = min(ref.upload_limit, DM_LIMIT) if door is Door.DM else ref.upload_limit
        variants = [(card, limit), (card, limit // 2), (without_files(card), limit)]
        while True:
            parcel = await self._pack(*variants.pop(0))
            try:
                return await patiently(lambda: self._doors.send(door, record, ref, parcel))  # noqa: B023 - awaited here
            except discord.HTTPException as error:
                verdict = verdict_of(error)
                if verdict not in {Verdict.TOO_LARGE, Verdict.MALFORMED} or not variants:
                    raise
                if verdict is Verdict.MALFORMED:
                    log.exception("#%d: Discord does not take its card", record.id)
                    del variants[:-1]

    async def _follow(
        self, interaction: discord.Interaction[Any], card: Card, *, ephemeral: bool
    ) -> None:
        parcel = await self._pack(card, interaction.filesize_limit)
        await interaction.followup.send(
            view=layout_of(parcel.card), files=files_of(parcel.uploads), ephemeral=ephemeral
        )

    async def _replace(self, interaction: discord.Interaction[Any], parcel: Parcel) -> None:
        await interaction.edit_original_response(
            view=layout_of(parcel.card), attachments=files_of(parcel.uploads)
        )

    async def _pack(self, card: Card, limit: int) -> Parcel:
        return await pack(card, self._spool, self._converter, limit)

    async def _original(self, ref: MessageRef) -> int:
        await self._bot.online.wait()
        hook = self._doors.hook(ref.token)
        found = await async_context.get().get_original_interaction_response(
            hook.id, ref.token, session=hook.session
        )
        return int(found["id"])

    def _remember(self, record_id: int, message_id: int, card: Card) -> None:
        self._shown[record_id] = (message_id, hash(card))
        self._shown.move_to_end(record_id)
        if len(self._shown) > SHOWN_MAX:
            self._shown.popitem(last=False)


async def _done(record: Record, call: Callable[[], Awaitable[None]]) -> bool:
    """Whether a call worked that nothing else depends on."""
    try:
        await patiently(call, SMALL_LIMIT)
    except (Undeliverable, *TROUBLE) as error:
        log.info("#%d: left undone: %s", record.id, error or type(error).__name__)
        return False
    return True
