"""The routes of the buttons, menus and modals of conversations."""

from collections.abc import Awaitable, Callable

from bot.cards.custom_ids import CHAT_MODAL
from bot.client.bot import HordecordBot
from bot.client.form_drafts import Fields
from bot.errors import NotAllowed
from bot.i18n import _
from bot.ui.chat import message_buttons, modals, settings_panel
from bot.ui.components.modal_router import Submission, add_modal
from bot.ui.components.persistent_item import OTHER_VERSION

SUBMITTED: dict[str, Callable[[Submission, Fields, int], Awaitable[None]]] = {
    modals.REPLY: message_buttons.replied,
    modals.EDIT: message_buttons.save_edit,
    modals.NOTE: settings_panel.noted,
    modals.SAMPLING: settings_panel.sampled,
    modals.MEMORY: settings_panel.remembered,
}


async def submitted(press: Submission, fields: Fields, name: str, number: int) -> None:
    """Handle the modal of that name."""
    if name not in SUBMITTED:
        raise NotAllowed(_(OTHER_VERSION))
    await SUBMITTED[name](press, fields, number)


def register(bot: HordecordBot) -> None:
    """Add all of them."""
    message_buttons.register(bot)
    settings_panel.register(bot)
    add_modal(bot, CHAT_MODAL, submitted)
