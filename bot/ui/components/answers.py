"""Private answers to an interaction."""

from collections.abc import Iterable
from typing import Any

import discord

from bot.cards.card import Attachment, Card
from bot.ui.components.views import Upload, files_of_card, layout_of


async def answer_with_card(
    interaction: discord.Interaction[Any], card: Card, pictures: Iterable[Upload] = ()
) -> None:
    """Show the card to this user alone, as the answer or after a deferred one.

    The files of its attachments are sent along; they must contain their data. `pictures`: the files
    that its galleries show.
    """
    uploads = [Upload(b.filename, b.data) for b in card.blocks if isinstance(b, Attachment)]
    view, files = layout_of(card), files_of_card([*pictures, *uploads])
    if interaction.response.is_done():
        await interaction.followup.send(view=view, files=files, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, files=files, ephemeral=True)
