"""No command: messages of members that are meant for the bot, and deleted places."""

import discord
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.ui.chat.member_lines import MemberLines


class ChatMessages(commands.Cog):
    """Passes messages on to the conversations, and ends those of deleted places."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot
        self._lines = MemberLines(bot)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A message in a place that the bot sees."""
        await self._lines.hear(message)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted: its conversation ends."""
        await self._bot.services.chat.conversations.end_of_place(event.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted: its conversation ends."""
        await self._bot.services.chat.conversations.end_of_place(channel.id)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(ChatMessages(bot))
