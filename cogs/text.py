"""/write: a text that continues the prompt."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.requests import PROMPT_MAX, Kind, TextRequest, build
from bot.domain.requests.text import LENGTHS
from bot.errors import BadOption
from bot.i18n import _
from bot.services.model_names import resolve_names
from cogs import _autocomplete, _options

TOKENS_MIN, TOKENS_MAX = 16, 1024
TEMPERATURE = 0.8


def tokens(length: str) -> int:
    """Number of tokens. Raises BadOption."""
    word = length.strip().lower()
    if word in LENGTHS:
        return LENGTHS[word]
    number = int(word) if word.isascii() and word.isdecimal() and len(word) <= 4 else 0
    if not TOKENS_MIN <= number <= TOKENS_MAX:
        text = _(
            "`length`: enter short, medium or long, or a number of tokens from {least} to {most}."
        )
        raise BadOption(text.format(least=TOKENS_MIN, most=TOKENS_MAX))
    return number


async def _lengths(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    del interaction
    label = _("{name}: {count} tokens")
    named = [
        app_commands.Choice(name=label.format(name=name, count=count), value=name)
        for name, count in LENGTHS.items()
        if name.startswith(typed.strip().lower())
    ]
    return named or [app_commands.Choice(name=typed[:100], value=typed[:100])]


class WriteCog(commands.Cog):
    """Texts."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        prompt="The beginning or the topic of the text",
        model="Text model. Default: any available model",
        length="short, medium, long, or a number of tokens from 16 to 1024",
        temperature="Randomness of the words: 0 is predictable, 2 is very random",
        private=_options.PRIVATE,
    )
    @app_commands.autocomplete(model=_autocomplete.text_models, length=_lengths)
    async def write(
        self,
        interaction: discord.Interaction[Any],
        prompt: app_commands.Range[str, 1, PROMPT_MAX],
        model: str = "",
        length: str = "medium",
        temperature: app_commands.Range[float, 0.0, 2.0] = TEMPERATURE,
        private: bool = False,
    ) -> None:
        """Write a text from a prompt."""
        catalog, context = self._bot.services.catalog, await self._bot.context(interaction)
        rules = context.rules
        request = build(
            TextRequest,
            prompt=prompt,
            models=resolve_names(catalog, Kind.TEXT, (model,) if model else (), rules),
            max_length=tokens(length),
            temperature=temperature,
            private=private,
        )
        await self._bot.submit(interaction, context, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(WriteCog(bot))
