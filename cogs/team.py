"""/team: teams of workers at the Horde. All answers are private."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.errors import BadOption, UserError
from bot.i18n import _
from bot.services.community.pending_changes import Change
from bot.ui.browse.buttons import open_list
from bot.ui.browse.horde_lists import team_details
from bot.ui.browse.view import SEARCH_MAX, entry_card, list_page_of
from bot.ui.components.answers import answer_with_card
from bot.ui.workers import questions, team_questions
from cogs._autocomplete import own_workers, teams

Name = app_commands.Range[str, 1, 100]
NewName = app_commands.Range[str, 3, 100]
NewInfo = app_commands.Range[str, 3, 1_000]


class TeamCog(
    commands.GroupCog, group_name="team", group_description="Teams of workers at the AI Horde"
):
    """Each change is confirmed by a button."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(search="Part of the name, of the description or of a worker's name")
    async def list(
        self,
        interaction: discord.Interaction[Any],
        search: app_commands.Range[str, 1, SEARCH_MAX] = "",
    ) -> None:
        """List the teams that you created or that your workers are in."""
        await open_list(interaction, "own_team", search)

    @app_commands.command()
    @app_commands.describe(team="Name of the team")
    @app_commands.autocomplete(team=teams)
    async def show(self, interaction: discord.Interaction[Any], team: Name) -> None:
        """Show a team with its workers and models."""
        await interaction.response.defer(ephemeral=True)  # the Horde may be called
        found = await self._bot.services.community.teams.find(team)
        where, catalog = await self._bot.context(interaction), self._bot.services.catalog
        details = team_details(found, catalog, where)
        await answer_with_card(interaction, entry_card(list_page_of("team"), details))

    @app_commands.command()
    @app_commands.describe(name="Name of the team", info="Description that everyone sees")
    async def create(
        self, interaction: discord.Interaction[Any], name: NewName, info: NewInfo = ""
    ) -> None:
        """Create a team. The AI Horde allows this to trusted accounts only."""
        user_id, owned = interaction.user.id, self._bot.services.community.teams
        await self._prepare(interaction)

        async def change() -> str:
            await owned.create(user_id, name, info)
            return _("The team is created. Add a worker with `/team join`.")

        await questions.ask(interaction, team_questions.create(name, info), change)

    @app_commands.command()
    @app_commands.describe(worker="Name of your worker", team="Name of the team")
    @app_commands.autocomplete(worker=own_workers, team=teams)
    async def join(self, interaction: discord.Interaction[Any], worker: Name, team: Name) -> None:
        """Put one of your workers into a team."""
        await self._prepare(interaction)
        community = self._bot.services.community
        moved = await community.workers.find(interaction.user.id, worker)
        found = await community.teams.find(team)
        change = self._moving(interaction.user.id, moved.id, found.id)
        await questions.ask(interaction, team_questions.join_team(moved, found), change)

    @app_commands.command()
    @app_commands.describe(worker="Name of your worker")
    @app_commands.autocomplete(worker=own_workers)
    async def leave(self, interaction: discord.Interaction[Any], worker: Name) -> None:
        """Take one of your workers out of its team."""
        await self._prepare(interaction)
        moved = await self._bot.services.community.workers.find(interaction.user.id, worker)
        if not moved.team.id:
            raise UserError(_("This worker is not in a team."))
        change = self._moving(interaction.user.id, moved.id)
        await questions.ask(interaction, team_questions.leave(moved), change)

    @app_commands.command()
    @app_commands.describe(
        team="Name of your team", name="New name", info="New description that everyone sees"
    )
    @app_commands.autocomplete(team=teams)
    async def edit(
        self,
        interaction: discord.Interaction[Any],
        team: Name,
        name: NewName = "",
        info: NewInfo = "",
    ) -> None:
        """Change the name or the description of a team that you created."""
        if not (name or info):
            raise BadOption(_("Give a new name or a new description."))
        await self._prepare(interaction)
        user_id, owned = interaction.user.id, self._bot.services.community.teams
        found = await owned.find(team)

        async def change() -> str:
            await owned.edit(user_id, found.id, name, info)
            return _("The team is changed. `/team show` shows it.")

        await questions.ask(interaction, team_questions.edit_team(found, name, info), change)

    async def _prepare(self, interaction: discord.Interaction[Any]) -> None:
        """Defer, and refuse users without a key of their own before they are asked anything."""
        await interaction.response.defer(ephemeral=True)
        await self._bot.services.community.workers.access(interaction.user.id)

    def _moving(self, user_id: int, worker_id: str, team_id: str = "") -> Change:
        async def change() -> str:
            await self._bot.services.community.teams.move(user_id, worker_id, team_id)
            return _("The worker is changed. `/worker show` shows it.")

        return change


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(TeamCog(bot))
