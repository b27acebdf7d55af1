"""Permission check of the operator commands: Discord only hides them."""

from bot.errors import NotAllowed
from bot.i18n import _
from bot.ui.components.persistent_item import Press


async def owners_only(press: Press) -> None:
    """Raises NotAllowed except for the owners: [discord] owner_ids, else those of the
    application.
    """
    if not await press.client.is_owner(press.user):
        raise NotAllowed(_("Only an operator of the bot can do this."))
