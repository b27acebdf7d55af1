"""No command: records the servers of the bot, so that the data of left ones is deleted in time."""

import discord
from discord.ext import commands

from bot.client.bot import HordecordBot


class DepartureListener(commands.Cog):
    """Every change leads to the same look: the list is short, and complete once all is ready."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """All servers are known now; the bot may have been removed from some while it was down."""
        await self._note()

    @commands.Cog.listener()
    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """A new server, or one that is back."""
        await self._note()

    @commands.Cog.listener()
    async def on_guild_remove(self, _guild: discord.Guild) -> None:
        """A server was left. Discord does not send this for outages."""
        await self._note()

    async def _note(self) -> None:
        if self._bot.is_ready():
            await self._bot.services.guild_cleanup.note([guild.id for guild in self._bot.guilds])


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(DepartureListener(bot))
