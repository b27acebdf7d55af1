"""/estimate: what a picture would cost, before anybody pays for it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalog import Shape
from bot.client.bot import HordecordBot
from bot.client.interaction_context import origin_of
from bot.ui.account.estimate_card import estimate_card
from bot.ui.components.answers import answer_with_card
from cogs import _extras, _pictures


class EstimateCog(commands.Cog):
    """Prices."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(**_pictures.OPTIONS, extra=_extras.EXTRA)
    @app_commands.autocomplete(**_pictures.COMPLETED)
    async def estimate(
        self,
        interaction: discord.Interaction[Any],
        prompt: _pictures.Prompt,
        style: str = "",
        model: str = "",
        shape: Shape | None = None,
        count: _pictures.Count | None = None,
        negative: _pictures.Prompt = "",
        image: discord.Attachment | None = None,
        strength: _pictures.Strength | None = None,
        seed: _pictures.Seed = "",
        preset: _pictures.PresetName = "",
        extra: _extras.Extra = "",
    ) -> None:
        """What a picture would cost in kudos, and whose key would pay; options as in /imagine."""
        chosen = _pictures.image_choices(
            {
                "prompt": prompt,
                "style": style,
                "model": model,
                "shape": shape,
                "count": count,
                "negative": negative,
                "image": image,
                "strength": strength,
                "seed": seed,
                "preset": preset,
            }
        )
        request = await _pictures.picture(interaction, chosen, extra)
        await interaction.response.defer(ephemeral=True)  # it asks the network
        found = await self._bot.service.estimate(origin_of(interaction, private=True), request)
        card = estimate_card(request, found)
        await answer_with_card(interaction, card)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(EstimateCog(bot))
