"""No command: messages of members that are meant for the bot."""

import discord
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.ui.chat.member_lines import MemberLines


class ChatMessages(commands.Cog):
    """Passes messages on to the conversations."""

    def __init__(self, bot: HordecordBot) -> None:
        self._lines = MemberLines(bot)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A message in a place that the bot sees."""
        await self._lines.hear(message)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(ChatMessages(bot))
