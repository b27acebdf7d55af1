"""/imagine: a picture from words. The newcomer's command: one required option."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalog import Shape
from bot.client import HordecordBot
from bot.requests import PROMPT_MAX, ImageRequest, Kind, build
from cogs import _models


class Image(commands.Cog):
    """Pictures."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        prompt="What the picture should show",
        model="Who paints it; without one, the best served at the moment",
        shape="The picture's sides; without one, the model's own",
        count="How many pictures",
        negative="What the picture should not show",
        seed="A number or a word; the same one gives the same picture again",
        private="Only you see it",
    )
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
        catalog = self._bot.catalog
        if model:
            defaults = catalog.defaults_for(_models.named(catalog, Kind.IMAGE, model).name)
        else:
            defaults = catalog.newcomer()
        width, height = defaults.width, defaults.height
        if shape:
            width, height = catalog.shape(shape, catalog.baseline(next(iter(defaults.models), "")))
        request = build(
            ImageRequest,
            prompt=prompt,
            negative=negative,
            models=defaults.models,
            width=width,
            height=height,
            steps=defaults.steps,
            cfg_scale=defaults.cfg_scale,
            sampler=defaults.sampler,
            karras=defaults.karras,
            n=count,
            seed=seed,
            private=private,
        )
        await self._bot.submit(interaction, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Image(bot))
