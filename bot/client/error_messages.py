"""Converts an error to a sentence, and sends a sentence to one user in private.

Called by the bot's `report` only, the only place where an error becomes a message.
"""

import logging
import secrets
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.errors import BackendDown, BotError
from bot.i18n import N_, _
from bot.i18n.formats import duration, list_and

log = logging.getLogger(__name__)

NETWORK = (aiohttp.ClientError, OSError, TimeoutError)  # not retried by discord.py
# The library raises one of these for an answer that is cut off or not JSON.
UNREADABLE = (ValueError, KeyError, TypeError)
TROUBLE = (discord.DiscordException, *NETWORK, *UNREADABLE)
CONTENT_MAX = 2_000  # characters of a plain message

OUTDATED = N_("This command has changed. Reload Discord (Ctrl+R) and try again.")
SERVERS_ONLY = N_("This works in servers only.")
DISCORD_REFUSED = N_("Discord did not accept the answer. Try again in a moment.")
UNREACHABLE_NOW = N_("The Horde cannot be reached now. Try again in a few minutes.")
UNREACHABLE = N_(
    "The Horde cannot be reached now, and nothing was changed. Try again in a few minutes."
)
UNREACHABLE_BACKEND_NOW = N_("{backend} cannot be reached now. Try again in a few minutes.")
UNREACHABLE_BACKEND = N_(
    "{backend} cannot be reached now, and nothing was changed. Try again in a few minutes."
)
OUR_BUG = N_(
    "An error occurred in the bot. Try again; if it happens again, tell the operator of this bot "
    "the number `{number}`."
)


def sentence(error: BaseException) -> str:
    """Sentence for the user. An unexpected error is logged here, under a number to quote."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, BackendDown):
        log.info("the backend is down: %s", cause)
        return _unreachable(cause)
    if isinstance(cause, BotError):
        return str(cause)
    if isinstance(cause, app_commands.AppCommandError):
        known = _of_the_library(cause)
        if known:
            return known
    if isinstance(cause, (discord.HTTPException, *NETWORK)):
        log.warning("Discord refused an answer: %s", cause or type(cause).__name__)
        return _(DISCORD_REFUSED)
    number = secrets.token_hex(3)
    log.error("unexpected error %s", number, exc_info=cause)
    return _(OUR_BUG).format(number=number)


def _unreachable(error: BackendDown) -> str:
    if not error.title:
        return _(UNREACHABLE_NOW if error.in_doubt else UNREACHABLE)
    text = _(UNREACHABLE_BACKEND_NOW if error.in_doubt else UNREACHABLE_BACKEND)
    return text.format(backend=error.title)


def _of_the_library(error: app_commands.AppCommandError) -> str:
    """The sentence for a refusal by discord.py itself; "" for one that should never happen."""
    found = ""
    match error:
        case app_commands.CommandSignatureMismatch() | app_commands.CommandNotFound():
            found = _(OUTDATED)
        case app_commands.TransformerError():
            found = _("An option has a wrong value. Correct it and use the command again.")
        case app_commands.CommandOnCooldown():
            text = _("You used this too often. Try again in {time}.")
            found = text.format(time=duration(max(1.0, error.retry_after)))
        case app_commands.NoPrivateMessage():
            found = _(SERVERS_ONLY)
        case app_commands.MissingPermissions():
            text = _("You need these permissions: {permissions}.")
            found = text.format(permissions=_listed(error.missing_permissions))
        case app_commands.BotMissingPermissions():
            text = _(
                "The bot needs these permissions: {permissions}. Ask an administrator of this "
                "server."
            )
            found = text.format(permissions=_listed(error.missing_permissions))
        case app_commands.CheckFailure():
            found = _("You cannot use this here.")
        case _:
            pass
    return found


def _listed(permissions: list[str]) -> str:
    return list_and(f"**{name.replace('_', ' ').title()}**" for name in permissions)


async def say(interaction: discord.Interaction[Any], text: str) -> None:
    """Send a sentence to the user of that interaction in private.

    A user who cannot be reached any more is no error: Discord has reported the failure.
    """
    text = text[:CONTENT_MAX]
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            if not interaction.response.is_done():
                await interaction.response.autocomplete([])
        elif interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except (discord.HTTPException, discord.InteractionResponded, *NETWORK) as error:
        log.info("a private message was not delivered: %s", error or type(error).__name__)
