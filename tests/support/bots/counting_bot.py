"""A bot to be killed: python counting_bot.py API GATEWAY. Its /count edits its answer 1, 2, 3."""

import sys
from typing import Any

# As on a machine without the speed extra: discord.py then asks for zlib.
sys.modules["zstandard"] = None  # type: ignore[assignment]  # the import system's own "not there"

import discord  # noqa: E402  after the line above, which it must not miss
import yarl  # noqa: E402
from discord import app_commands  # noqa: E402
from discord.gateway import DiscordWebSocket  # noqa: E402
from discord.http import Route  # noqa: E402


class CountingBot(discord.Client):
    async def setup_hook(self) -> None:
        tree = app_commands.CommandTree(self)

        @tree.command(description="Count")
        async def count(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_message("0")
            for number in range(1, 4):
                await interaction.edit_original_response(content=str(number))

        await tree.sync()


if __name__ == "__main__":
    Route.BASE = sys.argv[1]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[2])
    CountingBot(intents=discord.Intents(guilds=True)).run("a-token-that-looks-like-one")
