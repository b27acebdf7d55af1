"""What a backend cut from a request that it took."""

from typing import Any, cast

import pytest

from bot.accounts.downgrades import Downgrades
from bot.backends.values import Account, Receipt
from bot.catalog import guessed_facts
from bot.domain.capabilities import HORDE
from bot.domain.records import Payer
from bot.domain.requests import AlchemyRequest, Source, TextRequest
from bot.domain.results import Cut
from bot.errors import BackendDown
from tests.support.builders import SMALL_FOX

MANY_STEPS_FOX = SMALL_FOX.model_copy(update={"steps": 80})
CUT = Cut(width=512, height=512, steps=30)


class Horde:
    """A backend with a free square, free tokens and one account."""

    capabilities = HORDE

    def __init__(self, kudos: float = 25.0, *, down: bool = False) -> None:
        self.kudos, self.down = kudos, down
        self.asked: list[str] = []

    async def free_side(self) -> int:
        self.asked.append("side")
        if self.down:
            raise BackendDown("x")
        return 1024

    async def free_tokens(self) -> int:
        return 512

    async def account(self, _key: str) -> Account:
        self.asked.append("account")
        return Account("ada#1", self.kudos, spendable=self.kudos - 25)


async def cut_from(
    horde: Horde, request: Any, payer: Payer = Payer.USER, kudos: float = 0.0
) -> Cut | None:
    downgrades = Downgrades(cast("Any", horde), guessed_facts)
    return await downgrades.of(request, payer, "key", Receipt("id", cost=kudos))


async def test_anonymous_request_is_cut_without_asking_for_a_balance() -> None:
    horde = Horde(kudos=5_000)
    assert await cut_from(horde, MANY_STEPS_FOX, Payer.ANONYMOUS) == CUT
    assert horde.asked == ["side"]


@pytest.mark.parametrize(("kudos", "cut"), [(25.0, CUT), (30.0, CUT), (5_000.0, None)])
async def test_balance_decides_for_an_account(kudos: float, cut: Cut | None) -> None:
    assert await cut_from(Horde(kudos), MANY_STEPS_FOX) == cut


async def test_price_of_the_receipt_outweighs_the_balance() -> None:
    assert await cut_from(Horde(5_000), MANY_STEPS_FOX, kudos=8.0) == CUT
    assert await cut_from(Horde(5_000), MANY_STEPS_FOX, kudos=16.0) is None


@pytest.mark.parametrize(
    "request_",
    [
        SMALL_FOX,
        MANY_STEPS_FOX.model_copy(update={"allow_downgrade": False}),
        MANY_STEPS_FOX.model_copy(update={"models": ()}),
        MANY_STEPS_FOX.model_copy(update={"style": "an-unlisted-one"}),
        TextRequest(prompt="x", max_length=512),
        AlchemyRequest(source=Source(url="https://cdn/x.png"), forms=("caption",)),
    ],
)
async def test_nothing_is_cut(request_: Any) -> None:
    assert await cut_from(Horde(), request_, Payer.ANONYMOUS) is None


async def test_ordinary_request_asks_for_nothing() -> None:
    horde = Horde()
    assert await cut_from(horde, SMALL_FOX) is None
    assert horde.asked == []


async def test_long_text_is_cut_where_kudos_are_missing() -> None:
    long = TextRequest(prompt="x", max_length=1024)
    assert await cut_from(Horde(), long, Payer.ANONYMOUS) == Cut(max_length=512)
    assert await cut_from(Horde(), long) == Cut(max_length=512)
    assert await cut_from(Horde(5_000), long) is None


async def test_backend_that_does_not_answer_leaves_it_unknown() -> None:
    assert await cut_from(Horde(down=True), MANY_STEPS_FOX, Payer.ANONYMOUS) is None
