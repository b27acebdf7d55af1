"""/imagine: a picture from a prompt. The newcomer's command: one required option."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.requests import Shape
from cogs import _autocomplete, _options


class Image(commands.Cog):
    """Pictures."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(**_options.OPTIONS, extra=_options.EXTRA, private=_options.PRIVATE)
    @app_commands.autocomplete(**_autocomplete.COMPLETED)
    async def imagine(
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
        private: bool = False,
    ) -> None:
        """Create an image from a prompt."""
        chosen = _options.image_choices(interaction.namespace)
        context = await self._bot.context(interaction)
        await self._bot.submit(interaction, context, chosen)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Image(bot))
