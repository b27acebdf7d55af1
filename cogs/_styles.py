"""Autocomplete of the options of /style and /collection, from memory."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

import discord
from discord import app_commands

from bot.cards.card import OPTION_MAX, OPTIONS_MAX
from bot.client.bot import HordecordBot
from bot.services.styles.known_own_styles import OwnStyle
from cogs import _autocomplete

Choices = list[app_commands.Choice[str]]
_loading: set[asyncio.Task[None]] = set()  # a task that nothing refers to may be collected


async def own_styles(interaction: discord.Interaction[Any], typed: str) -> Choices:
    """Autocomplete of the user's styles. The first keystroke may ask for the next one."""
    return _offered(_own(interaction, typed))


async def own_image_styles(interaction: discord.Interaction[Any], typed: str) -> Choices:
    """Autocomplete of the user's image styles."""
    return _offered(style for style in _own(interaction, typed) if style.kind == "image")


async def collections(interaction: discord.Interaction[Any], typed: str) -> Choices:
    """Autocomplete of collections, those of the user first."""
    bot: HordecordBot = interaction.client
    owned = bot.services.own_styles.collections
    _start(owned.load_quietly())
    found = owned.known(interaction.user.id, typed)
    return _choices((name, collection_id) for collection_id, name in found.items())


async def listed_styles(interaction: discord.Interaction[Any], typed: str) -> Choices:
    """Autocomplete of the last of several styles of the Horde."""
    bot: HordecordBot = interaction.client
    before, last = _split(typed)
    place = await bot.context(interaction)
    found = bot.services.catalog.styles(last, OPTIONS_MAX * 4, nsfw=place.nsfw, rules=place.rules)
    theirs = [style.name for style in found if style.kind == "horde"]
    return _choices((f"{before}{name}", f"{before}{name}") for name in theirs)


async def models(interaction: discord.Interaction[Any], typed: str) -> Choices:
    """Autocomplete of the last of several models of the style's kind."""
    before, last = _split(typed)
    is_text = getattr(interaction.namespace, "kind", "") == "text" or _edits_text(interaction)
    ask = _autocomplete.text_models if is_text else _autocomplete.image_models
    found = await ask(interaction, last)
    return _choices((f"{before}{each.name}", f"{before}{each.value}") for each in found)


def _edits_text(interaction: discord.Interaction[Any]) -> bool:
    chosen = getattr(interaction.namespace, "style", "")
    found = [each for each in _own(interaction, "") if chosen in {each.id, each.name}]
    return bool(found) and found[0].kind == "text"


def _own(interaction: discord.Interaction[Any], typed: str) -> list[OwnStyle]:
    bot: HordecordBot = interaction.client
    owned, user_id = bot.services.own_styles, interaction.user.id
    _start(owned.load_quietly(user_id))
    return owned.known(user_id, typed)


def _start(loading: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(loading)
    _loading.add(task)
    task.add_done_callback(_loading.discard)


def _split(typed: str) -> tuple[str, str]:
    """The typed text up to the last comma, and the text after it."""
    before, comma, last = typed.rpartition(",")
    return (f"{before.strip()}, " if comma else ""), last.strip()


def _offered(found: Iterable[OwnStyle]) -> Choices:
    return _choices((style.name, style.id) for style in found)


def _choices(pairs: Iterable[tuple[str, str]]) -> Choices:
    fitting = [(name, value) for name, value in pairs if name and len(value) <= OPTION_MAX]
    return [
        app_commands.Choice(name=name[:OPTION_MAX], value=value)
        for name, value in fitting[:OPTIONS_MAX]
    ]
