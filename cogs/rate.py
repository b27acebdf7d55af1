"""/rate: rate an own image for the Horde."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.ui.browse import rating_buttons


class Rate(commands.Cog):
    """Ratings of images."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(number="Number of the image in the result. Default: the first one")
    async def rate(
        self,
        interaction: discord.Interaction[Any],
        number: app_commands.Range[int, 1, 20] | None = None,
    ) -> None:
        """Rate your newest image, if the Horde collects ratings."""
        context = await self._bot.context(interaction)
        services = self._bot.services
        record = services.history.as_seen(context, await services.ratings.newest(context.user_id))
        await self._bot.cards.send_private(interaction, rating_buttons.rating_card(record, number))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    rating_buttons.register(bot)
    await bot.add_cog(Rate(bot))
