"""/alchemy: look at a picture or change it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.alchemy import FORMS
from bot.client import HordecordBot
from bot.errors import BadOption
from bot.origin import is_nsfw
from bot.requests import AlchemyRequest, Source, build
from bot.sources import BYTES_MAX
from bot.ui import sentences

CHOICES = [app_commands.Choice(name=form.label, value=form.name) for form in FORMS.values()]
TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
MEGABYTE = 1024 * 1024


def source_of(image: discord.Attachment) -> Source:
    """That upload as a source, judged by what Discord says about it. Raises BadOption."""
    kind = (image.content_type or "").partition(";")[0]
    if kind not in TYPES:
        raise BadOption(sentences.NOT_A_PICTURE)
    if image.size > BYTES_MAX:
        size, limit = -(-image.size // MEGABYTE), BYTES_MAX // MEGABYTE
        raise BadOption(sentences.PICTURE_TOO_LARGE.format(size=size, limit=limit))
    return Source(url=image.url, filename=image.filename, size=image.size)


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
            source=source_of(image),
            forms=tuple(filter(None, (form, second, third))),
            withhold=not is_nsfw(interaction),
            private=private,
        )
        await self._bot.submit(interaction, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Alchemy(bot))
