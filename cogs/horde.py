"""/horde: the state of the Horde."""

from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.custom_ids import ListName
from bot.client.bot import HordecordBot
from bot.domain.requests import Kind
from bot.ui.browse import buttons
from bot.ui.browse.buttons import open_list
from bot.ui.browse.horde_status import news_card, status_card
from bot.ui.browse.load_chart import FILENAME
from bot.ui.browse.view import SEARCH_MAX
from bot.ui.components.answers import answer_with_card
from bot.ui.components.views import Upload

Search = app_commands.Range[str, 1, SEARCH_MAX]
MODEL_KINDS = [
    app_commands.Choice(name="pictures", value="image"),
    app_commands.Choice(name="texts", value="text"),
]


class Horde(
    commands.GroupCog, group_name="horde", group_description="The AI Horde: models, styles, state"
):
    """Live information. Private, since it must ask the network before it can answer."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the state of the AI Horde: queue, workers, maintenance."""
        await interaction.response.defer(ephemeral=True)
        name, community = await self._backend(interaction), self._bot.services.community
        load, chart = await community.info.load(name), await community.chart.of(name)
        refusal = self._bot.services.outage_monitors[name].reason_of(Kind.IMAGE)
        card = status_card(load, refusal=refusal, chart=chart and chart.figures)
        await answer_with_card(interaction, card, [Upload(FILENAME, chart.data)] if chart else ())

    @app_commands.command()
    @app_commands.describe(kind="What the models create", search="Part of the name")
    @app_commands.choices(kind=MODEL_KINDS)
    async def models(
        self,
        interaction: discord.Interaction[Any],
        kind: str = "image",
        search: Search = "",
    ) -> None:
        """Browse models with sample images, number of workers and waiting time."""
        await open_list(interaction, cast("ListName", kind), search)

    @app_commands.command()
    @app_commands.describe(search="Part of the name, of a tag or of the group")
    async def styles(self, interaction: discord.Interaction[Any], search: Search = "") -> None:
        """Browse styles with sample images."""
        await open_list(interaction, "style", search)

    @app_commands.command()
    @app_commands.describe(search="Part of the name")
    async def loras(self, interaction: discord.Interaction[Any], search: Search = "") -> None:
        """Browse LoRAs, small additions to a model, with their trigger words."""
        await open_list(interaction, "lora", search)

    @app_commands.command()
    async def news(self, interaction: discord.Interaction[Any]) -> None:
        """Show the latest news of the AI Horde."""
        await interaction.response.defer(ephemeral=True)
        pieces = await self._bot.services.community.info.news(await self._backend(interaction))
        await answer_with_card(interaction, news_card(pieces))

    @app_commands.command()
    @app_commands.describe(search="Part of the name, of a model or of a form")
    async def workers(self, interaction: discord.Interaction[Any], search: Search = "") -> None:
        """Browse the workers that are online, with their models and speed."""
        await open_list(interaction, "worker", search)

    @app_commands.command()
    @app_commands.describe(search="Part of the name, of the description or of a worker's name")
    async def teams(self, interaction: discord.Interaction[Any], search: Search = "") -> None:
        """Browse the teams of workers, those with the most kudos first."""
        await open_list(interaction, "team", search)

    @app_commands.command()
    @app_commands.describe(search="Part of the name")
    async def leaderboard(self, interaction: discord.Interaction[Any], search: Search = "") -> None:
        """Browse the hundred accounts with the most kudos."""
        await open_list(interaction, "leader", search)

    @app_commands.command()
    @app_commands.describe(search="Part of the name")
    async def sponsors(self, interaction: discord.Interaction[Any], search: Search = "") -> None:
        """Browse the sponsors of the AI Horde."""
        await open_list(interaction, "sponsor", search)

    async def _backend(self, interaction: discord.Interaction[Any]) -> str:
        """The backend of the place, or the first Horde if it is none."""
        context = await self._bot.context(interaction)
        return self._bot.services.community.info.name_for(context.backend)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    buttons.register(bot)
    await bot.add_cog(Horde(bot))
