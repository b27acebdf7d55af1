"""What the commands with a `model` option share."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.backends.base import Model
from bot.catalog import Catalog, is_safe_text
from bot.domain.requests import Kind
from bot.ui.browse.labels import addon_label, model_label, style_label
from bot.ui.components.model_names import resolve_name
from bot.ui.components.place import here

__all__ = ["choices", "image_models", "loras", "resolve_name", "styles", "text_models"]

CHOICES_MAX = 25  # Discord shows no more (docs of 2026-08)
CHOICE_LENGTH = 100
SEARCHED = 500  # text models looked through for those that fit the place


def choices(
    models: Iterable[Model], catalog: Catalog | None = None
) -> list[app_commands.Choice[str]]:
    """Models to choose from, with who serves them; with a catalog, also what they are."""
    return _chosen(
        (model_label(model, catalog.about(model.name) if catalog else None), model.name)
        for model in models
    )


async def image_models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the image models that may be used in this place. From memory."""
    catalog: Catalog = interaction.client.catalog
    place = await here(interaction)
    found = catalog.models(Kind.IMAGE, typed, limit=CHOICES_MAX, nsfw=place.nsfw, rules=place.rules)
    return choices(found, catalog)


async def text_models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the text models that may be used in this place. From memory."""
    catalog: Catalog = interaction.client.catalog
    place = await here(interaction)
    found = catalog.models(Kind.TEXT, typed, limit=SEARCHED, rules=place.rules)
    return choices(model for model in found if place.nsfw or is_safe_text(model.name))


async def styles(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of styles, those of one group together. From memory alone."""
    catalog: Catalog = interaction.client.catalog
    place = await here(interaction)
    found = catalog.styles(typed, CHOICES_MAX, nsfw=place.nsfw, rules=place.rules)
    if not typed.strip():  # only here there is no better order than by group
        groups = list(dict.fromkeys((style.kind, style.category) for style in found))
        found.sort(key=lambda style: groups.index((style.kind, style.category)))
    return _chosen(
        (style_label(style, served=catalog.is_served(style.models, place.rules)), style.key)
        for style in found
    )


async def loras(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of LoRAs. From memory alone; typing may fill it for the next keystroke."""
    catalog: Catalog = interaction.client.catalog
    place = await here(interaction)
    found = catalog.loras(typed, CHOICES_MAX, nsfw=place.nsfw, rules=place.rules)
    return _chosen((addon_label(addon), addon.id) for addon in found)


async def embeddings(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of textual inversions, as with LoRAs."""
    catalog: Catalog = interaction.client.catalog
    found = catalog.embeddings(typed, CHOICES_MAX, nsfw=(await here(interaction)).nsfw)
    return _chosen((addon_label(addon), addon.id) for addon in found)


def _chosen(pairs: Iterable[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    fitting = [(label, value) for label, value in pairs if len(value) <= CHOICE_LENGTH]
    return [app_commands.Choice(name=label, value=value) for label, value in fitting[:CHOICES_MAX]]
