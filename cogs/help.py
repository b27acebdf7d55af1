"""/help: short pages with examples that work."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.card import Card, Colour, TextBlock
from bot.client.bot import HordecordBot
from bot.ui.components.answers import answer_with_card
from bot.ui.operator.help_topics import TOPICS

CHOICES = [app_commands.Choice(name=topic.label, value=name) for name, topic in TOPICS.items()]


class Help(commands.Cog):
    """How to use the bot."""

    @app_commands.command()
    @app_commands.describe(topic="Help topic")
    @app_commands.choices(topic=CHOICES)
    async def help(self, interaction: discord.Interaction[Any], topic: str = "start") -> None:
        """How to create images, texts and more, with examples."""
        card = Card(Colour.QUIET, (TextBlock(TOPICS[topic].text),))
        await answer_with_card(interaction, card)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Help())
