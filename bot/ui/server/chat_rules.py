"""The panel of /server chat with the current rules, and its buttons."""

import discord

from bot.cards.card import Card
from bot.client.bot import HordecordBot
from bot.errors import NotAllowed
from bot.i18n import _
from bot.rules.guild_settings import GuildSettings
from bot.ui.components.persistent_item import OTHER_VERSION
from bot.ui.components.views import layout_of
from bot.ui.server.changes import change, managed_guild
from bot.ui.server.chat_panel import NO_WEBHOOKS, SWITCHES, chat_card, toggled
from bot.ui.server.known_ids import CHAT, present

Press = discord.Interaction[HordecordBot]


async def chat_rules_card(press: Press, note: str = "") -> Card:
    """The panel as the server's rules are now."""
    rules = await press.client.services.guilds.rules(managed_guild(press))
    rules, gone = present(press, rules, CHAT)
    return chat_card(rules, note or gone or _missing_permission(press, rules))


async def toggle_chat_rule(press: Press, name: str) -> None:
    """Turn one of the rules on or off and show the panel again."""
    if name not in SWITCHES:
        raise NotAllowed(_(OTHER_VERSION))
    changed = await change(
        press, lambda rules: rules.model_copy(update={name: toggled(rules, name)})
    )
    card = await chat_rules_card(press, changed.note)
    await press.response.edit_message(view=layout_of(card))


def _missing_permission(press: Press, rules: GuildSettings) -> str:
    may = press.app_permissions.manage_webhooks
    return "" if may or not rules.chat_webhooks else _(NO_WEBHOOKS)
