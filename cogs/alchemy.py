"""/alchemy: look at a picture or change it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.alchemy import FORMS
from bot.client import HordecordBot
from bot.origin import is_nsfw
from bot.requests import AlchemyRequest, build
from cogs._uploads import source_of

CHOICES = [app_commands.Choice(name=form.label, value=form.name) for form in FORMS.values()]


class Alchemy(commands.Cog):
    """What can be done with a picture that is there already."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        image="The picture",
        form="What to do with it",
        second="And what else",
        third="And what else",
        private="Only you see it",
    )
    @app_commands.choices(form=CHOICES, second=CHOICES, third=CHOICES)
    async def alchemy(
        self,
        interaction: discord.Interaction[Any],
        image: discord.Attachment,
        form: str,
        second: str = "",
        third: str = "",
        private: bool = False,
    ) -> None:
        """Describe, upscale or repair a picture, take it apart or cut it out."""
        request = build(
            AlchemyRequest,
            source=source_of(image, painted_on=False),
            forms=tuple(filter(None, (form, second, third))),
            withhold=not is_nsfw(interaction),
            private=private,
        )
        await self._bot.submit(interaction, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Alchemy(bot))
