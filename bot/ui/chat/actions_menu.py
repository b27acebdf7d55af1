"""The actions of an older answer, in the context menu *Generation info* of its message.

Discord allows five context menus for messages, which are all in use.
"""

from dataclasses import replace

import discord

from bot.cards.buttons import verb_button
from bot.cards.card import Card, Verb, quiet_card
from bot.cards.chat.buttons import action_buttons, newest_buttons
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.domain.chat.conversations import Side
from bot.rules.request_context import RequestContext
from bot.services.chat.messages import MessageView
from bot.ui.actions.moderation import moderator_row
from bot.ui.components.persistent_item import Press
from bot.ui.components.views import layout_of
from bot.ui.delivery.shown_messages import shown_message

TEXT_MAX = 300  # units of the message that the actions are about


async def chosen_message(
    bot: HordecordBot, channel_id: int, message: discord.Message
) -> MessageView | None:
    """The answer of an open conversation in this channel that the message shows; None for none."""
    view = await bot.services.chat.messages.view_on_discord(message.id)
    if view is None or view.message.side is Side.MEMBER:
        return None
    here = view.conversation.channel_id == channel_id and view.conversation.closed_at is None
    return view if here else None


async def show_actions(press: Press, message: discord.Message, view: MessageView) -> None:
    """Show the actions of an answer in private."""
    context = await press.client.context(press)
    card = actions_card(view, context)
    record = await press.client.services.history.find(view.message.record_id)
    if record is not None:
        details = verb_button(Verb.DETAILS, record.id)
        row = moderator_row(press, record, message)
        card = replace(card, rows=(*card.rows, (details, *row)))
    await press.response.send_message(view=layout_of(card), ephemeral=True)


def actions_card(view: MessageView, context: RequestContext) -> Card:
    """The actions of an answer. What deletes the messages after it asks first."""
    shown = shown_message(view, spoiler=not context.nsfw, able=context.capabilities)
    name, text = safe_line(view.message.name, TEXT_MAX), safe_line(view.message.text, TEXT_MAX)
    rows = newest_buttons(shown) if shown.newest else action_buttons(shown)
    return replace(quiet_card(f"> **{name}:** {text}"), rows=rows)
