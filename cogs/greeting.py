"""No command: answers a direct message, since the bot knows slash commands only."""

import logging
import time

import discord
from cachetools import TTLCache
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.domain.requests import Kind
from bot.i18n import _, in_language

log = logging.getLogger(__name__)
QUIET_FOR = 600.0  # seconds without another answer in the same channel
CHANNELS = 1_000  # channels that are remembered for it


class Greeting(commands.Cog):
    """Reads nothing of the message."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot
        self._answered: TTLCache[int, bool] = TTLCache(CHANNELS, QUIET_FOR, time.monotonic)

    def _greeting(self) -> str:
        """Direct messages use the first backend."""
        first = next(iter(self._bot.services.backends.values()))
        if Kind.IMAGE in first.capabilities.kinds:
            return _("Type `/imagine` and describe the image. `/help` explains all commands.")
        return _("Type `/write` and the beginning of a text. `/help` explains all commands.")

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Say how to use the bot, once in ten minutes in each channel."""
        author, channel = message.author, message.channel
        if message.guild is not None or author.bot or channel.id in self._answered:
            return
        if self._bot.services.bans.refusal(author.id, None):
            return
        self._answered[channel.id] = True
        with in_language(await self._bot.services.languages.of_member(author.id, "")):
            text = self._greeting()
        try:
            await channel.send(text)
        except TROUBLE as error:
            log.info("a direct message stays without an answer: %s", error or type(error).__name__)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Greeting(bot))
