"""/ask: submits whatever request the test has laid ready on the bot. /oops: fails."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands


class AskCog(commands.Cog):
    def __init__(self, bot: Any) -> None:
        self._bot = bot

    @app_commands.command()
    async def ask(self, interaction: discord.Interaction[Any]) -> None:
        """Ask."""
        context = await self._bot.context(interaction)
        await self._bot.submit(interaction, context, self._bot.next_request)

    @app_commands.command()
    async def oops(self, interaction: discord.Interaction[Any]) -> None:
        """Fail."""
        raise self._bot.next_error


async def setup(bot: Any) -> None:
    await bot.add_cog(AskCog(bot))
