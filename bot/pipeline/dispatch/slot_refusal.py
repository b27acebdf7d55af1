"""A request with more results than its account may ever have waiting."""

import logging

from bot.backends.base import ALCHEMY_FACTOR, Backend
from bot.domain.records import Payer, Record
from bot.domain.requests import Kind
from bot.errors import BackendError, BotError, RequestRejected, TooManyPrompts
from bot.i18n import ngettext

log = logging.getLogger(__name__)


async def slot_refusal(record: Record, key: str, error: BotError, backend: Backend) -> BotError:
    """The error; a refusal when the account may never have so many results waiting."""
    shared = record.payer in {Payer.ANONYMOUS, Payer.STYLE}
    if shared or not isinstance(error, TooManyPrompts):
        return error
    try:
        most = (await backend.account(key)).concurrency
    except BackendError as unanswered:
        log.info("#%d: the slots of the account are unknown: %s", record.id, unanswered)
        return error
    most *= ALCHEMY_FACTOR if record.kind is Kind.ALCHEMY else 1
    count = record.request.count
    if count <= most:
        return error
    text = ngettext(
        "This request has {count} results, and this account can have {most} open result at the "
        "Horde. Ask for fewer, or use another key with `/account login`.",
        "This request has {count} results, and this account can have {most} open results at "
        "the Horde. Ask for fewer, or use another key with `/account login`.",
        most,
    ).format(most=most, count=count)
    return RequestRejected(text, rc="TooManyPrompts", private=True)
