"""`hordecord health`: the health probe of a container."""

from pathlib import Path
from typing import Any

import aiohttp

from bot.errors import BotError
from bot.settings import HttpSettings

FIRST = Path("/proc/1/cmdline")  # of a container: its first process is the bot
TIMEOUT = aiohttp.ClientTimeout(total=5)
# Failures that a restart may fix. A Horde that is down is not one.
NEEDED = ("gateway", "database")
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - of the bot, which is asked


def config_of_container(first: Path = FIRST) -> Path | None:
    """The settings file with which the first process runs the bot; None without one."""
    try:
        words = first.read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None
    if "run" not in words:
        return None
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, _, value = word.partition("=")
        if name == "--config":
            return Path(value or following)
    return None


async def probe(http: HttpSettings) -> None:
    """Raises BotError when the bot does not answer or is not healthy. Without [http]
    listen it passes.
    """
    if http.address is None:
        return
    host, port = http.address
    host = ANY_ADDRESS.get(host, host)
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/healthz"
    try:
        # Without the proxy of the environment: the bot is on this machine.
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(url) as answer:
            parts: dict[str, Any] = await answer.json()
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise BotError(f"The bot does not answer at {url} ({type(error).__name__}).") from None
    if failed := [name for name in NEEDED if not parts.get(name)]:
        raise BotError(f"The bot is not healthy. Down: {', '.join(failed)}.")
