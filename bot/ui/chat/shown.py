"""The messages of a conversation that no request writes: greetings, swipes, older answers."""

import logging
from dataclasses import replace

from bot.accounts.payment import Payment
from bot.cards import labels
from bot.cards.card import Card
from bot.cards.chat.message_card import message_card
from bot.cards.formatting import DOT
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.domain.chat.conversations import Conversation
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.errors import Undeliverable, UserError
from bot.i18n import _, in_language
from bot.rules.request_context import RequestContext
from bot.services.chat.messages import MessageView
from bot.ui.components.views import layout_of
from bot.ui.delivery.character_messages import (
    delete_shown_message,
    edit_message,
    post_as,
    speaker_of,
)
from bot.ui.delivery.shown_messages import files_in, shown_message
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


async def message_card_of(
    bot: HordecordBot, context: RequestContext, view: MessageView, *, named: bool | None = None
) -> Card:
    """The card of that message there, in the language of the place.

    `named`: a webhook posts it; None: as it was posted.
    """
    if named is None:
        named = bot.services.webhook_tokens.has_posted(view.message.discord_id)
    payer = await payer_line(bot.services.payment, context) if view.opening else ""
    with in_language(context.shared_language):
        return message_card(
            shown_message(
                view,
                spoiler=not context.nsfw,
                able=context.capabilities,
                payer=payer,
                named=named,
            )
        )


async def post_newest(
    bot: HordecordBot, context: RequestContext, conversation: Conversation
) -> None:
    """Post the newest message of a conversation, as its greeting. Raises UserError."""
    messages = bot.services.chat.messages
    view = await messages.newest(conversation)
    if view is None:
        return
    card = await message_card_of(bot, context, view, named=False)
    named = await message_card_of(bot, context, view, named=True)
    sent = await post(bot, context, card, view.message.author, named)
    await messages.put_on_discord(view.message.id, sent)


async def post(
    bot: HordecordBot,
    context: RequestContext,
    card: Card,
    character_id: int,
    named: Card | None = None,
) -> int:
    """Post a message of that character. Returns its id. Raises UserError where the bot cannot.

    `named`: the card under the name of the character, if it is another one.
    """
    said = named or card
    channel_id, guild_id = context.origin.message.channel_id, context.guild_id
    try:
        speaker = await speaker_of(bot, guild_id, character_id)
        if speaker is not None and guild_id is not None:
            posted = await post_as(bot, guild_id, channel_id, speaker, said, files_in(said))
            if posted is not None:
                return posted
        channel = bot.get_partial_messageable(channel_id)
        return (await channel.send(view=layout_of(card), files=files_in(card))).id
    except TROUBLE as error:
        log.info("a message could not be posted: %s", error or type(error).__name__)
        raise UserError(_(CANNOT_WRITE)) from None


async def refresh_message(
    bot: HordecordBot, context: RequestContext, view: MessageView, *, buttons: bool = True
) -> None:
    """Edit the message on Discord that shows that message; nothing happens when it is gone."""
    if not view.message.discord_id:
        return
    card = await message_card_of(bot, context, view if buttons else replace(view, newest=False))
    place, shown = view.conversation.channel_id, view.message.discord_id
    try:
        await edit_message(bot, place, shown, card, files_in(card))
    except (Undeliverable, *TROUBLE) as error:
        log.info("a message could not be edited: %s", error or type(error).__name__)


async def unsend(bot: HordecordBot, channel_id: int, discord_id: int) -> None:
    """Delete a message of the bot, if it is still there."""
    try:
        await delete_shown_message(bot, channel_id, discord_id)
    except (Undeliverable, *TROUBLE) as error:
        log.info("a message could not be deleted: %s", error or type(error).__name__)
