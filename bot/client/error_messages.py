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

log = logging.getLogger(__name__)

NETWORK = (aiohttp.ClientError, OSError, TimeoutError)  # not retried by discord.py
# The library raises one of these for an answer that is cut off or not JSON.
UNREADABLE = (ValueError, KeyError, TypeError)
TROUBLE = (discord.DiscordException, *NETWORK, *UNREADABLE)
CONTENT_MAX = 2_000  # characters of a plain message

OUTDATED = "This command has just changed. Reload Discord (Ctrl+R) and try again."
NOT_UNDERSTOOD = "One of the options was not understood. Try the command again."
COOLDOWN = "Not so fast: try again in {seconds:.0f} s."
SERVERS_ONLY = "This works in servers only."
NOT_YOURS = "You need the permission {permissions} for this."
NOT_OURS = "I need the permission {permissions} for this. An admin of the server can give it to me."
NOT_HERE = "You cannot use this here."
DISCORD_REFUSED = "Discord did not take that. Try again in a moment."
UNREACHABLE_NOW = "The Horde cannot be reached now. Try again in a few minutes."
UNREACHABLE = f"{UNREACHABLE_NOW[:-1]}; nothing was changed."
OUR_BUG = (
    "Something went wrong on my side. Try again; if it stays, tell the operator of this bot "
    "this number: `{number}`."
)


def sentence(error: BaseException) -> str:
    """Sentence for the user. An unexpected error is logged here, under a number to quote."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, BackendDown):
        log.info("the backend is down: %s", cause)
        return UNREACHABLE_NOW if cause.in_doubt else UNREACHABLE
    if isinstance(cause, BotError):
        return str(cause)
    if isinstance(cause, app_commands.AppCommandError):
        known = _of_the_library(cause)
        if known:
            return known
    if isinstance(cause, (discord.HTTPException, *NETWORK)):
        log.warning("Discord refused an answer: %s", cause or type(cause).__name__)
        return DISCORD_REFUSED
    number = secrets.token_hex(3)
    log.error("unexpected error %s", number, exc_info=cause)
    return OUR_BUG.format(number=number)


def _of_the_library(error: app_commands.AppCommandError) -> str:
    """The sentence for a refusal by discord.py itself; "" for one that should never happen."""
    found = ""
    match error:
        case app_commands.CommandSignatureMismatch() | app_commands.CommandNotFound():
            found = OUTDATED
        case app_commands.TransformerError():
            found = NOT_UNDERSTOOD
        case app_commands.CommandOnCooldown():
            found = COOLDOWN.format(seconds=max(1.0, error.retry_after))
        case app_commands.NoPrivateMessage():
            found = SERVERS_ONLY
        case app_commands.MissingPermissions():
            found = NOT_YOURS.format(permissions=_listed(error.missing_permissions))
        case app_commands.BotMissingPermissions():
            found = NOT_OURS.format(permissions=_listed(error.missing_permissions))
        case app_commands.CheckFailure():
            found = NOT_HERE
        case _:
            pass
    return found


def _listed(permissions: list[str]) -> str:
    return ", ".join(f"**{name.replace('_', ' ').title()}**" for name in permissions)


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
