"""Check of the bot's permissions on each server."""

from typing import Any

import aiohttp
import discord

from bot.cli.check_discord import asked
from bot.cli.check_finding import Finding, plain_line
from bot.cli.invite import OPTIONAL, PERMISSIONS
from bot.settings import DiscordSettings

PAGE = 200  # servers in one answer of Discord, the most
PAGES = 25  # the most that are read
NAMED = 3  # servers in the finding
MEND = (
    "Allow it to the role of the bot in the settings of the server, or open the link of"
    " `hordecord invite` again."
)


async def examine_permissions(
    settings: DiscordSettings, session: aiohttp.ClientSession
) -> list[Finding]:
    """Servers where the bot lacks a permission of its invitation. Empty without an answer.

    What a single channel forbids is not known here.
    """
    try:
        guilds = await _guilds(settings, session)
        lacking = [(each["name"], missing) for each in guilds if (missing := _missing(each))]
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, TypeError, KeyError):
        return []  # the login, which is checked first, names the reason
    if not lacking:
        text = f"all that the bot needs (servers: {len(guilds)})"
        return [Finding("Permissions", ok=True, text=text + _without_optional(guilds))]
    named = [f"{plain_line(name)}: {', '.join(missing)}" for name, missing in lacking[:NAMED]]
    more = f"; more servers: {len(lacking) - NAMED}" if len(lacking) > NAMED else ""
    return [Finding("Permissions", False, f"missing on {'; '.join(named)}{more}", MEND)]


async def _guilds(
    settings: DiscordSettings, session: aiohttp.ClientSession
) -> list[dict[str, Any]]:
    """Every server of the bot, in the order of their ids. Raises ValueError without a list."""
    found: list[dict[str, Any]] = []
    for _ in range(PAGES):
        after = found[-1]["id"] if found else 0
        status, page = await asked(
            session, settings, f"/users/@me/guilds?limit={PAGE}&after={after}"
        )
        if status != 200:
            raise ValueError(status)
        found += page
        if len(page) < PAGE:
            break
    return found


def _without_optional(guilds: list[dict[str, Any]]) -> str:
    """How many servers give the bot fewer than all permissions of its invitation, or ""."""
    lacking = [(name, sum(not _has(each, name) for each in guilds)) for name in sorted(OPTIONAL)]
    return "".join(
        f"; servers without the optional {_shown(name)}: {count}"
        for name, count in lacking
        if count
    )


def _missing(guild: dict[str, Any]) -> list[str]:
    """The names of missing permissions, as Discord's settings show them."""
    needed = (name for name in PERMISSIONS if name not in OPTIONAL)
    return [_shown(name) for name in needed if not _has(guild, name)]


def _has(guild: dict[str, Any], name: str) -> bool:
    has = discord.Permissions(int(guild["permissions"]))
    return has.administrator or getattr(has, name)


def _shown(name: str) -> str:
    return name.replace("_", " ").title().replace(" In ", " in ")
