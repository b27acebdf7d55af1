"""Requests, rows and results to draw cards of, and what can be read off a card."""

from typing import Any

from bot.cards.card import (
    AnyMenu,
    Attachment,
    Button,
    Card,
    Gallery,
    Menu,
    Picture,
    TextBlock,
    Verb,
)
from bot.cards.custom_ids import CARD
from bot.cards.request_card import card_for
from bot.domain.capabilities import ALL_HORDE
from bot.domain.records import Payer, Record
from bot.domain.requests import Request
from bot.domain.results import Phase, Status
from tests.support import builders

NOW = 1_790_000_000.0
FOX_IN_SNOW = builders.image_request(prompt="a red fox asleep in snow")
TEXT_REQUEST = builders.text_request()
FOX_SOURCE = builders.source()
SQUARE = "1024 \N{MULTIPLICATION SIGN} 1024"


def card_record(request: Request, phase: Phase, **fields: Any) -> Record:
    """The record of a request as a card shows it, sent 18 seconds ago."""
    usual: dict[str, Any] = {
        "id": 128,
        "payer": Payer.BOT,
        "created_at": NOW - 20,
        "sent_at": NOW - 18,
        "messages": (),
    }
    return builders.record(request=request, phase=phase, **(usual | fields))


def text_of(card: Card) -> str:
    return "\n".join(block.content for block in card.blocks if isinstance(block, TextBlock))


def plain_text_of(card: Card) -> str:
    """The same with usual spaces only."""
    return text_of(card).replace("\N{NO-BREAK SPACE}", " ")


def verbs(card: Card) -> list[Verb]:
    return [verb_of(button) for row in card.rows for button in row]


def verb_of(item: Button | AnyMenu) -> Verb:
    """The verb of a button or menu of a request's card."""
    found = CARD.parse(item.id)
    assert found is not None
    return Verb(found[0])


def menu_of(card: Card) -> Menu:
    """The only menu of a card, with options."""
    (menu,) = card.menus
    assert isinstance(menu, Menu)
    return menu


def pictures_of(card: Card) -> list[Picture]:
    return [p for block in card.blocks if isinstance(block, Gallery) for p in block.pictures]


def menu_options(card: Card) -> list[tuple[str, str]]:
    return [(option.value, option.label) for option in menu_of(card).options]


def attachments_of(card: Card) -> list[Attachment]:
    return [block for block in card.blocks if isinstance(block, Attachment)]


def show(request: Request, status: Status | None, phase: Phase | None = None, **kw: Any) -> Card:
    position = kw.pop("position", 0)
    published = kw.pop("published", False)
    able = kw.pop("able", ALL_HORDE)
    phase = phase or (status.phase if status else Phase.QUEUED)
    row = card_record(request, phase, **kw)
    if position:
        status = (status or Status(phase=phase)).in_queue(position, 0, "")
    return card_for(row, status, now=NOW, published=published, able=able)
