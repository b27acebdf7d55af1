"""Information about a message of the bot, and actions of moderators on it."""

import asyncio
import logging
from dataclasses import replace

import discord

from bot.cards.card import Attachment, Button, ButtonStyle, Card, TextBlock
from bot.cards.custom_ids import ACTION
from bot.cards.details import details
from bot.domain.records import MessageRef, Record
from bot.errors import NotAllowed, UserError
from bot.i18n import _
from bot.ui.actions.message_sources import is_ours, record_of_message
from bot.ui.actions.picture_actions import PRIVATE_REQUEST, is_seen
from bot.ui.components.persistent_item import Press
from bot.ui.components.views import Upload, files_of_card, layout_of

log = logging.getLogger(__name__)

REMOVE, REPORT = "remove", "report"
POLLS, POLL_EVERY = 40, 0.25  # polls and seconds between them until a cancelled request has ended


async def inform(press: Press, message: discord.Message) -> None:
    """The requester and the prompt of that message, in private; with buttons for moderators.

    Raises UserError for other messages, and when the request is not stored any more.
    """
    record = await record_of_message(press.client, message)
    if record is None:
        raise UserError(_unknown(is_ours(press.client, message)))
    if not is_seen(press, record):
        raise NotAllowed(_(PRIVATE_REQUEST))
    able = await press.client.services.guilds.abilities(record)
    own = record.user_id == press.user.id
    card = details(record, record.status, own=own, made_by=able.made_by)
    card = _with_author(card, record)
    made = [Upload(b.filename, b.data) for b in card.blocks if isinstance(b, Attachment)]
    if row := moderator_row(press, record, message):
        card = replace(card, rows=(row,))
    files = files_of_card(made)
    await press.response.send_message(view=layout_of(card), files=files, ephemeral=True)


def moderator_row(press: Press, record: Record, message: discord.Message) -> tuple[Button, ...]:
    """The buttons of moderators about a message that shows the request; () for other members."""
    if not may_moderate(press, record) or message.flags.ephemeral:
        return ()
    return _moderator_buttons(record, message)


def _unknown(is_ours: bool) -> str:
    """The error for a message without a stored request."""
    if is_ours:
        return _("The request of this message is no longer stored.")
    return _(
        "This message is not from the bot. If it has an image, use Remix, Describe or Upscale."
    )


def may_moderate(press: Press, record: Record) -> bool:
    """Whether Discord lets this member delete that request's messages; one is in this channel.

    It may be a published copy of a result from elsewhere. Private ones are excluded.
    """
    here = record.is_public_in(press.channel_id or 0)
    return press.guild_id is not None and here and press.permissions.manage_messages


async def remove(press: Press, record_id: int, message_id: int) -> None:
    """Delete a result with its files, for everyone; an open request is cancelled first.

    Of a result from another place only the copy here is deleted.
    """
    record = await _moderated(press, record_id)
    await press.response.defer()
    if record.guild_id != press.guild_id:
        return await _remove_here(press, record, message_id)
    record = await _over(press, record)
    if record.phase.is_open:
        said = _("#{id} is being cancelled. Press **Delete for everyone** again when it has ended.")
    else:
        await press.client.services.submission.delete(record.id, record.user_id)
        press.client.services.thumbnails.forget(record)
        log.info("#%d was deleted by a moderator", record.id)
        shown = _shown_in(press, record, message_id)
        gone = [await press.client.cards.unsend(record, ref) for ref in shown]
        if all(gone):
            said = _("Deleted: #{id}, its messages and its files.")
        else:
            said = _(
                "The files of #{id} are deleted. Delete its message yourself: the bot has no "
                "permission."
            )
    return await press.followup.send(said.format(id=record.id), ephemeral=True)


async def _remove_here(press: Press, record: Record, message_id: int) -> None:
    shown = [ref for ref in _shown_in(press, record, message_id) if _is_here(press, ref)]
    gone = [await press.client.cards.unsend(record, ref) for ref in shown]
    log.info("#%d was deleted by a moderator where it was published", record.id)
    if all(gone):
        said = _("Deleted: the messages of #{id} in this channel. The original remains elsewhere.")
    else:
        said = _("The bot has no permission to delete the message of #{id}. Delete it yourself.")
    await press.followup.send(said.format(id=record.id), ephemeral=True)


async def _over(press: Press, record: Record) -> Record:
    """The request after its outcome was shown; unchanged when that takes too long."""
    services = press.client.services
    if record.phase.is_open and not record.is_over:
        try:
            await services.submission.cancel(record.id, record.user_id)
        except UserError as error:
            log.info("#%d has just ended: %s", record.id, error)
    for _poll in range(POLLS):
        if not record.phase.is_open:
            break
        await asyncio.sleep(POLL_EVERY)
        record = await services.history.get(record.id)
    return record


async def report(press: Press, record_id: int, message_id: int) -> None:
    """Report it to the operator, without other effects."""
    record = await _moderated(press, record_id)
    is_new = await press.client.services.reports.report(
        record.id,
        press.user.id,
        guild_id=press.guild_id or 0,
        channel_id=press.channel_id or 0,
        message_id=message_id,
    )
    if is_new:
        said = _(
            "Reported: the operators of the bot see #{id} in `/operator stats` and in the log. "
            "Nothing was deleted."
        )
    else:
        said = _("#{id} is already reported to the operators of the bot.")
    await _say(press, said.format(id=record.id))


def _is_here(press: Press, ref: MessageRef) -> bool:
    return ref.channel_id == press.channel_id


async def _moderated(press: Press, record_id: int) -> Record:
    record = await press.client.services.history.get(record_id)
    if not may_moderate(press, record):
        raise NotAllowed(_("You need the permission to manage messages in this channel."))
    return record


def _shown_in(press: Press, record: Record, message_id: int) -> list[MessageRef]:
    """Every message of that request, also the one of the context menu, which may be a copy."""
    shown = [ref for ref in (*record.messages, *record.others) if ref.message_id]
    if message_id not in {ref.message_id for ref in shown}:
        shown.append(MessageRef(press.channel_id or 0, message_id))
    return shown


async def _say(press: Press, sentence: str) -> None:
    await press.response.send_message(sentence, ephemeral=True)


def _with_author(card: Card, record: Record) -> Card:
    author = TextBlock(_("Requested by {user}").format(user=f"<@{record.user_id}>"))
    return replace(card, blocks=(card.blocks[0], author, *card.blocks[1:]))


def _moderator_buttons(record: Record, message: discord.Message) -> tuple[Button, ...]:
    remove, report = (ACTION(one, record.id, message.id) for one in (REMOVE, REPORT))
    return (
        Button(remove, _("Delete for everyone"), ButtonStyle.DANGER, "🗑️"),
        Button(report, _("Report"), emoji="🚩"),
    )
