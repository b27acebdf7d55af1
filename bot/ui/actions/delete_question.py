"""The question of Delete, and its answers: results are erased for good."""

from dataclasses import replace

from bot.cards.card import Button, ButtonStyle, Card, quiet_card
from bot.cards.custom_ids import ACTION
from bot.domain.records import Record
from bot.i18n import _
from bot.ui.components.persistent_item import Press

DELETE_ACTION, KEEP_ACTION = "delete", "keep"


def delete_question(record: Record) -> Card:
    """Asks before the results of the request are erased."""
    delete, keep = ACTION(DELETE_ACTION, record.id, 0), ACTION(KEEP_ACTION, record.id, 0)
    yes = Button(delete, _("Delete permanently"), ButtonStyle.DANGER, "🗑️")
    no = Button(keep, _("Keep it"))
    title = _("Delete #{id} permanently?").format(id=record.id)
    text = _("This deletes its messages, its files and its entry in `/history`.")
    return replace(quiet_card(f"### {title}\n{text}"), rows=((yes, no),))


def has_results(record: Record) -> bool:
    """Something would be lost; a failure is deleted without a question."""
    return record.is_over and record.status is not None and record.status.arrived > 0


async def delete_record(press: Press, record_id: int) -> Record:
    """Delete the presser's record with its files and thumbnail. Returns it for its messages."""
    record = await press.client.services.submission.delete(record_id, press.user.id)
    press.client.services.thumbnails.forget(record)
    return record


async def delete_confirmed(press: Press, record_id: int, _unused: int) -> None:
    """Delete the record, its files and its messages, also a private one that was pressed."""
    record = await delete_record(press, record_id)
    await press.response.defer()
    first = press.client.delete_presses.pop((press.user.id, record_id), None)
    if first is not None:
        await press.client.cards.remove(first, record)
    else:  # asked before a restart, or long ago
        await press.client.cards.remove(press, record, pressed=False)


async def keep(press: Press, _record_id: int, _unused: int) -> None:
    """Change nothing; the question is closed."""
    await press.response.defer()
