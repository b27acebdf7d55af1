"""Who may change what is for a whole server. Discord says it with every interaction."""

from typing import Any

import discord

from bot.errors import NotAllowed
from bot.report import SERVERS_ONLY
from bot.ui import sentences


def managed_guild(interaction: discord.Interaction[Any]) -> int:
    """The server that this person may manage. Raises NotAllowed anywhere else."""
    if interaction.guild_id is None:
        raise NotAllowed(SERVERS_ONLY)
    if not interaction.permissions.manage_guild:
        raise NotAllowed(sentences.NEEDS_MANAGE_GUILD)
    return interaction.guild_id
