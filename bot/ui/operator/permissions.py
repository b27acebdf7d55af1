"""Permission check of the operator commands: Discord only hides them."""

from bot.errors import NotAllowed
from bot.ui.components.persistent_item import Press

# /operator
OWNERS_ONLY = "This is for those who run this bot."


async def owners_only(press: Press) -> None:
    """Raises NotAllowed except for the owners: [discord] owner_ids, else those of the
    application.
    """
    if not await press.client.is_owner(press.user):
        raise NotAllowed(OWNERS_ONLY)
