"""/queue: a user's open requests."""

import time
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.ui.components.answers import answer_with_card
from bot.ui.history import queue_buttons
from bot.ui.history.queue_view import queue_card


class Queue(commands.Cog):
    """Open requests."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def queue(self, interaction: discord.Interaction[Any]) -> None:
        """Show your open requests with their queue position, and cancel them."""
        services = self._bot.services
        records = await services.history.open_of(interaction.user.id)
        card = queue_card(records, now=time.time(), backends=services.backends)
        await answer_with_card(interaction, card)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    queue_buttons.register(bot)
    await bot.add_cog(Queue(bot))
