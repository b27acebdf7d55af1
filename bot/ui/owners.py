"""Whoever may run the bot. Discord hides those commands; that is no protection, so it is asked."""

from bot.errors import NotAllowed
from bot.ui import sentences
from bot.ui.presses import Press


async def owners_only(press: Press) -> None:
    """Raises NotAllowed for everybody but the owners: [discord] owner_ids, else Discord's word."""
    if not await press.client.is_owner(press.user):
        raise NotAllowed(sentences.OWNERS_ONLY)
