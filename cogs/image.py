"""/imagine: a picture from words. The newcomer's command: one required option."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalog import Shape
from bot.client import HordecordBot
from bot.requests import PROMPT_MAX
from cogs import _models, _pictures


class Image(commands.Cog):
    """Pictures."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(**_pictures.OPTIONS, private="Only you see it")
    @app_commands.autocomplete(model=_models.image_models)
    async def imagine(
        self,
        interaction: discord.Interaction[Any],
        prompt: app_commands.Range[str, 1, PROMPT_MAX],
        model: str = "",
        shape: Shape | None = None,
        count: app_commands.Range[int, 1, 4] = 1,
        negative: app_commands.Range[str, 1, PROMPT_MAX] = "",
        seed: app_commands.Range[str, 1, 100] = "",
        private: bool = False,
    ) -> None:
        """Make a picture from words."""
        request = _pictures.picture(
            self._bot.catalog,
            prompt=prompt,
            model=model,
            shape=shape,
            count=count,
            negative=negative,
            seed=seed,
            private=private,
        )
        await self._bot.submit(interaction, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Image(bot))
