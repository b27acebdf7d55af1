"""/qr: a picture that can be scanned."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import HordecordBot
from bot.combinations import QR, check
from bot.composing import compose
from bot.requests import PROMPT_MAX, ExtraText, Kind
from cogs import _models, _pictures

TEXT_MAX = 300  # characters; a code for more is too fine to be scanned out of a picture
QR_MODELS = frozenset({"sd15", "sdxl"})


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
        private="Only you see it",
    )
    @app_commands.autocomplete(model=_models.image_models)
    async def qr(
        self,
        interaction: discord.Interaction[Any],
        text: app_commands.Range[str, 1, TEXT_MAX],
        prompt: app_commands.Range[str, 1, PROMPT_MAX],
        model: str = "",
        count: app_commands.Range[int, 1, 4] = 1,
        negative: app_commands.Range[str, 1, PROMPT_MAX] = "",
        seed: app_commands.Range[str, 1, 100] = "",
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
        request = compose(catalog, chosen, {"shape": "square"})
        check(request, catalog.baseline(next(iter(request.models), "")))
        await self._bot.submit(interaction, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Qr(bot))
