"""The option `backend` of commands about keys."""

from typing import Any

import discord
from discord import app_commands

from bot.backends.base import Backend
from bot.cards.card import OPTION_MAX, OPTIONS_MAX
from bot.client.bot import HordecordBot
from bot.errors import BadOption
from bot.i18n import _
from bot.i18n.formats import list_and
from bot.ui.account.key_texts import check_takes_keys


async def chosen_backend(interaction: discord.Interaction[Any], typed: str) -> Backend:
    """The backend of that name or title, or the one of the place.

    Raises UserError for an unknown one, and for one without keys.
    """
    bot: HordecordBot = interaction.client
    known = bot.services.backends
    found = known[(await bot.context(interaction)).backend]
    if typed:
        wanted = typed.casefold()
        fitting = [b for b in known.values() if wanted in {b.name, b.capabilities.title.casefold()}]
        if not fitting:
            names = list_and(f"`{name}`" for name in known)
            raise BadOption(
                _("There is no such backend. Available backends: {names}.").format(names=names)
            )
        found = fitting[0]
    check_takes_keys(found.capabilities)
    return found


async def backends_with_keys(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the titles of the backends that take keys."""
    bot: HordecordBot = interaction.client
    titles = (
        (backend.capabilities.title, name)
        for name, backend in bot.services.backends.items()
        if backend.capabilities.keys != "none"
    )
    found = [pair for pair in titles if typed.casefold() in " ".join(pair).casefold()]
    return [
        app_commands.Choice(name=title[:OPTION_MAX], value=name)
        for title, name in found[:OPTIONS_MAX]
    ]
