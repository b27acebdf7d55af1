"""/animate: a video from a prompt or an image."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.requests import VIDEO_SHAPES, Kind, VideoRequest, build
from bot.services.model_names import resolve_names
from cogs import _autocomplete, _options
from cogs._attachments import source_of_upload

Shape = Literal["landscape", "portrait", "square", "wide", "tall"]


class AnimateCog(commands.Cog):
    """Videos."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        prompt="What the video should show",
        image="The first image of the video",
        model="Video model. Default: the one of the backend",
        seconds="Duration. Default: 4",
        fps="Images per second. Default: 24",
        shape="Aspect ratio. Default: landscape",
        negative="What the video should not show",
        seed=_options.OPTIONS["seed"],
        private=_options.PRIVATE,
    )
    @app_commands.autocomplete(model=_autocomplete.video_models)
    async def animate(
        self,
        interaction: discord.Interaction[Any],
        prompt: _options.Prompt,
        image: discord.Attachment | None = None,
        model: str = "",
        seconds: app_commands.Range[int, 1, 10] = 4,
        fps: app_commands.Range[int, 8, 30] = 24,
        shape: Shape = "landscape",
        negative: str = "",
        seed: str = "",
        private: bool = False,
    ) -> None:
        """Create a video from a prompt or an image."""
        context = await self._bot.context(interaction)
        self._bot.services.composer.check_kind(context, Kind.VIDEO)
        names, width_height = (model,) if model else (), VIDEO_SHAPES[shape]
        request = build(
            VideoRequest,
            prompt=prompt,
            negative=negative,
            models=resolve_names(self._bot.services.catalog, Kind.VIDEO, names, context.rules),
            source=source_of_upload(image) if image is not None else None,
            seconds=seconds,
            fps=fps,
            width=width_height[0],
            height=width_height[1],
            seed=seed,
            private=private,
        )
        await self._bot.submit(interaction, context, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(AnimateCog(bot))
