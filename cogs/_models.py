"""What the commands with a `model` option share."""

from typing import Any

import discord
from discord import app_commands

from bot.backends.base import Model
from bot.catalog import Catalog
from bot.client import HordecordBot
from bot.errors import BadOption
from bot.requests import Kind
from bot.ui import sentences, words
from bot.ui.markdown import clean, inline_code

CHOICES_MAX = 25  # Discord shows no more (docs of 2026-08)
CHOICE_LENGTH = 100
GUESSES = 3


def choices(catalog: Catalog, kind: Kind, typed: str) -> list[app_commands.Choice[str]]:
    """Models that fit what was typed, with who serves them. From memory alone."""
    return [
        app_commands.Choice(name=_label(model), value=model.name)
        for model in catalog.models(kind, typed, limit=CHOICES_MAX)
        if len(model.name) <= CHOICE_LENGTH
    ]


def named(catalog: Catalog, kind: Kind, name: str) -> Model:
    """The model of that name. Raises BadOption with the nearest names."""
    found = catalog.find(kind, name)
    if found is not None:
        return found
    near = [inline_code(model, 60) for model in catalog.nearest(kind, name)[:GUESSES]]
    guess = sentences.DID_YOU_MEAN.format(names=words.listed(near)) if near else ""
    shown = clean(name, 60).replace("`", "'")
    raise BadOption(sentences.UNKNOWN_MODEL.format(name=shown, guess=guess))


async def image_models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of image models."""
    bot: HordecordBot = interaction.client
    return choices(bot.catalog, Kind.IMAGE, typed)


async def text_models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of text models."""
    bot: HordecordBot = interaction.client
    return choices(bot.catalog, Kind.TEXT, typed)


def _label(model: Model) -> str:
    workers = f"{model.workers} worker{'' if model.workers == 1 else 's'}"
    wait = f"{words.duration(model.wait)} wait" if model.wait else "no wait"
    tail = sentences.MODEL_LABEL.format(name="", workers=workers, wait=wait)
    return clean(model.name, CHOICE_LENGTH - len(tail)) + tail
