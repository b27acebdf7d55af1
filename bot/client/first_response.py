"""The first card of a request. Nothing is submitted before Discord has accepted it."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import discord
from tenacity import wait_chain, wait_fixed

from bot.aio.retry import one_of, retry, until_stored
from bot.client.error_messages import NETWORK, UNREADABLE
from bot.domain.records import MessageRef, Record
from bot.errors import Undeliverable
from bot.services.submission import Submission

log = logging.getLogger(__name__)

TRIES = 3  # a dropped connection is noticed at once, and Discord waits 3 s for an answer
PAUSES = (1.0, 3.0, 8.0, 20.0)  # seconds between checks whether the first card arrived


class CardDelivery(Protocol):
    """Shows requests; implemented by bot/ui/delivery/presenter.py."""

    async def open(
        self, interaction: discord.Interaction[Any], record: Record, *, parent_link: str = ""
    ) -> int:
        """Answer the interaction with the first card. Returns the message's id."""
        ...

    async def open_turn(self, record: Record) -> None:
        """Show a new turn of a conversation as a message of the bot. Raises UserError."""
        ...

    async def offer(self, interaction: discord.Interaction[Any], record: Record) -> None:
        """Show a held result to its requester in private."""
        ...

    async def send_private(self, interaction: discord.Interaction[Any], card: Any) -> None:
        """Answer with a card that only the user sees."""
        ...

    async def keeps(self, file: str) -> bool:
        """Whether the files of that result still exist."""
        ...

    async def publish(
        self,
        interaction: discord.Interaction[Any],
        record: Record,
        *,
        posted: Callable[[MessageRef], Awaitable[None]],
    ) -> None:
        """Show a private result to its channel. `posted`: called with each new message."""
        ...

    async def remove(
        self, interaction: discord.Interaction[Any], record: Record, *, pressed: bool = True
    ) -> None:
        """Delete the messages that show it, and the pressed one."""
        ...

    async def unsend(self, record: Record, ref: MessageRef) -> bool:
        """Delete one of them. False when it stays because the bot cannot reach it."""
        ...

    async def card_exists(self, record: Record) -> MessageRef | None:
        """The first card, None when Discord has none or its token has expired.

        Raises Undeliverable while that is unknown.
        """
        ...


async def acknowledge(
    cards: CardDelivery,
    submission: Submission,
    interaction: discord.Interaction[Any],
    record: Record,
) -> None:
    """Send the first card of a new record and release the request; cancel it when Discord refused.

    Retried however long the database is busy: a shown request must be sent.
    """
    try:
        link = await submission.parent_link(record)
        message_id = await _put_up(cards, interaction, record, link)
    except Exception:  # a bug: nothing was shown
        await until_stored(lambda: submission.unacked(record))
        raise
    if message_id is None:  # Discord has shown that the application did not respond
        await until_stored(lambda: submission.unacked(record))
    else:
        await until_stored(lambda: submission.acked(record, message_id))


async def _put_up(
    cards: CardDelivery, interaction: discord.Interaction[Any], record: Record, parent_link: str
) -> int | None:
    for _ in range(TRIES):
        try:
            return await cards.open(interaction, record, parent_link=parent_link)
        except (*NETWORK, *UNREADABLE) as error:  # if it was accepted, the next attempt is refused
            log.info("#%d: the answer was lost (%r)", record.id, error)
        except discord.DiscordException as error:
            log.warning("#%d: Discord refused the answer: %s", record.id, error)
            break
    return await _taken_after_all(cards, record)


async def _taken_after_all(cards: CardDelivery, record: Record) -> int | None:
    """The first card's id if Discord has it although it did not confirm it."""
    found = await retry(
        lambda: cards.card_exists(record),
        wait_chain(*map(wait_fixed, PAUSES)),
        when=one_of(Undeliverable),
        report=lambda error, _state: log.info("#%d: %s", record.id, error),
    )
    return found.message_id if found else None
