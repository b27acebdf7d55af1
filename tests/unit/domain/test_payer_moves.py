"""A request never goes to a backend where its payer has not agreed to the price."""

from itertools import product

import pytest

from bot.domain.capabilities import PriceUnit
from bot.domain.payer_moves import payer_after_move
from bot.domain.records import Payer

KUDOS, DOLLARS, NONE = PriceUnit.KUDOS, PriceUnit.MICRO_USD, PriceUnit.NONE
ALL = (Payer.USER, Payer.GUILD, Payer.BOT)


@pytest.mark.parametrize(
    ("payer", "here", "there", "possible", "after"),
    [
        (Payer.USER, KUDOS, KUDOS, ALL, Payer.USER),
        (Payer.USER, KUDOS, KUDOS, (Payer.BOT,), None),
        (Payer.USER, KUDOS, KUDOS, (Payer.ANONYMOUS,), Payer.ANONYMOUS),
        (Payer.USER, DOLLARS, DOLLARS, ALL, None),
        (Payer.USER, NONE, KUDOS, (Payer.USER,), None),
        (Payer.USER, KUDOS, NONE, (Payer.ANONYMOUS,), Payer.ANONYMOUS),
        (Payer.GUILD, DOLLARS, NONE, (Payer.USER, Payer.GUILD), Payer.GUILD),
        (Payer.BOT, KUDOS, NONE, (), None),
        (Payer.STYLE, KUDOS, KUDOS, ALL, None),
    ],
)
def test_move_keeps_the_price_or_costs_nothing(
    payer: Payer,
    here: PriceUnit,
    there: PriceUnit,
    possible: tuple[Payer, ...],
    after: Payer | None,
) -> None:
    assert payer_after_move(payer, here, there, possible) is after


@pytest.mark.parametrize(("payer", "here", "there"), list(product(Payer, PriceUnit, PriceUnit)))
def test_no_move_across_units_makes_a_key_pay(
    payer: Payer, here: PriceUnit, there: PriceUnit
) -> None:
    after = payer_after_move(payer, here, there, (*ALL, Payer.ANONYMOUS))
    if here is not there and there is not NONE:
        assert after in {None, Payer.ANONYMOUS}
