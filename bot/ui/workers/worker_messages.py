"""The messages to a worker, as a card. Pure."""

from collections.abc import Sequence

from bot.cards.card import Card, quiet_card
from bot.cards.markdown import safe_line
from bot.horde.worker_api.worker_messages import WorkerMessage
from bot.horde.workers import Worker
from bot.i18n import _
from bot.i18n.formats import number
from bot.ui.workers.worker_facts import NAME_MAX
from bot.ui.workers.worker_questions import quoted_text

SHOWN_MAX, TEXT_MAX = 4, 400  # messages, and characters of one


def messages_card(worker: Worker, messages: Sequence[WorkerMessage]) -> Card:
    """The first messages with their numbers."""
    title = _("Messages to {name}").format(name=safe_line(worker.name, NAME_MAX))
    shown = [
        f"**{number(at)}**\n{quoted_text(each.message, TEXT_MAX)}"
        for at, each in _numbered(messages)
    ]
    if not shown:
        shown = [_("No message waits for this worker. Use the option `text` to send one.")]
    elif more := len(messages) - len(shown):
        shown.append(_("{count} more are not shown.").format(count=number(more)))
    return quiet_card("\n".join([f"### {title}", *shown]))


def _numbered(messages: Sequence[WorkerMessage]) -> list[tuple[int, WorkerMessage]]:
    return list(enumerate(messages[:SHOWN_MAX], start=1))
