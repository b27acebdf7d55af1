"""No command: what is pressed and submitted finds its way, also from before a restart."""

from bot.client import HordecordBot
from bot.ui import buttons, modals


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    buttons.register(bot)
    modals.register(bot)
