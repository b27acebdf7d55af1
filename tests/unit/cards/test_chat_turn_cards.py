"""Cards of turns of conversations: what an answer cost."""

import pytest

from bot.cards.chat.message_card import message_card
from bot.cards.chat.shown_message import ShownMessage
from bot.cards.chat.turn_card import cost_line
from bot.cards.context import CardContext
from bot.cards.formatting import NBSP
from bot.domain.chat.conversations import ChatMessage, Side
from bot.domain.records import Payer
from bot.domain.requests import TextRequest
from bot.domain.results import Phase, Status
from tests.support import builders
from tests.support.cards import text_of

ANSWER = ChatMessage(5, 1, 4, Side.CHARACTER, 3, "Ada", "A fox.", 0.0)


def scene(payer: Payer, cost: float) -> CardContext:
    record = builders.record(request=TextRequest(prompt="What is it?"), payer=payer)
    return CardContext(record, Status(phase=Phase.DONE, cost=cost), 0.0)


def test_an_answer_shows_what_it_cost_and_who_paid() -> None:
    line = cost_line(scene(Payer.GUILD, 12.0))
    assert f"12{NBSP}kudos" in line
    assert "server" in line
    assert line in text_of(message_card(ShownMessage(ANSWER), note=line))


@pytest.mark.parametrize(("payer", "cost"), [(Payer.ANONYMOUS, 12.0), (Payer.USER, 0.0)])
def test_a_free_answer_shows_no_price(payer: Payer, cost: float) -> None:
    assert cost_line(scene(payer, cost)) == ""


@pytest.mark.parametrize("named", [True, False])
def test_the_name_is_shown_once(named: bool) -> None:
    text = text_of(message_card(ShownMessage(ANSWER, named=named)))
    assert ("**Ada**" in text) is not named
