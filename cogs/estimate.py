"""/estimate: what a picture would cost, before anybody pays for it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalog import Shape
from bot.client import HordecordBot
from bot.memory import NAME_MAX
from bot.origin import origin_of
from bot.requests import PROMPT_MAX
from bot.ui.estimates import estimate_card
from bot.ui.layout import layout_of
from cogs import _extras, _models, _pictures


class Estimate(commands.Cog):
    """Prices."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(**_pictures.OPTIONS, extra=_extras.EXTRA)
    @app_commands.autocomplete(
        style=_models.styles,
        model=_models.image_models,
        preset=_pictures.presets,
        extra=_extras.extras,
    )
    async def estimate(
        self,
        interaction: discord.Interaction[Any],
        prompt: app_commands.Range[str, 1, PROMPT_MAX],
        style: str = "",
        model: str = "",
        shape: Shape | None = None,
        count: app_commands.Range[int, 1, _pictures.COUNT_MAX] | None = None,
        negative: app_commands.Range[str, 1, PROMPT_MAX] = "",
        image: discord.Attachment | None = None,
        strength: app_commands.Range[float, 0.01, 1.0] | None = None,
        seed: app_commands.Range[str, 1, 100] = "",
        preset: app_commands.Range[str, 1, NAME_MAX] = "",
        extra: app_commands.Range[str, 1, _extras.LENGTH] = "",
    ) -> None:
        """What a picture would cost in kudos, and whose key would pay; options as in /imagine."""
        chosen = _pictures.choices_of(
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
        await interaction.followup.send(view=layout_of(card), ephemeral=True)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Estimate(bot))
