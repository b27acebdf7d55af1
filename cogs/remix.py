"""/remix: a picture from a source picture."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.requests import Shape, merged
from bot.domain.requests.image import EXPAND_MAX
from bot.parameters.source_defaults import AREAS, WAYS
from cogs import _autocomplete, _options
from cogs._remixes import Start, remix_choices

MODES = [
    Choice(name="Change the whole image (img2img)", value="img2img"),
    Choice(name="Replace a part of the image (inpainting)", value="inpainting"),
    Choice(name="Extend the image beyond its edges (outpainting)", value="outpainting"),
    Choice(name="Combine up to five images (remix)", value="remix"),
]


def _listed(names: Iterable[str]) -> list[Choice[str]]:
    return [Choice(name=name, value=name) for name in names]


class Remix(commands.Cog):
    """Pictures out of pictures."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        image="Source image",
        prompt=_options.OPTIONS["prompt"],
        mode="What to do. Default: what the other options imply",
        area="Part of the image to replace. Default: its transparent part",
        mask="Mask: an image that is white where the source is replaced",
        expand="Direction in which the image is extended",
        expand_by="Pixels added on each of these sides. Default: 256",
        strength=_options.OPTIONS["strength"],
        control="ControlNet: keep the lines, depth or poses of the source image",
        image2="Another source image for mode remix",
        image3="Another source image for mode remix",
        image4="Another source image for mode remix",
        image5="Another source image for mode remix",
        style=_options.OPTIONS["style"],
        model=_options.OPTIONS["model"],
        shape="Aspect ratio. Default: that of the source image",
        count=_options.OPTIONS["count"],
        negative=_options.OPTIONS["negative"],
        seed=_options.OPTIONS["seed"],
        preset=_options.OPTIONS["preset"],
        extra=_options.EXTRA,
        private=_options.PRIVATE,
    )
    @app_commands.choices(mode=MODES, area=_listed(AREAS), expand=_listed(WAYS))
    @app_commands.autocomplete(control=_autocomplete.controls, **_autocomplete.COMPLETED)
    async def remix(
        self,
        interaction: discord.Interaction[Any],
        image: discord.Attachment,
        prompt: _options.Prompt,
        mode: str = "",
        area: str = "",
        mask: discord.Attachment | None = None,
        expand: str = "",
        expand_by: app_commands.Range[int, 64, EXPAND_MAX] = 0,
        strength: _options.Strength | None = None,
        control: str = "",
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        image5: discord.Attachment | None = None,
        style: str = "",
        model: str = "",
        shape: Shape | None = None,
        count: _options.Count | None = None,
        negative: _options.Prompt = "",
        seed: _options.Seed = "",
        preset: _options.PresetName = "",
        extra: _options.Extra = "",
        private: bool = False,
    ) -> None:
        """Change an image, a part of it or its size, or create new ones from it."""
        start = remix_choices(
            Start(
                image=image,
                mode=mode,
                area=area,
                mask=mask,
                expand=expand,
                expand_by=expand_by,
                shape=shape,
                others=tuple(each for each in (image2, image3, image4, image5) if each),
            )
        )
        chosen = merged(start, _options.image_choices(interaction.namespace))
        await self._bot.submit(interaction, await self._bot.context(interaction), chosen)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Remix(bot))
