"""Tells members why their line in a conversation got no answer."""

import logging

import discord

from bot.client.bot import HordecordBot
from bot.client.error_messages import CONTENT_MAX, TROUBLE
from bot.domain.records import Origin
from bot.errors import UserError

log = logging.getLogger(__name__)


class Refusals:
    """For lines that waited for a turn, whose member no interaction answers."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    async def tell(self, origin: Origin, error: UserError) -> None:
        """Say it as a reply to the line, else in a direct message."""
        text, channel_id = str(error)[:CONTENT_MAX], origin.message.channel_id
        await self._bot.online.wait()
        reference = discord.MessageReference(
            message_id=origin.interaction_id, channel_id=channel_id, fail_if_not_exists=False
        )
        try:
            place = self._bot.get_partial_messageable(channel_id)
            await place.send(text, reference=reference, mention_author=False)
        except TROUBLE as refused:
            log.info("a channel cannot be written to: %s", refused or type(refused).__name__)
            await self._write(origin.user_id, text)

    async def _write(self, user_id: int, text: str) -> None:
        try:
            channel = await self._bot.create_dm(discord.Object(user_id))
            await channel.send(text)
        except TROUBLE as error:
            log.info("a member cannot be written to: %s", error or type(error).__name__)
