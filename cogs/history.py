"""/history: a user's past results."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.requests import Kind
from bot.ui.components.views import layout_of
from bot.ui.history import history_buttons
from bot.ui.history.history_view import SEARCH_MAX, Filter, searched

KINDS = {"images": Kind.IMAGE, "texts": Kind.TEXT, "alchemy": Kind.ALCHEMY, "videos": Kind.VIDEO}


class HistoryCog(commands.Cog):
    """Ended requests."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        search="Words of the prompt",
        kind="Type of the results",
        favourites="Only results that you saved",
    )
    async def history(
        self,
        interaction: discord.Interaction[Any],
        search: app_commands.Range[str, 1, SEARCH_MAX] = "",
        kind: Literal["images", "texts", "alchemy", "videos"] | None = None,
        favourites: bool = False,
    ) -> None:
        """Find your past results, and show, repeat, save or delete them."""
        await interaction.response.defer(ephemeral=True, thinking=True)  # thumbnails are slow
        which = Filter(searched(search), KINDS[kind] if kind else None, favourites)
        card, files = await history_buttons.history_page(self._bot, interaction.user.id, which)
        await interaction.followup.send(view=layout_of(card), files=files, ephemeral=True)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    history_buttons.register(bot)
    await bot.add_cog(HistoryCog(bot))
