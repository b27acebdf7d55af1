"""The links that add the bot to a server or an account, with the needed permissions and their
reasons.
"""

import aiohttp
import discord

from bot.cli.check_discord import DISCORD_API, application_id
from bot.errors import BotError
from bot.settings import DiscordSettings

PERMISSIONS = {
    "view_channel": "to edit its own messages after 15 minutes, without the interaction token",
    "send_messages": "to post a result when its first message was deleted",
    "create_public_threads": "to open the thread of a `/party` or of a conversation",
    "send_messages_in_threads": "to post in threads, such as that of a conversation",
    "embed_links": "to show links in cards",
    "attach_files": "to attach images",
    "read_message_history": "to edit its own cards, and to reply to messages",
    "manage_webhooks": "to show the name and avatar of a character in conversations (optional)",
}
OPTIONAL = frozenset({"manage_webhooks"})  # without them, the bot does the same in a simpler way


async def invitation(settings: DiscordSettings) -> str:
    """Both links, then every permission with its reason. Raises BotError without an answer."""
    client = application_id(settings.token.get_secret_value()) or await _asked_id(settings)
    rights = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    link = f"https://discord.com/oauth2/authorize?client_id={client}"
    lines = [
        "Add the bot to a server:",
        f"  {link}&integration_type=0&scope=bot+applications.commands&permissions={rights.value}",
        "Add the bot to your own account, for use in any place:",
        f"  {link}&integration_type=1&scope=applications.commands",
        f"\nPermissions ({rights.value}):",
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
            "Discord did not return the id of the application. Check [discord] token with"
            f" `hordecord check` ({type(error).__name__})."
        ) from None
