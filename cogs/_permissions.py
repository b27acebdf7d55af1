"""Users that cannot be blocked: bots, oneself, owners of the bot, and in a server its managers."""

from typing import Any

import discord

from bot.client.bot import HordecordBot
from bot.errors import UserError
from bot.i18n import _

Person = discord.User | discord.Member


async def blockable(interaction: discord.Interaction[Any], person: Person, *, here: bool) -> int:
    """The id of a user who may be blocked, in this server (`here`) or everywhere.

    Raises UserError.
    """
    bot: HordecordBot = interaction.client
    if person.bot:
        raise UserError(_("Bots cannot be blocked: they cannot use commands."))
    if person.id == interaction.user.id:
        raise UserError(_("You cannot block yourself."))
    if await bot.is_owner(person):
        raise UserError(_("This user is an operator of the bot and cannot be blocked."))
    if here and isinstance(person, discord.Member) and _manages(person):
        raise UserError(
            _(
                "This member has the permission **Manage Server** and cannot be blocked. Remove "
                "the permission first."
            )
        )
    return person.id


def _manages(member: discord.Member) -> bool:
    """From the interaction; the bot caches no members."""
    may = member.resolved_permissions
    return may is not None and may.manage_guild
