"""/help: short pages with examples that work, about what the backends of this bot can do."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.card import Card, Colour, TextBlock
from bot.client.bot import HordecordBot
from bot.ui.components.answers import answer_with_card
from bot.ui.operator.help_topics import TOPICS, first_topic, offered_topics

CHOICES = [app_commands.Choice(name=topic.label, value=name) for name, topic in TOPICS.items()]


class Help(commands.Cog):
    """How to use the bot."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot
        hordes = any(each.type == "horde" for each in bot.settings.backends.values())
        offered = offered_topics(hordes=hordes)
        choices = [choice for choice in CHOICES if choice.value in offered]
        app_commands.choices(topic=choices)(self.help)

    @app_commands.command()
    @app_commands.describe(topic="Help topic")
    @app_commands.choices(topic=CHOICES)
    async def help(self, interaction: discord.Interaction[Any], topic: str = "") -> None:
        """How to create images, texts and more, with examples."""
        here = (await self._bot.context(interaction)).capabilities
        configured = (each.capabilities for each in self._bot.services.backends.values())
        page = TOPICS[topic] if topic else first_topic(here)
        card = Card(Colour.QUIET, (TextBlock(page.text_for(here, configured)),))
        await answer_with_card(interaction, card)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Help(bot))
