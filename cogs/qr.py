"""/qr: a picture that can be scanned."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import HordecordBot
from bot.combinations import QR
from bot.composing import compose
from bot.errors import BadOption
from bot.extra import parse
from bot.requests import PROMPT_MAX, ExtraText, Kind
from bot.ui import sentences
from cogs import _extras, _models, _pictures

BASES = frozenset({"sd15", "sdxl", "other"})  # what workers have the code's ControlNet for
TEXT_MAX = 300  # characters; a code for more is too fine to be scanned out of a picture


class Qr(commands.Cog):
    """QR codes that are pictures."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        text="What the code says: an address, a text",
        prompt="What the picture around and in the code should show",
        model=_pictures.OPTIONS["model"],
        count=_pictures.OPTIONS["count"],
        negative=_pictures.OPTIONS["negative"],
        seed=_pictures.OPTIONS["seed"],
        extra=_extras.EXTRA,
        private="Only you see it",
    )
    @app_commands.autocomplete(model=_models.image_models, extra=_extras.extras)
    async def qr(
        self,
        interaction: discord.Interaction[Any],
        text: app_commands.Range[str, 1, TEXT_MAX],
        prompt: app_commands.Range[str, 1, PROMPT_MAX],
        model: str = "",
        count: app_commands.Range[int, 1, 4] = 1,
        negative: app_commands.Range[str, 1, PROMPT_MAX] = "",
        seed: app_commands.Range[str, 1, 100] = "",
        extra: app_commands.Range[str, 1, _extras.LENGTH] = "",
        private: bool = False,
    ) -> None:
        """Make a picture that is a QR code as well."""
        catalog = self._bot.catalog
        code = ExtraText(text=text, reference=QR)
        chosen: dict[str, Any] = {"prompt": prompt, "n": count, "private": private}
        chosen |= {"workflow": QR, "texts": (code,)}
        if model:
            chosen["models"] = (_models.named(catalog, Kind.IMAGE, model).name,)
        given = {"negative": negative, "seed": seed}
        chosen |= {name: value for name, value in given.items() if value}
        request = compose(catalog, chosen, parse(extra), {"shape": "square"})
        if not {catalog.baseline(name) for name in request.models} <= BASES:
            raise BadOption(sentences.NO_QR_MODEL)
        await self._bot.submit(interaction, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Qr(bot))
