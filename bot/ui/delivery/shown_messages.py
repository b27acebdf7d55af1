"""A stored message of a conversation as its card needs it."""

import discord

from bot.cards.card import Attachment, Card
from bot.cards.chat.shown_message import ShownMessage
from bot.domain.capabilities import Capabilities
from bot.domain.chat.conversations import ChatMessage, Side
from bot.domain.requests import Kind
from bot.services.chat.messages import MessageView
from bot.ui.components.views import Upload, files_of_card


def shown_message(
    view: MessageView,
    *,
    spoiler: bool,
    able: Capabilities,
    payer: str = "",
    named: bool = False,
) -> ShownMessage:
    """The message of that view. `able`: of the backend for new requests there. `named`: a webhook
    posts it under the name of the character.
    """
    return ShownMessage(
        message=view.message,
        number=view.number,
        count=view.count,
        newest=view.newest and not view.running,
        opening=view.opening,
        line=_unseen(view.line),
        spoiler=spoiler,
        payer=payer if view.opening else "",
        images=Kind.IMAGE in able.kinds,
        named=named,
    )


def _unseen(line: ChatMessage | None) -> ChatMessage | None:
    """The line of a member, if no message of the member shows it."""
    if line is None or line.side is not Side.MEMBER or line.discord_id:
        return None
    return line


def files_in(card: Card) -> list[discord.File]:
    """New files of a card whose attachments hold their data."""
    attached = (block for block in card.blocks if isinstance(block, Attachment))
    return files_of_card([Upload(each.filename, each.data) for each in attached])
