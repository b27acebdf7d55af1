"""/server: its commands, in one module per subgroup."""

from bot.client.bot import HordecordBot
from bot.ui.server import buttons
from cogs.server.group import Server


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    buttons.register(bot)
    await bot.add_cog(Server(bot))
