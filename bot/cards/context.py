"""The input of a card, and what each kind of result adds to it."""

from dataclasses import dataclass

from bot.cards import labels
from bot.cards.card import Block
from bot.cards.markdown import own_sentence
from bot.domain.capabilities import ALL_HORDE, RequestAbilities
from bot.domain.kudos import prices
from bot.domain.records import MessageAccess, Payer, Record
from bot.domain.results import Phase, Status
from bot.i18n import N_, _

COULD_NOT_SEND = N_("The request could not be sent. The requester was told the reason.")
DETAIL_MAX = 500  # characters of the status's own sentence
FREE = frozenset({Payer.ANONYMOUS, Payer.STYLE})  # payers of whose price nothing is said


@dataclass(frozen=True, slots=True)
class CardContext:
    """One request at one moment. `published`: shown in the channel although it was private.

    `parent_link`: address of the card of the parent request, or "". `able`: of the backends.
    """

    record: Record
    status: Status
    now: float
    published: bool = False
    parent_link: str = ""
    able: RequestAbilities = ALL_HORDE

    @property
    def phase(self) -> Phase:
        """The phase to show: a closed row counts more than an old poll, an outcome more than an
        open row.
        """
        if self.status.phase.is_open and not self.record.phase.is_open:
            return self.record.phase
        return self.status.phase

    @property
    def has_workers(self) -> bool:
        """Workers process the request, and not the backend itself."""
        return self.able.made_by.uses("workers")

    def why(self, reason: str) -> str:
        """Why a result is missing. `reason`: a key of MISSING_AT_BACKEND, about workers."""
        if self.has_workers:
            return _(reason)
        return _(labels.MISSING_AT_BACKEND[reason]).format(backend=self.able.made_by.title)

    @property
    def is_cancellable(self) -> bool:
        """It waits in the bot's own queue, or its backend can cancel it."""
        return self.phase is Phase.QUEUED or self.record.kind in self.able.made_by.cancels

    @property
    def hidden(self) -> bool:
        """Only the requester sees this card."""
        return self.record.private and not self.published

    @property
    def own(self) -> bool:
        """Only the requester reads this card: it is private, or in direct messages with the bot."""
        messages = self.record.messages
        in_dm = bool(messages) and messages[-1].reach is MessageAccess.DM
        return self.hidden or in_dm

    @property
    def costs(self) -> bool:
        """A key pays a price: beside "free" it would contradict."""
        return bool(self.price) and self.status.cost > 0 and self.record.payer not in FREE

    @property
    def price(self) -> str:
        """The amount spent so far, in the unit of the backend; "" where requests have no price."""
        return prices.price(self.status.cost, self.record.unit)

    @property
    def detail(self) -> str:
        """The status's own sentence, if this card may show it."""
        if self.status.detail and not (self.status.public or self.hidden):
            return _(COULD_NOT_SEND) if self.phase is Phase.REJECTED else ""
        return own_sentence(self.status.detail, DETAIL_MAX)


@dataclass(frozen=True, slots=True)
class ResultPart:
    """What one kind of request adds to a card.

    `arrived`: share of it that can be shown; `line`: how it was made; `missing`: results that are
    missing and why, under `title`; `censored`: only because of a filter; `withheld`: not shown by
    the bot.
    """

    blocks: tuple[Block, ...] = ()
    arrived: int = 0
    title: str = ""
    line: str = ""
    missing: str = ""
    notes: str = ""
    small: tuple[str, ...] = ()  # facts for the small print
    censored: bool = False
    withheld: bool = False
