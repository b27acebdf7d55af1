"""No command: the buttons under cards, and submitted modals."""

from bot.client.bot import HordecordBot
from bot.ui.actions import context_menus, edit_modal, field_form, result_buttons
from bot.ui.chat import registration as chat
from bot.ui.components.modal_router import route_modal


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    result_buttons.register(bot)
    context_menus.register(bot)
    edit_modal.register(bot)
    field_form.register(bot)
    chat.register(bot)
    bot.add_listener(route_modal, "on_interaction")
