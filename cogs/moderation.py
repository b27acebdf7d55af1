"""/moderation: users blocked in a server by its managers."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.services.user_bans import REASON_MAX
from bot.ui.components.answers import answer_with_card
from bot.ui.operator import blocked_people
from bot.ui.server.changes import managed_guild
from cogs._permissions import blockable


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)  # a default: checked again here
class ModerationCog(
    commands.GroupCog, group_name="moderation", group_description="Blocked members of this server"
):
    """Everything here is private, and for this server alone."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        person="The member", reason="Reason, visible only to members who can manage this server"
    )
    async def block(
        self,
        interaction: discord.Interaction[Any],
        person: discord.User,
        reason: app_commands.Range[str, 1, REASON_MAX] = "",
    ) -> None:
        """Block a member on this server and cancel their open requests."""
        guild_id = managed_guild(interaction)
        await interaction.response.defer(ephemeral=True)  # Discord may be asked for the owners
        user_id = await blockable(interaction, person, here=True)
        bans = self._bot.services.bans
        stopped = await bans.block(guild_id, user_id, interaction.user.id, reason)
        await interaction.followup.send(blocked_people.blocked(user_id, stopped), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(person="The member. For one who left the server, enter the user ID")
    async def unblock(self, interaction: discord.Interaction[Any], person: discord.User) -> None:
        """Unblock a member on this server."""
        await self._bot.services.bans.unblock(managed_guild(interaction), person.id)
        said = blocked_people.unblocked(person.id)
        await interaction.response.send_message(said, ephemeral=True)

    @app_commands.command()
    async def blocked(self, interaction: discord.Interaction[Any]) -> None:
        """List the members blocked on this server, with the reasons."""
        found = await self._bot.services.bans.of(managed_guild(interaction))
        await answer_with_card(interaction, blocked_people.blocked_card(found))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(ModerationCog(bot))
