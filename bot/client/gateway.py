"""Login and gateway connection, with retries of temporary failures; whether it is alive."""

import asyncio
import logging
import random
import time
from collections.abc import Iterable
from typing import Any

import aiohttp
import discord
from tenacity import RetryCallState

from bot.aio.retry import doubling, one_of, retry
from bot.client.error_messages import NETWORK
from bot.errors import BotError, SettingsError
from bot.settings import Settings

log = logging.getLogger(__name__)

# discord.py opens one connection for each call: a thousand commands at one moment would be a
# thousand TLS handshakes, which take longer than the answers. With this limit they are answered in
# turn.
CONNECTIONS = 256
LATE = 15.0  # seconds past its interval (some 41) after which a heartbeat counts as unanswered
RETRY_FIRST, RETRY_MAX = 1.0, 60.0  # seconds between attempts to reach Discord
# RecursionError: discord.py retries a shard's first connection by calling itself.
UNREACHABLE = (discord.HTTPException, discord.GatewayNotFound, RecursionError, *NETWORK)
REFUSED = "[discord] token: Discord does not accept it. Copy it again from the developer portal."
NO_INTENT = (
    "[discord] message_content: turn on the Message Content intent of the bot in the developer "
    "portal, or set this to false."
)
# At DEBUG these log whole URLs and events, which contain interaction tokens.
TALKATIVE = ("discord.gateway", "discord.http", "discord.webhook.async_")


async def stay(client: discord.Client, token: str, online: asyncio.Event) -> None:
    """Stay connected until cancelled or closed. `online` is set after the login.

    Raises SettingsError for a token or an intent that Discord refuses, BotError when it closes the
    gateway for good.
    """
    try:
        await _keep_trying(client, token, online)
    except discord.LoginFailure:
        raise SettingsError(REFUSED) from None
    except discord.PrivilegedIntentsRequired:
        raise SettingsError(NO_INTENT) from None
    except discord.ConnectionClosed as error:
        if error.code == 4004:
            raise SettingsError(REFUSED) from None
        raise BotError(f"Discord closed the gateway permanently ({error.code}).") from error


async def _keep_trying(client: discord.Client, token: str, online: asyncio.Event) -> None:
    pauses = doubling(RETRY_FIRST, RETRY_MAX)
    await retry(
        lambda: _connect(client, token, online),
        lambda state: random.uniform(0.5, 1.0) * pauses(state),  # noqa: S311 - jitter
        when=one_of(*UNREACHABLE),
        report=_log_failure,
    )


async def _connect(client: discord.Client, token: str, online: asyncio.Event) -> None:
    while not client.is_closed():
        try:
            if not online.is_set():
                client.http.connector = aiohttp.TCPConnector(limit=CONNECTIONS)
                await client.login(token)
            await client.connect()
        except UNREACHABLE:
            if not online.is_set():  # a login that failed half-way left its session open
                await client.http.close()
            raise


def _log_failure(error: BaseException, state: RetryCallState) -> None:
    pause = state.upcoming_sleep
    log.warning("Discord cannot be reached, next try in %.1f s: %s", pause, error)


def hush() -> None:
    """Keep messages with tokens out of the log, whatever its level."""
    for name in TALKATIVE:
        logging.getLogger(name).addFilter(_above_debug)


def _above_debug(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


def is_alive(shards: Iterable[Any]) -> bool:
    """Whether any of those discord.ShardInfo is connected and its heartbeat was answered in time.

    Any, not all: a shard that reconnects is handled by the library and is no reason to restart.
    """
    return any(not shard.is_closed() and _answered(shard) for shard in shards)


def _answered(shard: Any) -> bool:
    # The library keeps the time of the last answer private; its public `latency` does not change
    # when the answers stop.
    socket = getattr(getattr(shard, "_parent", None), "ws", None)
    heart = getattr(socket, "_keep_alive", None)
    if heart is None:  # before its hello, or while it closes
        return False
    return time.perf_counter() - heart._last_ack < (heart.interval or 0.0) + LATE  # noqa: SLF001


def intents_of(settings: Settings) -> discord.Intents:
    """The events that the bot asks Discord for. Only message_content is a privileged intent.

    guild_messages: without message_content, a message has a text only if it mentions the bot or
    replies to it. Each message costs about 30 microseconds, and none is kept. guild_reactions: for
    gifts.
    """
    intents = discord.Intents(
        guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True
    )
    intents.message_content = settings.discord.message_content
    return intents
