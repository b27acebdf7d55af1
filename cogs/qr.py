"""/qr: a picture that can be scanned."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.compatibility import QR
from bot.domain.requests import ExtraText, ImageChoices, merged
from bot.errors import BadOption
from bot.i18n import _
from bot.parameters.source_defaults import CODED
from cogs import _autocomplete, _options

SQUARE = ImageChoices(shape="square")  # like the code, whatever the defaults are
TEXT_MAX = 300  # characters; a code for more is too fine to be scanned


class Qr(commands.Cog):
    """QR codes that are pictures."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        text="Content of the QR code: a link or a text",
        prompt="What the image around and inside the code should show",
        model=_options.OPTIONS["model"],
        count=_options.OPTIONS["count"],
        negative=_options.OPTIONS["negative"],
        seed=_options.OPTIONS["seed"],
        preset=_options.OPTIONS["preset"],
        extra=_options.EXTRA,
        private=_options.PRIVATE,
    )
    @app_commands.autocomplete(
        model=_autocomplete.image_models, preset=_autocomplete.presets, extra=_autocomplete.extras
    )
    async def qr(
        self,
        interaction: discord.Interaction[Any],
        text: app_commands.Range[str, 1, TEXT_MAX],
        prompt: _options.Prompt,
        model: str = "",
        count: _options.Count | None = None,
        negative: _options.Prompt = "",
        seed: _options.Seed = "",
        preset: _options.PresetName = "",
        extra: _options.Extra = "",
        private: bool = False,
    ) -> None:
        """Create an image that is also a QR code."""
        catalog, text = self._bot.services.catalog, text.strip()
        if not text:
            raise BadOption(_("`text` is empty. Enter the content of the QR code."))
        context = await self._bot.context(interaction)
        code = ImageChoices(workflow=QR, texts=(ExtraText(text=text, reference=QR),))
        choices = merged(code, _options.image_choices(interaction.namespace), SQUARE)
        request = await self._bot.services.composer.compose(context, choices)
        if not {catalog.baseline(name) for name in request.models} <= CODED:
            raise BadOption(_("Only SD 1.5 and SDXL models can make QR codes. Choose one of them."))
        await self._bot.submit(interaction, context, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Qr(bot))
