"""The messages of a conversation that no request writes: greetings, swipes, older answers."""

import logging
from dataclasses import replace

import discord

from bot.accounts.payment import Payment
from bot.cards import labels
from bot.cards.card import Attachment, Card
from bot.cards.chat.message_card import message_card
from bot.cards.formatting import DOT
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.domain.chat.conversations import Conversation
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.errors import UserError
from bot.i18n import _, in_language
from bot.rules.request_context import RequestContext
from bot.services.chat.messages import MessageView
from bot.ui.components.views import Upload, files_of_card, layout_of
from bot.ui.delivery.shown_messages import shown_message
from bot.ui.delivery.turn_messages import CANNOT_WRITE

log = logging.getLogger(__name__)


async def payer_line(payment: Payment, context: RequestContext) -> str:
    """Who pays for the messages of this member, as everyone there reads it."""
    in_guild = context.guild_id is not None
    payer = await payment.payer(context, Kind.TEXT)
    if payer is None:
        return labels.own_payer(None)
    label = labels.payer_label(payer, own=not in_guild)
    named = in_guild and payer is Payer.USER
    return DOT.join(filter(None, [labels.requester(context.user_id) if named else "", label]))


async def card_of(bot: HordecordBot, context: RequestContext, view: MessageView) -> Card:
    """The card of that message there, in the language of the place."""
    payer = await payer_line(bot.services.payment, context) if view.opening else ""
    with in_language(context.shared_language):
        return message_card(
            shown_message(view, spoiler=not context.nsfw, able=context.capabilities, payer=payer)
        )


def files_in(card: Card) -> list[discord.File]:
    """The files of a card of a message."""
    attached = (block for block in card.blocks if isinstance(block, Attachment))
    return files_of_card([Upload(each.filename, each.data) for each in attached])


async def post_newest(
    bot: HordecordBot, context: RequestContext, conversation: Conversation
) -> None:
    """Post the newest message of a conversation, as its greeting. Raises UserError."""
    messages = bot.services.chat.messages
    view = await messages.newest(conversation)
    if view is None:
        return
    sent = await post(bot, conversation.channel_id, await card_of(bot, context, view))
    await messages.put_on_discord(view.message.id, sent)


async def post(bot: HordecordBot, channel_id: int, card: Card) -> int:
    """Post an ordinary message. Returns its id. Raises UserError where the bot cannot write."""
    channel = bot.get_partial_messageable(channel_id)
    try:
        return (await channel.send(view=layout_of(card), files=files_in(card))).id
    except TROUBLE as error:
        log.info("a message could not be posted: %s", error or type(error).__name__)
        raise UserError(_(CANNOT_WRITE)) from None


async def refresh(
    bot: HordecordBot, context: RequestContext, view: MessageView, *, buttons: bool = True
) -> None:
    """Edit the message on Discord that shows that message; nothing happens when it is gone."""
    if not view.message.discord_id:
        return
    card = await card_of(bot, context, view if buttons else replace(view, newest=False))
    channel = bot.get_partial_messageable(view.conversation.channel_id)
    try:
        shown = channel.get_partial_message(view.message.discord_id)
        await shown.edit(view=layout_of(card), attachments=files_in(card))
    except TROUBLE as error:
        log.info("a message could not be edited: %s", error or type(error).__name__)


async def unsend(bot: HordecordBot, channel_id: int, discord_id: int) -> None:
    """Delete a message of the bot, if it is still there."""
    channel = bot.get_partial_messageable(channel_id)
    try:
        await channel.get_partial_message(discord_id).delete()
    except TROUBLE as error:
        log.info("a message could not be deleted: %s", error or type(error).__name__)
