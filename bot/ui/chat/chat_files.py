"""Conversations as files: the export in two forms, and the import of one."""

import asyncio
import time
from collections.abc import Sequence

import discord

from bot.cards.card import Attachment, Card, Colour, TextBlock
from bot.chat.files.chat_log import ChatLog, chat_jsonl, chat_text, log_of
from bot.chat.files.chat_log_import import read_chat_jsonl
from bot.chat.files.limits import CHAT_BYTES
from bot.domain.chat.characters import StoredCharacter
from bot.domain.chat.conversations import ChatMessage, Conversation, Side
from bot.errors import BackendDown, BadOption, UserError
from bot.i18n import N_, _
from bot.rules.request_context import RequestContext
from bot.ui.components.persistent_item import Press

UNREAD = N_("Discord did not deliver the file. Upload it again.")
TOO_LARGE = N_("The file is too large. A conversation has up to {size} MB.")
MEGABYTE = 1024 * 1024


async def export_card(press: Press, conversation: Conversation) -> Card:
    """The conversation as SillyTavern's JSONL with all swipes, and as text."""
    chat = press.client.services.chat
    cast = await chat.characters.cast(conversation.cast)
    name = cast[0].character.name if cast else chat.characters.assistant_name
    messages = await chat.conversations.every_message(conversation)
    member = press.user.display_name
    log = log_of(messages, conversation.leaf, member=member, character=name)
    text = _("The conversation for SillyTavern and `/chat import`, and as plain text.")
    stem = f"hordecord-chat-{conversation.id}"
    files = (
        Attachment(f"{stem}.jsonl", data=await asyncio.to_thread(chat_jsonl, log)),
        Attachment(f"{stem}.txt", data=await asyncio.to_thread(chat_text, log)),
    )
    return Card(Colour.QUIET, (TextBlock(text), *files))


async def import_log(press: Press, file: discord.Attachment) -> ChatLog:
    """The messages of an uploaded file; one that is too large is not loaded. Raises UserError."""
    too_large = _(TOO_LARGE).format(size=CHAT_BYTES // MEGABYTE)
    if file.size > CHAT_BYTES:
        raise BadOption(too_large)
    try:
        reply = await press.client.services.discord_files.fetch(file.url, CHAT_BYTES)
    except BackendDown:
        raise UserError(_(UNREAD)) from None
    if reply.status != 200:
        raise UserError(_(UNREAD))
    if reply.raw is None:
        raise BadOption(too_large)
    return await asyncio.to_thread(read_chat_jsonl, reply.raw)


async def imported(
    press: Press, context: RequestContext, log: ChatLog, cast: Sequence[StoredCharacter]
) -> Conversation:
    """A new conversation in that place with the messages of the file. Raises UserError.

    Lines of members belong to the member who imports them.
    """
    character, now = cast[0], time.time()
    messages = [
        ChatMessage(
            id=number,
            conversation=0,
            parent=number - 1,
            side=line.side,
            author=character.id if line.side is Side.CHARACTER else context.user_id,
            name=line.name,
            text=line.text,
            created_at=line.sent_at or now,
            thoughts=line.thoughts,
        )
        for number, line in enumerate(log.lines, 1)
    ]
    ids = [each.id for each in cast]
    channel_id = context.origin.message.channel_id
    conversations = press.client.services.chat.conversations
    return await conversations.import_messages(context, ids, channel_id, messages)
