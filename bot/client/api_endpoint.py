"""Address of the Discord API. The only module that changes the library's class
attributes for it.
"""

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.errors import BotError

VERSION = "/api/v10"
_PATIENCE = aiohttp.ClientTimeout(total=10)


async def point_at(api: str) -> None:
    """Use the Discord look-alike at `api` (with or without /api/v10) from now on.

    Without this call the library uses Discord itself. The settings allow loopback addresses only,
    since the token is sent there. Raises BotError when it does not answer like a Discord.
    """
    origin = api.rstrip("/").removesuffix(VERSION)
    base = origin + VERSION
    gateway = await _gateway(base)
    Route.BASE = base
    # Declared as the one literal that it is for Discord.
    setattr(discord.Asset, "BASE", origin)  # noqa: B010
    DiscordWebSocket.DEFAULT_GATEWAY = gateway


async def _gateway(base: str) -> yarl.URL:
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE, trust_env=True) as session,
            session.get(f"{base}/gateway") as answer,
        ):
            answer.raise_for_status()
            return yarl.URL((await answer.json())["url"])
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError) as error:
        raise BotError(
            f"[discord] api: {base} does not answer like Discord ({type(error).__name__})."
        ) from error
