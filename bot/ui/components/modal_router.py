"""Modals, routed by custom_id: discord.py forgets its own when the bot restarts."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from bot.client.bot import HordecordBot
from bot.ui.components.modals import PREFIX, Submission, fields_of

Act = Callable[[Submission, Mapping[str, str]], Awaitable[None]]


ACTS: dict[str, Act] = {}


async def on_interaction(interaction: discord.Interaction[Any]) -> None:
    """Lead a submitted modal of ours to what it is for, also one from before a restart."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    name, _, _ = (interaction.custom_id or "").removeprefix(PREFIX).partition(":")
    bot: HordecordBot = interaction.client
    if name not in ACTS:
        return
    try:
        if bot.admits(interaction):
            await ACTS[name](interaction, fields_of(interaction))
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
        await bot.report(interaction, error)


def register(bot: HordecordBot) -> None:
    """From now on submissions lead here."""
    bot.add_listener(on_interaction, "on_interaction")
