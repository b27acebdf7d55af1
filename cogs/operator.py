"""/operator: for those who run the bot. Hidden from everybody else, and asked again here."""

import platform
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot import __version__
from bot.client import HordecordBot
from bot.errors import NotAllowed
from bot.ui import sentences
from bot.ui.layout import layout_of
from bot.ui.stats import stats_card


@app_commands.default_permissions()  # nobody; Discord still shows it to admins and in DMs
class Operator(commands.GroupCog, group_name="operator", group_description="Running this bot"):
    """What only the owners of the bot may do. Everything here is private."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def stats(self, interaction: discord.Interaction[Any]) -> None:
        """How the bot is doing: queue, open requests, outages, memory."""
        await self._admit(interaction)
        versions = (
            f"Hordecord {__version__} · discord.py {discord.__version__} "
            f"· Python {platform.python_version()}"
        )
        card = stats_card(await self._bot.watch.look(), versions)
        await interaction.followup.send(view=layout_of(card), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(state="off takes new requests again")
    async def drain(
        self, interaction: discord.Interaction[Any], state: Literal["on", "off"] = "on"
    ) -> None:
        """Take no new requests before a restart; what is under way goes on."""
        await self._admit(interaction)
        self._bot.service.draining = state == "on"
        said = sentences.DRAINS_NO_MORE
        if state == "on":
            count = sum((await self._bot.watch.look()).open.values())
            left = sentences.STILL_OPEN.format(count=count) if count else sentences.NOTHING_OPEN
            said = sentences.DRAINS.format(left=left)
        await interaction.followup.send(said, ephemeral=True)

    async def _admit(self, interaction: discord.Interaction[Any]) -> None:
        """Answers at once, since Discord may have to be asked who owns the application."""
        await interaction.response.defer(ephemeral=True)
        if not await self._bot.is_owner(interaction.user):
            raise NotAllowed(sentences.OWNERS_ONLY)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Operator(bot))
