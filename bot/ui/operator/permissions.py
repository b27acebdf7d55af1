"""Whoever may run the bot. Discord hides those commands; that is no protection, so it is asked."""

from bot.errors import NotAllowed
from bot.ui.components.persistent_item import Press

# /operator
OWNERS_ONLY = "This is for those who run this bot."


async def owners_only(press: Press) -> None:
    """Raises NotAllowed for everybody but the owners: [discord] owner_ids, else Discord's word."""
    if not await press.client.is_owner(press.user):
        raise NotAllowed(OWNERS_ONLY)
