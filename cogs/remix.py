"""/remix: a picture out of a picture."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.catalog import Shape
from bot.client.bot import HordecordBot
from bot.domain.requests import Control
from bot.domain.requests.image import EXPAND_MAX
from bot.parameters.flags import parse
from bot.parameters.layers import merged
from bot.parameters.source_defaults import AREAS, WAYS
from cogs import _autocomplete, _options
from cogs._remixes import Start, remix_choices

MODES = [
    Choice(name="Paint over all of it (img2img)", value="img2img"),
    Choice(name="Paint a part of it anew (inpainting)", value="inpainting"),
    Choice(name="Paint on beyond its edges (outpainting)", value="outpainting"),
    Choice(name="Make something new out of up to five pictures (remix)", value="remix"),
]


def _listed(names: Iterable[str]) -> list[Choice[str]]:
    return [Choice(name=name, value=name) for name in names]


class Remix(commands.Cog):
    """Pictures out of pictures."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        image="The picture to start from",
        prompt=_options.OPTIONS["prompt"],
        mode="What is to be done; without it, what the other options ask for",
        area="Which part is painted anew; without it, what is transparent",
        mask="Or a picture that is white where it is painted anew",
        expand="Where it is painted on beyond its edges",
        expand_by="How many pixels are added on each of these sides; 256 if you do not say",
        strength="How much may change: 0.2 a little, 0.6 as usual, 0.9 nearly everything",
        control="What is kept: lines, depth, poses ...; the rest is painted anew",
        image2="Another picture to remix",
        image3="Another picture to remix",
        image4="Another picture to remix",
        image5="Another picture to remix",
        style=_options.OPTIONS["style"],
        model=_options.OPTIONS["model"],
        shape="The picture's sides; without one, those of the image",
        count=_options.OPTIONS["count"],
        negative=_options.OPTIONS["negative"],
        seed=_options.OPTIONS["seed"],
        preset=_options.OPTIONS["preset"],
        extra=_options.EXTRA,
        private="Only you see it",
    )
    @app_commands.choices(mode=MODES, area=_listed(AREAS), expand=_listed(WAYS))
    @app_commands.autocomplete(**_autocomplete.COMPLETED)
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
        control: Control | None = None,
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
        """Paint over a picture, change or enlarge a part of it, or make others like it."""
        start = remix_choices(
            Start(
                image=image,
                mode=mode,
                area=area,
                mask=mask,
                expand=expand,
                expand_by=expand_by,
                strength=strength,
                control=control,
                shape=shape,
                others=tuple(each for each in (image2, image3, image4, image5) if each),
            )
        )
        given = {"prompt": prompt, "style": style, "model": model, "count": count}
        given |= {"negative": negative, "seed": seed, "preset": preset, "private": private}
        chosen = merged(start, _options.image_choices(given), parse(extra))
        await self._bot.submit(interaction, await self._bot.context(interaction), chosen)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Remix(bot))
