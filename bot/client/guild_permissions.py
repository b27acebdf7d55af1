"""Whether a member may manage the server in which they use a command or press a button."""

from typing import Any

import discord

from bot.client.error_messages import SERVERS_ONLY
from bot.errors import NotAllowed
from bot.i18n import N_, _

NEEDS_MANAGE_GUILD = N_("You need the permission **Manage Server** for this.")


def managed_guild(interaction: discord.Interaction[Any]) -> int:
    """The server that this member may manage. Raises NotAllowed anywhere else.

    Checked at every press: Discord hides the commands, but a panel stays.
    """
    if interaction.guild_id is None:
        raise NotAllowed(_(SERVERS_ONLY))
    if not interaction.permissions.manage_guild:
        raise NotAllowed(_(NEEDS_MANAGE_GUILD))
    return interaction.guild_id
