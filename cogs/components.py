"""No command: what is pressed and submitted finds its way, also from before a restart."""

from bot.cards.card import Verb
from bot.client.bot import HordecordBot
from bot.ui.account.gift_modal import GIFT, give
from bot.ui.account.login_modal import LOGIN, log_in
from bot.ui.actions import edit_modal, result_buttons
from bot.ui.components import modal_router
from bot.ui.server.key_modal import SERVER_LOGIN, log_server_in


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    result_buttons.register(bot)
    modal_router.ACTS.update(
        {
            LOGIN: log_in,
            SERVER_LOGIN: log_server_in,
            GIFT: give,
            Verb.EDIT: edit_modal.edited,
            Verb.USE: edit_modal.used,
        }
    )
    modal_router.register(bot)
