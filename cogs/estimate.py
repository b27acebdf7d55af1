"""/estimate: the price of a picture, before it is paid."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.requests import Shape
from bot.ui.account.estimate_card import estimate_card
from bot.ui.components.answers import answer_with_card
from cogs import _autocomplete, _options


class EstimateCog(commands.Cog):
    """Prices."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(**_options.OPTIONS, extra=_options.EXTRA)
    @app_commands.autocomplete(**_autocomplete.COMPLETED)
    async def estimate(
        self,
        interaction: discord.Interaction[Any],
        prompt: _options.Prompt,
        style: str = "",
        model: str = "",
        shape: Shape | None = None,
        count: _options.Count | None = None,
        negative: _options.Prompt = "",
        image: discord.Attachment | None = None,
        strength: _options.Strength | None = None,
        seed: _options.Seed = "",
        preset: _options.PresetName = "",
        extra: _options.Extra = "",
    ) -> None:
        """Estimate the cost of an image and show whose key would pay. Same options as /imagine."""
        chosen = _options.image_choices(interaction.namespace)
        services, context = self._bot.services, await self._bot.context(interaction)
        request = await services.composer.compose(context, chosen)
        await interaction.response.defer(ephemeral=True)  # the backend is called
        found = await services.submission.estimate(context, request)
        await answer_with_card(interaction, estimate_card(request, found))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(EstimateCog(bot))
