"""Autocomplete and options of the commands about characters, personas and lorebooks."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.cards.card import OPTION_MAX, OPTIONS_MAX
from bot.cards.markdown import clean
from bot.client.bot import HordecordBot
from bot.domain.chat.characters import StoredCharacter
from bot.errors import BadOption
from bot.i18n import _
from bot.services.chat.character_files import UploadedFile

Name = app_commands.Range[str, 1, OPTION_MAX]
Interaction = discord.Interaction[Any]


async def own_characters(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Autocomplete of the member's characters."""
    bot: HordecordBot = interaction.client
    usable = await bot.services.chat.characters.usable(interaction.user.id, None)
    return _choices(typed, ((one.name, one.id) for one in usable))


async def usable_characters(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Autocomplete of the characters that the member may use there."""
    bot: HordecordBot = interaction.client
    context = await bot.context(interaction)
    usable = await bot.services.chat.characters.usable(context.user_id, context.guild_id)
    fit = (one for one in usable if context.nsfw or not one.adult)
    return _choices(typed, ((one.name, one.id) for one in fit))


async def own_personas(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Autocomplete of the member's personas."""
    bot: HordecordBot = interaction.client
    found = await bot.services.chat.personas.of(interaction.user.id)
    return _choices(typed, ((one.name, one.id) for one in found))


async def own_lorebooks(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Autocomplete of the member's lorebooks."""
    bot: HordecordBot = interaction.client
    found = await bot.services.chat.lorebooks.of(interaction.user.id)
    return _choices(typed, ((one.lorebook.name, one.id) for one in found))


async def own_character(bot: HordecordBot, user_id: int, name: str) -> StoredCharacter:
    """The member's character of that name. Raises BadOption."""
    wanted = name.casefold().strip()
    for one in await bot.services.chat.characters.usable(user_id, None):
        if wanted in {one.name.casefold(), f"#{one.id}"}:
            return await bot.services.chat.characters.own(user_id, one.id)
    text = _("You have no character of that name. Choose one from the list that appears.")
    raise BadOption(text)


def uploaded(attachment: discord.Attachment) -> UploadedFile:
    """An attachment of a command."""
    return UploadedFile(attachment.url, attachment.filename, attachment.size)


def _choices(typed: str, named: Iterable[tuple[str, int]]) -> list[Choice[str]]:
    """The names that contain the typed text. The value is an id: names may be alike."""
    wanted = typed.casefold().strip()
    fit = [(name, number) for name, number in named if wanted in name.casefold()]
    return [
        Choice(name=clean(name, OPTION_MAX) or "?", value=f"#{number}")
        for name, number in fit[:OPTIONS_MAX]
    ]
