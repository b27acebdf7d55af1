"""The answers to the question before a deletion."""

from collections.abc import Awaitable, Callable

from bot.cards.card import quiet_card
from bot.errors import NotAllowed
from bot.i18n import _
from bot.ui.components.persistent_item import OTHER_VERSION, Press
from bot.ui.components.views import layout_of

Delete = Callable[[int, int], Awaitable[object]]  # user id, id of the thing


async def answer_question(
    press: Press, verb: str, number: int, delete: Delete, deleted: str
) -> None:
    """Delete it for "erase", change nothing for "keep". `deleted`: the sentence afterwards."""
    if verb == "erase":
        await delete(press.user.id, number)
        said = deleted
    elif verb == "keep":
        said = _("Nothing was changed.")
    else:
        raise NotAllowed(_(OTHER_VERSION))
    await press.response.edit_message(view=layout_of(quiet_card(said)))
