"""Checks of Discord: the token, the login, the intents."""

import base64
import binascii
import re
from typing import Any

import aiohttp

from bot.cli.check_finding import Finding, plain_line
from bot.errors import SettingsError
from bot.settings import DiscordSettings

DISCORD_API = "https://discord.com/api/v10"
COPY = "Copy the token from the portal's Bot page, not the client secret or the public key."
_CONTENT_INTENT = 1 << 18 | 1 << 19  # application flags: allowed, or allowed below 100 servers
_TOKEN = re.compile(r"([\w-]{18,40})\.[\w-]{6}\.[\w-]{27,}", re.ASCII)


async def examine_login(discord: DiscordSettings, session: aiohttp.ClientSession) -> list[Finding]:
    """Whether Discord accepts the login, and the intents of the application."""
    token = discord.token.get_secret_value()
    found = [] if discord.api else [_shape(token)]
    try:
        status, user = await asked(session, discord, "/users/@me")
        _, application = await asked(session, discord, "/oauth2/applications/@me")
        user, application = dict(user or {}), dict(application or {})
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, TypeError) as error:
        text = f"Discord cannot be reached ({type(error).__name__})"
        mend = "Check the network, the proxy, the firewall and https://discordstatus.com."
        return [*found, Finding("Discord login", ok=False, text=text, mend=mend)]
    if status != 200:
        text = "Discord does not accept the token" if status == 401 else f"status {status}"
        mend = "Reset the token on the portal's Bot page, and put the new one into the settings."
        return [*found, Finding("Discord login", ok=False, text=text, mend=mend)]
    found.append(Finding("Discord login", ok=True, text=f"as {plain_line(user.get('username'))}"))
    return [*found, _intents(discord, application)]


def _shape(token: str) -> Finding:
    ok = _is_token(token)
    text = "has the format of a token" if ok else "does not have the format of a token"
    return Finding("Discord token", ok, text, COPY)


def _is_token(token: str) -> bool:
    return _TOKEN.fullmatch(token) is not None and application_id(token) is not None


def check_token(discord: DiscordSettings) -> None:
    """Raises SettingsError for an invalid token, such as the example's."""
    if not discord.api and not _is_token(discord.token.get_secret_value()):
        raise SettingsError(f"[discord] token does not have the format of a token. {COPY}")


def application_id(token: str) -> int | None:
    """The id at the beginning of a bot token, None for another format."""
    head = token.partition(".")[0]
    try:
        number = base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return int(number) if number.isdigit() else None


def _intents(discord: DiscordSettings, application: dict[str, Any]) -> Finding:
    if not discord.message_content:
        return Finding("Intents", ok=True, text="no privileged intent is needed")
    allowed = bool(int(application.get("flags") or 0) & _CONTENT_INTENT)
    return Finding(
        "Intents",
        allowed,
        f"Message Content is {'on' if allowed else 'off'}",
        "Turn on Message Content Intent on the portal's Bot page, or set message_content = false.",
    )


async def asked(
    session: aiohttp.ClientSession, discord: DiscordSettings, route: str
) -> tuple[int, Any]:
    """Status and body of an answer of Discord; the body of an error is None."""
    api = discord.api.rstrip("/").removesuffix("/api/v10") + "/api/v10"
    token = discord.token.get_secret_value()
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (hordecord, check)"}
    url = (api if discord.api else DISCORD_API) + route
    async with session.get(url, headers=headers, allow_redirects=False) as response:
        return response.status, await response.json() if response.status == 200 else None
