"""/history: what a person has made."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import HordecordBot
from bot.ui.lists import history_view
from bot.ui.queue_buttons import page_of


class History(commands.Cog):
    """Ended requests. The buttons are registered with /queue's."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def history(self, interaction: discord.Interaction[Any]) -> None:
        """What you have made: see its details, find its message, make it again."""
        page = await page_of(self._bot, interaction.user.id)
        view = history_view(page, newest=True)
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(History(bot))
