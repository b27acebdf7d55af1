"""/estimate: what a picture would cost, before anybody pays for it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalog import Shape
from bot.client import HordecordBot
from bot.origin import origin_of
from bot.requests import PROMPT_MAX
from bot.ui.estimates import estimate_card
from bot.ui.layout import layout_of
from cogs import _models, _pictures


class Estimate(commands.Cog):
    """Prices."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(**_pictures.OPTIONS)
    @app_commands.autocomplete(model=_models.image_models)
    async def estimate(
        self,
        interaction: discord.Interaction[Any],
        prompt: app_commands.Range[str, 1, PROMPT_MAX],
        model: str = "",
        shape: Shape | None = None,
        count: app_commands.Range[int, 1, 4] = 1,
        negative: app_commands.Range[str, 1, PROMPT_MAX] = "",
        seed: app_commands.Range[str, 1, 100] = "",
    ) -> None:
        """What a picture would cost in kudos, and whose key would pay; options as in /imagine."""
        request = _pictures.picture(
            self._bot.catalog,
            prompt=prompt,
            model=model,
            shape=shape,
            count=count,
            negative=negative,
            seed=seed,
        )
        await interaction.response.defer(ephemeral=True)  # it asks the network
        found = await self._bot.service.estimate(origin_of(interaction, private=True), request)
        card = estimate_card(request, found)
        await interaction.followup.send(view=layout_of(card), ephemeral=True)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Estimate(bot))
