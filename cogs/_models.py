"""What the commands with a `model` option share."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.backends.base import Model
from bot.catalog import Catalog, is_safe_text
from bot.client import HordecordBot
from bot.errors import BadOption, UserError
from bot.origin import is_nsfw
from bot.requests import Kind
from bot.ui import sentences, words
from bot.ui.markdown import clean, inline_code

CHOICES_MAX = 25  # Discord shows no more (docs of 2026-08)
CHOICE_LENGTH = 100
GUESSES = 3
SEARCHED = 500  # text models looked through for those that fit the place


def choices(models: Iterable[Model]) -> list[app_commands.Choice[str]]:
    """Models to choose from, with who serves them."""
    fitting = [model for model in models if len(model.name) <= CHOICE_LENGTH]
    return [
        app_commands.Choice(name=_label(model), value=model.name) for model in fitting[:CHOICES_MAX]
    ]


def named(catalog: Catalog, kind: Kind, name: str) -> Model:
    """The model of that name. Raises UserError, with the nearest names if there are any."""
    found = catalog.find(kind, name)
    if found is not None:
        return found
    if not catalog.models(kind, limit=1):
        raise UserError(words.NO_CATALOG)
    near = [inline_code(model, 60) for model in catalog.nearest(kind, name)[:GUESSES]]
    guess = sentences.DID_YOU_MEAN.format(names=words.listed(near)) if near else ""
    shown = inline_code(name, 60)
    raise BadOption(sentences.UNKNOWN_MODEL.format(name=shown, guess=guess))


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
