"""Routes submitted modals by custom_id: discord.py forgets its own when the bot restarts."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVarTuple

import discord

from bot.cards.custom_ids import IdFormat
from bot.client.bot import HordecordBot
from bot.ui.components.modals import fields_of

Submission = discord.Interaction[HordecordBot]
Fields = Mapping[str, str]
Ts = TypeVarTuple("Ts")


def add_modal(
    bot: HordecordBot,
    modal_id: IdFormat[*Ts],
    handler: Callable[[Submission, Fields, *Ts], Awaitable[None]],
) -> None:
    """Send submissions of modals with these ids to `handler`, with the values of the id."""
    bot.modal_handlers[modal_id] = handler


async def route_modal(interaction: discord.Interaction[Any]) -> None:
    """Run the handler of a submitted modal, also of one opened before a restart."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    bot: HordecordBot = interaction.client
    for modal_id, handler in bot.modal_handlers.items():
        if (values := modal_id.parse(interaction.custom_id or "")) is None:
            continue
        try:
            if await bot.admits(interaction):
                await handler(interaction, fields_of(interaction), *values)
        except Exception as error:  # noqa: BLE001 - every error is reported to the submitter
            await bot.report(interaction, error)
