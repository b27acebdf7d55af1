"""Users that cannot be blocked: bots, oneself, owners of the bot, and in a server its managers."""

from typing import Any

import discord

from bot.client.bot import HordecordBot
from bot.errors import UserError

NO_BOT, NOT_YOURSELF = "Bots cannot use me anyway.", "You cannot block yourself."
NOT_A_MANAGER = (
    "That person may manage this server, so they cannot be blocked in it. Take that permission "
    "away first."
)
NOT_AN_OWNER = "That person runs this bot and cannot be blocked."

Person = discord.User | discord.Member


async def blockable(interaction: discord.Interaction[Any], person: Person, *, here: bool) -> int:
    """The id of a user who may be blocked, in this server (`here`) or everywhere.

    Raises UserError.
    """
    bot: HordecordBot = interaction.client
    if person.bot:
        raise UserError(NO_BOT)
    if person.id == interaction.user.id:
        raise UserError(NOT_YOURSELF)
    if await bot.is_owner(person):
        raise UserError(NOT_AN_OWNER)
    if here and isinstance(person, discord.Member) and _manages(person):
        raise UserError(NOT_A_MANAGER)
    return person.id


def _manages(member: discord.Member) -> bool:
    """From the interaction; the bot caches no members."""
    may = member.resolved_permissions
    return may is not None and may.manage_guild
