"""The option `extra`: flags that reach every parameter of a picture."""

from typing import Any

import discord
from discord import app_commands

from bot.client.bot import HordecordBot
from bot.parameters.flags import suggestions
from bot.ui.components.place import here

EXTRA = "Anything else, as flags: --steps 30 --lora 12345:0.8; they complete as you type"
Extra = app_commands.Range[str, 1, 2_000]  # characters


async def extras(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of flags and their values. From memory alone."""
    bot: HordecordBot = interaction.client
    kept = await bot.service.presets(interaction.user.id, interaction.guild_id)
    names, place = [preset.name for preset in kept], await here(interaction)
    found = suggestions(typed, bot.catalog, presets=names, nsfw=place.nsfw, rules=place.rules)
    return [app_commands.Choice(name=text, value=text) for text in found]
