"""What may be offered to somebody in their place: as its server's rules leave it."""

from dataclasses import dataclass

import discord

from bot.catalog import Catalog
from bot.client.bot import HordecordBot
from bot.client.interaction_context import is_nsfw
from bot.domain.alchemy_forms import BEST_UPSCALER, UPSCALERS
from bot.domain.requests import ImageRequest
from bot.errors import NotAllowed
from bot.rules.blocklists import form_allowed, is_blocked
from bot.rules.guild_settings import NO_RULES, GuildSettings

NO_UPSCALER = "This server allows none of the upscalers."


@dataclass(frozen=True, slots=True)
class Place:
    """`nsfw`: the place is age-restricted, and its server wants NSFW there; or its person does, in
    direct messages with the bot.
    """

    rules: GuildSettings = NO_RULES
    nsfw: bool = False


async def here(interaction: discord.Interaction[HordecordBot]) -> Place:
    """The rules of that place: from memory, but for the first time after a start or a change."""
    service = interaction.client.service
    rules = await service.guilds.rules(interaction.guild_id)
    if interaction.guild_id is None and interaction.context.dm_channel:
        return Place(rules, await service.nsfw_in_dms(interaction.user.id))
    return Place(rules, is_nsfw(interaction) and rules.nsfw != "off")


def painter(catalog: Catalog, request: ImageRequest, model: str, rules: GuildSettings) -> str:
    """Who goes on with a picture of that request: `model`, who painted it, if that is allowed.

    Else one of those that were asked for, or where any would do, one for a newcomer. Raises
    UserError where none is left.
    """
    if not rules.models_blocked:
        return model
    asked = [name for name in (model, *request.models) if name]
    left = [name for name in asked if not is_blocked(name, rules.models_blocked)]
    if left or request.models:
        return next(iter(left), model)
    return next(iter(catalog.newcomer(rules).models), model)


def upscaler(rules: GuildSettings) -> str:
    """The upscaler for those who do not choose. Raises NotAllowed where every one is blocked."""
    every = (BEST_UPSCALER, *(form.name for form in UPSCALERS))
    found = next((name for name in every if form_allowed(name, rules)), "")
    if not found:
        raise NotAllowed(NO_UPSCALER)
    return found
