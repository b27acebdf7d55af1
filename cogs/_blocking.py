"""Whom nobody blocks: bots, oneself, those who run the bot, and in a server who manages it."""

from typing import Any

import discord

from bot.client import HordecordBot
from bot.errors import UserError
from bot.ui import people_words as words

Person = discord.User | discord.Member


async def blockable(interaction: discord.Interaction[Any], person: Person, *, here: bool) -> int:
    """The id of somebody who may be blocked, in this server (`here`) or anywhere.

    Raises UserError.
    """
    bot: HordecordBot = interaction.client
    if person.bot:
        raise UserError(words.NO_BOT)
    if person.id == interaction.user.id:
        raise UserError(words.NOT_YOURSELF)
    if await bot.is_owner(person):
        raise UserError(words.NOT_AN_OWNER)
    if here and isinstance(person, discord.Member) and _manages(person):
        raise UserError(words.NOT_A_MANAGER)
    return person.id


def _manages(member: discord.Member) -> bool:
    """What Discord says with the interaction; the bot caches no members."""
    may = member.resolved_permissions
    return may is not None and may.manage_guild
