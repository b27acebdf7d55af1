"""Commands of those who manage a server: refused before an option is read or a name suggested."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord import app_commands

from bot.client.commands.command_tree import CommandTree
from bot.client.guild_permissions import NEEDS_MANAGE_GUILD
from cogs.moderation import ModerationCog
from cogs.server.group import Server

UNUSED = cast("Any", None)
AUTOCOMPLETE = discord.InteractionType.autocomplete


def commands_of(cog: Any) -> Iterator[app_commands.Command[Any, ..., Any]]:
    for command in cog(UNUSED).app_command.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


@pytest.mark.parametrize("kind", [discord.InteractionType.application_command, AUTOCOMPLETE])
@pytest.mark.parametrize("cog", [Server, ModerationCog])
@pytest.mark.parametrize(("may", "refusals"), [(False, [NEEDS_MANAGE_GUILD]), (True, [])])
async def test_commands_for_managers_are_refused_to_others_before_they_run(
    kind: discord.InteractionType, cog: Any, *, may: bool, refusals: list[str]
) -> None:
    for command in commands_of(cog):
        told: list[str] = []

        async def report(_: Any, error: Exception, told: list[str] = told) -> None:
            told.append(str(error))

        async def come_in(_: int) -> None:
            return

        async def admits(_: Any, *, always: bool) -> bool:
            return not always

        bot = SimpleNamespace(
            admits=admits, report=report, entrance=SimpleNamespace(come_in=come_in)
        )
        permissions = discord.Permissions(manage_guild=may)
        interaction: Any = SimpleNamespace(
            client=bot, command=command, id=1, type=kind, guild_id=5, permissions=permissions
        )
        assert await object.__new__(CommandTree).interaction_check(interaction) is may
        assert told == refusals, command.qualified_name
