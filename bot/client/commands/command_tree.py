"""The command tree: which interactions run, and where their errors go."""

from typing import Any, Protocol

import discord
from discord import app_commands

from bot.client.guild_leftovers import delete_leftover
from bot.client.guild_permissions import managed_guild
from bot.client.interaction_queue import InteractionLimiter
from bot.errors import BotError

FOR_ALL = "for_all"  # in the extras of a command that blocked users may use too


def _is_for_managers(
    command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu,
) -> bool:
    root = command.root_parent if isinstance(command, app_commands.Command) else None
    needed = (root or command).default_permissions
    return needed is not None and needed.manage_guild


class InteractionClient(Protocol):
    """What the tree needs of its client; implemented by bot/client/bot.py."""

    entrance: InteractionLimiter

    async def admits(self, interaction: discord.Interaction[Any], *, always: bool = False) -> bool:
        """Whether to run it. Raises NotAllowed."""
        ...

    async def report(self, interaction: discord.Interaction[Any], error: BaseException) -> None:
        """Send the error to the user in private."""
        ...


class CommandTree(app_commands.CommandTree[Any]):
    """The commands. Each interaction runs once, and every error is reported by the bot."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Whether to run it; False for a repeated delivery and for a blocked user."""
        bot: InteractionClient = interaction.client
        command = interaction.command
        always = command is not None and bool(command.extras.get(FOR_ALL))
        try:
            admitted = await bot.admits(interaction, always=always)
            if admitted and command is not None and _is_for_managers(command):
                managed_guild(interaction)  # before an option is read, and for autocomplete
        except BotError as error:
            await bot.report(interaction, error)
            return False
        if admitted and interaction.type is discord.InteractionType.application_command:
            await bot.entrance.come_in(interaction.id)
        return admitted

    async def on_error(
        self,
        interaction: discord.Interaction[Any],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        """Report the error in private."""
        bot: InteractionClient = interaction.client
        await bot.report(interaction, error)
        await delete_leftover(interaction, error)
