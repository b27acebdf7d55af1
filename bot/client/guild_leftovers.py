"""Commands that another program registered for one server alone, under the same application."""

import logging
from collections.abc import Mapping
from typing import Any, cast

import discord
from discord import app_commands

from bot.client.error_messages import TROUBLE

log = logging.getLogger(__name__)
# What Discord sends for a command that this bot does not have, or has in another form.
UNKNOWN = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)


async def delete_leftover(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Delete the command of that interaction if it is such a leftover.

    Commands of all servers are compared at each start; those of one server show themselves only
    when they are used, and would be answered with the same error for ever.
    """
    data = cast("Mapping[str, Any]", interaction.data or {})
    if not isinstance(error, UNKNOWN) or not data.get("guild_id"):
        return
    guild_id, command_id = int(data["guild_id"]), int(data["id"])
    here = discord.Object(guild_id)
    if interaction.client.tree.get_command(str(data.get("name")), guild=here) is not None:
        return  # one of this bot's own for that server
    try:
        http = interaction.client.http
        await http.delete_guild_command(interaction.application_id, guild_id, command_id)
    except TROUBLE as failure:
        log.warning("a leftover command of one server cannot be deleted: %s", failure)
    else:
        log.info("a leftover command of one server was deleted: %s", data.get("name"))
