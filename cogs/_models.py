"""What the commands with a `model` option share."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.backends.base import Model
from bot.catalog import is_safe_text
from bot.client import HordecordBot
from bot.origin import is_nsfw
from bot.requests import Kind
from bot.ui import sentences, words
from bot.ui.markdown import clean
from bot.ui.naming import named

__all__ = ["choices", "image_models", "named", "text_models"]

CHOICES_MAX = 25  # Discord shows no more (docs of 2026-08)
CHOICE_LENGTH = 100
SEARCHED = 500  # text models looked through for those that fit the place


def choices(models: Iterable[Model]) -> list[app_commands.Choice[str]]:
    """Models to choose from, with who serves them."""
    fitting = [model for model in models if len(model.name) <= CHOICE_LENGTH]
    return [
        app_commands.Choice(name=_label(model), value=model.name) for model in fitting[:CHOICES_MAX]
    ]


async def image_models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of image models. From memory alone."""
    bot: HordecordBot = interaction.client
    return choices(bot.catalog.models(Kind.IMAGE, typed, limit=CHOICES_MAX))


async def text_models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the text models that may be used in this place. From memory alone."""
    bot: HordecordBot = interaction.client
    found = bot.catalog.models(Kind.TEXT, typed, limit=SEARCHED)
    anything = is_nsfw(interaction)
    return choices(model for model in found if anything or is_safe_text(model.name))


def _label(model: Model) -> str:
    workers = f"{model.workers} worker{'' if model.workers == 1 else 's'}"
    wait = f"{words.duration(model.wait)} wait" if model.wait else "no wait"
    tail = sentences.MODEL_LABEL.format(name="", workers=workers, wait=wait)
    return clean(model.name, CHOICE_LENGTH - len(tail)) + tail
