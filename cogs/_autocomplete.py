"""Autocomplete of options that several commands share, from memory."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.backends.values import Model
from bot.cards.card import OPTION_MAX, OPTIONS_MAX
from bot.cards.formatting import DOT
from bot.cards.markdown import clean
from bot.catalog import Catalog, is_safe_text
from bot.client.bot import HordecordBot
from bot.domain.capabilities import Capabilities
from bot.domain.requests import Kind
from bot.parameters.flags import suggestions, values_of
from bot.parameters.flags.value_types import safe_value
from bot.rules.blocklists import is_blocked
from bot.ui.account.presets import preset_label
from bot.ui.browse.labels import addon_label, collection_label, model_label, style_label
from bot.ui.workers.team_facts import team_hint
from bot.ui.workers.worker_facts import worker_hint

SEARCHED = 500  # text models searched for those that the place allows
COLLECTIONS_MAX = 3  # below the styles


def choices(
    models: Iterable[Model], capabilities: Capabilities, catalog: Catalog | None = None
) -> list[app_commands.Choice[str]]:
    """Models as choices, with their workers where there are any; with a catalog, also their
    baselines.
    """
    by_workers = capabilities.uses("workers")
    about = catalog.about if catalog else _no_facts
    return _chosen(
        (model_label(model, about(model.name), by_workers=by_workers), model.name)
        for model in models
    )


def _no_facts(_name: str) -> None:
    return None


async def image_models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the image models that may be used in this place. From memory."""
    bot: HordecordBot = interaction.client
    catalog, place = bot.services.catalog, await bot.context(interaction)
    found = catalog.models(Kind.IMAGE, typed, limit=OPTIONS_MAX, nsfw=place.nsfw, rules=place.rules)
    return choices(found, place.capabilities, catalog)


async def text_models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the text models that may be used in this place. From memory."""
    bot: HordecordBot = interaction.client
    catalog, place = bot.services.catalog, await bot.context(interaction)
    found = catalog.models(Kind.TEXT, typed, limit=SEARCHED, rules=place.rules)
    every = place.nsfw or place.capabilities.chosen_models
    fit = (model for model in found if every or is_safe_text(model.name))
    return choices(fit, place.capabilities)


async def video_models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the video models of the place, with the price of a second. From memory."""
    bot: HordecordBot = interaction.client
    catalog, place = bot.services.catalog, await bot.context(interaction)
    found = catalog.models(Kind.VIDEO, typed, OPTIONS_MAX, rules=place.rules)
    return choices(found, place.capabilities)


async def styles(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of styles: private ones of the user, then those of one group together.

    From memory.
    """
    bot: HordecordBot = interaction.client
    catalog, place = bot.services.catalog, await bot.context(interaction)
    found = catalog.styles(typed, OPTIONS_MAX, nsfw=place.nsfw, rules=place.rules)
    of_horde = place.capabilities.uses("style")  # the bot applies those of its own file
    found = [style for style in found if of_horde or style.kind == "file"]
    if not typed.strip():  # only without text is the order by group
        groups = list(dict.fromkeys((style.kind, style.category) for style in found))
        found.sort(key=lambda style: groups.index((style.kind, style.category)))
    private = [
        (own.name, own.id)
        for own in bot.services.own_styles.known(interaction.user.id, typed)
        if own.kind == "image" and catalog.style(own.id) is None
        if not is_blocked(own.name, place.rules.styles_blocked)
    ]
    listed = [
        (
            style_label(
                style,
                served=catalog.is_served(style.models, place.rules),
                by_workers=place.capabilities.uses("workers"),
            ),
            style.key,
        )
        for style in found
    ]
    if not of_horde:
        return _chosen(listed)
    drawn = catalog.collections(typed, nsfw=place.nsfw, rules=place.rules) if typed.strip() else []
    last = [(collection_label(each), each.id) for each in drawn[:COLLECTIONS_MAX]]
    return _chosen([*[*private, *listed][: OPTIONS_MAX - len(last)], *last])


async def loras(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of LoRAs. From memory; typing may start a search for the next keystroke."""
    bot: HordecordBot = interaction.client
    catalog, place = bot.services.catalog, await bot.context(interaction)
    if not place.capabilities.uses("loras"):
        return []
    found = catalog.loras(typed, OPTIONS_MAX, nsfw=place.nsfw, rules=place.rules)
    return _chosen((addon_label(addon), safe_value(addon.id)) for addon in found)


async def embeddings(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of textual inversions, as with LoRAs."""
    bot: HordecordBot = interaction.client
    place = await bot.context(interaction)
    if not place.capabilities.uses("embeddings"):
        return []
    found = bot.services.catalog.embeddings(typed, OPTIONS_MAX, nsfw=place.nsfw, rules=place.rules)
    return _chosen((addon_label(addon), safe_value(addon.id)) for addon in found)


def _chosen(pairs: Iterable[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    fitting = [(label, value) for label, value in pairs if len(value) <= OPTION_MAX]
    return [app_commands.Choice(name=label, value=value) for label, value in fitting[:OPTIONS_MAX]]


async def extras(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of flags and their values. From memory."""
    bot: HordecordBot = interaction.client
    kept = await bot.services.presets.list(interaction.user.id, interaction.guild_id)
    names, context = [preset.name for preset in kept], await bot.context(interaction)
    catalog, nsfw, rules = bot.services.catalog, context.nsfw, context.rules
    able = context.capabilities
    found = suggestions(typed, catalog, presets=names, nsfw=nsfw, rules=rules, able=able)
    return [app_commands.Choice(name=text, value=text) for text in found]


async def _values(
    interaction: discord.Interaction[Any], option: str, typed: str
) -> list[app_commands.Choice[str]]:
    bot: HordecordBot = interaction.client
    context = await bot.context(interaction)
    if not context.capabilities.uses(option):
        return []
    found = values_of(option, typed, bot.services.catalog, context.rules)
    return [app_commands.Choice(name=value, value=value) for value in found]


async def samplers(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the samplers that the server knows, recommended ones first. From memory."""
    return await _values(interaction, "sampler", typed)


async def schedulers(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the schedulers that the server knows. From memory."""
    return await _values(interaction, "scheduler", typed)


async def controls(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the control types that the server knows. From memory."""
    return await _values(interaction, "control", typed)


async def presets(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the presets for this place. From memory, except the first time."""
    bot: HordecordBot = interaction.client
    found = await bot.services.presets.list(interaction.user.id, interaction.guild_id, typed)
    return [
        app_commands.Choice(name=preset_label(preset), value=preset.name)
        for preset in found[:OPTIONS_MAX]
    ]


async def own_workers(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the user's own workers, from memory. The first one loads them."""
    bot: HordecordBot = interaction.client
    known, wanted = bot.services.community.workers.known(interaction.user.id), typed.casefold()
    found = [each for each in known if wanted in each.name.casefold()]
    return _chosen(
        (clean(f"{each.name}{DOT}{worker_hint(each)}", OPTION_MAX), each.id) for each in found
    )


async def teams(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of all teams, from memory. The first one loads them."""
    bot: HordecordBot = interaction.client
    known, wanted = bot.services.community.teams.known(interaction.user.id), typed.casefold()
    found = [each for each in known if wanted in each.name.casefold()]
    return _chosen(
        (clean(f"{each.name}{DOT}{team_hint(each)}", OPTION_MAX), each.id) for each in found
    )


# Autocomplete for the options of /imagine, which other commands share.
COMPLETED = {
    "style": styles,
    "model": image_models,
    "preset": presets,
    "extra": extras,
}
