"""The links that add the bot to a server or an account, with the needed permissions and their
reasons.
"""

import aiohttp
import discord

from bot.cli.check_discord import DISCORD_API, application_id
from bot.errors import BotError
from bot.settings import DiscordSettings

PERMISSIONS = {
    "view_channel": "to reach its own messages after 15 minutes, when an interaction's token ends",
    "send_messages": "to hand a result out when its first message was deleted",
    "send_messages_in_threads": "the same in threads",
    "embed_links": "so that links in cards lead somewhere",
    "attach_files": "the pictures",
    "read_message_history": "to edit its own cards",
}


async def invitation(settings: DiscordSettings) -> str:
    """Both links, then every permission with its reason. Raises BotError without an answer."""
    client = application_id(settings.token.get_secret_value()) or await _asked_id(settings)
    rights = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    link = f"https://discord.com/oauth2/authorize?client_id={client}"
    lines = [
        "To a server:",
        f"  {link}&integration_type=0&scope=bot+applications.commands&permissions={rights.value}",
        "To your own account, for use anywhere:",
        f"  {link}&integration_type=1&scope=applications.commands",
        f"\nThe permissions ({rights.value}):",
        *(f"  {name.replace('_', ' '):26}{reason}" for name, reason in PERMISSIONS.items()),
    ]
    return "\n".join(lines)


async def _asked_id(settings: DiscordSettings) -> int:
    """Asked of Discord, for tokens that do not begin with the id."""
    headers = {"Authorization": f"Bot {settings.token.get_secret_value()}"}
    url = f"{settings.api or DISCORD_API}/oauth2/applications/@me"
    try:
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=15), trust_env=True
            ) as session,
            session.get(url, headers=headers, allow_redirects=False) as response,
        ):
            response.raise_for_status()
            return int((await response.json())["id"])
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError) as error:
        raise BotError(
            "Discord did not tell the application's id. Look at [discord] token with"
            f" `hordecord check` ({type(error).__name__})."
        ) from None
