"""A price is asked for once a day, never while others wait, and said to be ours when it is."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from bot.accounts import pricing as module
from bot.accounts.price_formulas import price_estimate, text_price_estimate
from bot.accounts.pricing import Estimate, Pricing, Unasked
from bot.backends.values import Account
from bot.domain.capabilities import HORDE
from bot.domain.records import MessageRef, Origin, Payer
from bot.domain.requests import AlchemyRequest, ImageRequest, Lora, Source, TextRequest
from bot.errors import BackendDown, BadReply, RateLimited, RequestRejected
from bot.i18n import ENGLISH
from bot.parameters.upfront_kudos import Need
from bot.rules.guild_settings import GuildSettings
from bot.services.guilds import Guilds
from bot.services.person_settings import Languages
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import SMALL_FOX
from tests.support.virtual_clock import virtual

WITHOUT_KEY = (1, None, Payer.ANONYMOUS)  # a person without a key, outside of servers
LARGE_FOX = SMALL_FOX.model_copy(update={"width": 1024, "height": 1088})


class Sides:
    """A backend, a queue and keys in one."""

    name = "horde"
    capabilities = HORDE

    def __init__(self) -> None:
        self.free = True
        self.answer: Any = 18.0
        self.side: Any = 1024
        self.tokens: Any = 512
        self.balance: Any = 100.0
        self.asked: list[tuple[ImageRequest, str]] = []
        self.looked = 0

    async def estimate(self, request: ImageRequest, key: str) -> float:
        self.asked.append((request, key))
        return _answer_or_raise(self.answer)

    async def free_side(self) -> int:
        self.looked += 1
        return _answer_or_raise(self.side)

    async def account(self, key: str) -> Account:
        balance = _answer_or_raise(self.balance)
        return Account("ada#1", balance, spendable=balance - 25)

    async def free_tokens(self) -> int:
        return _answer_or_raise(self.tokens)

    @asynccontextmanager
    async def spare_call(self) -> AsyncGenerator[bool]:
        yield self.free

    def is_shared_key(self, _key: str) -> bool:
        return False

    async def key_for(self, *_: object) -> str:
        return "the-payers-key"


def _answer_or_raise(answer: Any) -> Any:
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.fixture
def source_sides() -> Sides:
    return Sides()


@pytest.fixture
def prices(source_sides: Sides) -> Pricing:
    return pricing_of(source_sides)


def pricing_of(sides: Sides) -> Pricing:
    one = cast("Any", sides)
    return Pricing(one, one, one)


async def test_the_backends_own_word(prices: Pricing, source_sides: Sides) -> None:
    assert await prices.estimate(SMALL_FOX, *WITHOUT_KEY) == Estimate(
        price=18.0, payer=Payer.ANONYMOUS, steps=40
    )
    assert source_sides.asked == [(SMALL_FOX, "the-payers-key")]


async def test_what_a_source_shows_does_not_change_a_price(
    prices: Pricing, source_sides: Sides
) -> None:
    for name in ("a.png", "b.png"):
        source = Source(url=f"https://cdn.discordapp.com/{name}")
        await prices.estimate(SMALL_FOX.model_copy(update={"source": source}), *WITHOUT_KEY)
    await prices.estimate(SMALL_FOX, *WITHOUT_KEY)
    assert [request.source is not None for request, _ in source_sides.asked] == [True, False]


@pytest.mark.parametrize("model", ["Krea2-Turbo", "Anima", "Z-Image-Turbo"])
def test_price_has_the_factor_of_a_newer_baseline(model: str) -> None:
    other = SMALL_FOX.model_copy(update={"models": (model,)})
    assert price_estimate(other) - 1 == pytest.approx(8 * (price_estimate(SMALL_FOX) - 1))


def test_a_source_is_reckoned_with() -> None:
    source = Source(url="https://cdn.discordapp.com/a.png")
    base = price_estimate(SMALL_FOX) - 2
    assert price_estimate(SMALL_FOX.model_copy(update={"source": source})) - 2 == pytest.approx(
        1.3 * base
    )
    dear = SMALL_FOX.model_copy(update={"post": ("GFPGAN", "NMKD_Siax"), "slow_workers": False})
    assert price_estimate(dear) - 1 == pytest.approx((1.05 * base + 1) * 1.2)
    lora = SMALL_FOX.model_copy(update={"loras": (Lora(name="x"), Lora(name="y"))})
    assert price_estimate(lora) == pytest.approx(price_estimate(SMALL_FOX) + 6)


async def test_words_and_seed_do_not_change_a_price(prices: Pricing, source_sides: Sides) -> None:
    others = ({"prompt": "a cat"}, {"seed": "5"}, {"negative": "dogs"}, {"private": True})
    for other in ({}, *others):
        found = await prices.estimate(SMALL_FOX.model_copy(update=other), *WITHOUT_KEY)
        assert found.price == 18.0
    assert len(source_sides.asked) == 1


@pytest.mark.parametrize(
    "other", [{"n": 2}, {"steps": 20}, {"width": 576}, {"models": ("SDXL 1.0",)}, {"karras": False}]
)
async def test_anything_else_does(
    prices: Pricing, source_sides: Sides, other: dict[str, object]
) -> None:
    await prices.estimate(SMALL_FOX, *WITHOUT_KEY)
    await prices.estimate(SMALL_FOX.model_copy(update=other), *WITHOUT_KEY)
    assert len(source_sides.asked) == 2


async def test_a_price_is_forgotten_after_a_day(
    source_sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_FOR", 0.0)
    prices = pricing_of(source_sides)
    await prices.estimate(SMALL_FOX, *WITHOUT_KEY)
    await prices.estimate(SMALL_FOX, *WITHOUT_KEY)
    assert len(source_sides.asked) == 2


async def test_only_so_many_are_kept(source_sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_MAX", 2)
    prices = pricing_of(source_sides)
    for steps in (10, 11, 12, 10):
        await prices.estimate(SMALL_FOX.model_copy(update={"steps": steps}), *WITHOUT_KEY)
    assert [request.steps for request, _ in source_sides.asked] == [10, 11, 12, 10]


async def test_nobody_is_asked_while_somebody_waits(prices: Pricing, source_sides: Sides) -> None:
    source_sides.free = False
    found = await prices.estimate(SMALL_FOX, *WITHOUT_KEY)
    assert found.unasked
    assert found.price == price_estimate(SMALL_FOX)
    assert source_sides.asked == []
    source_sides.free = True
    assert not (await prices.estimate(SMALL_FOX, *WITHOUT_KEY)).unasked


async def test_what_is_known_is_said_while_others_wait(
    prices: Pricing, source_sides: Sides
) -> None:
    await prices.estimate(SMALL_FOX, *WITHOUT_KEY)
    source_sides.free = False
    assert not (await prices.estimate(SMALL_FOX, *WITHOUT_KEY)).unasked


async def test_questions_do_not_use_up_what_requests_need(
    prices: Pricing, source_sides: Sides
) -> None:
    most = module.ASKED[0][0]
    for steps in range(1, most + 5):
        found = await prices.estimate(SMALL_FOX.model_copy(update={"steps": steps}), *WITHOUT_KEY)
        assert found.unasked == (Unasked.LIMIT if steps > most else None)
    assert len(source_sides.asked) == most


@pytest.mark.parametrize("error", [BackendDown("x"), RateLimited("x"), BadReply("x")])
async def test_a_backend_that_does_not_say_is_reckoned_for(
    prices: Pricing, source_sides: Sides, error: Exception
) -> None:
    source_sides.answer = error
    assert (await prices.estimate(SMALL_FOX, *WITHOUT_KEY)).unasked
    source_sides.answer = 18.0
    assert (await prices.estimate(SMALL_FOX, *WITHOUT_KEY)).price == 18.0  # a failure is not kept


@virtual
async def test_each_backend_says_its_own_price_and_the_servers_is_asked() -> None:
    bot = InMemoryBot()
    other, queue = Sides(), cast("Any", Sides())
    other.name, other.answer = "studio", 99.0
    studio = cast("Any", other)
    bot.guilds = Guilds(bot.store, {"horde": HORDE, "studio": HORDE}, Languages(bot.store, ENGLISH))
    bot.prices["studio"] = Pricing(studio, queue, queue)
    bot.keys._own = {**bot.keys._own, "studio": "studio-key"}
    bot.keys._backends = {**bot.keys._backends, "studio": studio}
    here = Origin(1, 7, 5, MessageRef(channel_id=10))
    first = await bot.service.estimate(await bot.context(here), SMALL_FOX)
    await bot.store.guilds.put_settings(5, GuildSettings(backend="studio"))
    assert (await bot.service.estimate(await bot.context(here), SMALL_FOX)).price == 99.0
    assert len(other.asked) == 1
    assert bot.prices["studio"].known(SMALL_FOX) == 99.0  # what budgets reserve
    assert bot.prices["horde"].known(SMALL_FOX) == first.price != 99.0
    await bot.store.guilds.put_settings(5, GuildSettings(backend="gone"))
    assert (await bot.service.estimate(await bot.context(here), SMALL_FOX)).price == first.price


@pytest.mark.parametrize("rc", sorted(module.ABOUT_KUDOS))
async def test_too_few_kudos_for_the_question_is_no_refusal(
    prices: Pricing, source_sides: Sides, rc: str
) -> None:
    source_sides.answer = RequestRejected("x", rc=rc)
    found = await prices.estimate(LARGE_FOX, *WITHOUT_KEY)
    assert found.unasked
    assert found.cut is not None
    assert found.cut.width * found.cut.height <= 1024**2


async def test_what_would_be_refused_is_refused(prices: Pricing, source_sides: Sides) -> None:
    source_sides.answer = RequestRejected("The Horde does not know this API key.")
    with pytest.raises(RequestRejected):
        await prices.estimate(SMALL_FOX, *WITHOUT_KEY)


@pytest.mark.parametrize(
    ("payer", "balance", "enough"),
    [
        (Payer.USER, 18.0 + 25, True),
        (Payer.USER, 17.0 + 25, False),
        (Payer.BOT, BackendDown("x"), False),
        (Payer.ANONYMOUS, 1000.0, False),
    ],
)
async def test_kudos_in_hand(
    prices: Pricing, source_sides: Sides, payer: Payer, balance: Any, enough: bool
) -> None:
    source_sides.balance = balance
    found = await prices.estimate(LARGE_FOX, 1, None, payer)
    assert found.needs == (Need.SIZE,)
    assert found.sure
    assert found.enough is enough
    known = payer is not Payer.ANONYMOUS and isinstance(balance, float)
    assert found.balance == (balance if known else None)


async def test_a_balance_that_does_not_matter_is_not_asked_for(
    prices: Pricing, source_sides: Sides
) -> None:
    source_sides.balance = BackendDown("not to be asked")
    assert (await prices.estimate(SMALL_FOX, 1, None, Payer.USER)).balance is None


async def test_the_load_decides_and_is_asked_once_a_minute(
    prices: Pricing, source_sides: Sides
) -> None:
    middle = SMALL_FOX.model_copy(update={"width": 832, "height": 832})
    assert (await prices.estimate(middle, *WITHOUT_KEY)).needs == ()
    source_sides.side = 576
    assert (await prices.estimate(middle, *WITHOUT_KEY)).needs == ()
    assert source_sides.looked == 1


async def test_an_unknown_load_makes_it_a_may_be(prices: Pricing, source_sides: Sides) -> None:
    source_sides.side = BackendDown("x")
    middle = SMALL_FOX.model_copy(update={"width": 832, "height": 832})
    found = await prices.estimate(middle, *WITHOUT_KEY)
    assert found.needs == (Need.SIZE,)
    assert not found.sure
    assert (await prices.estimate(SMALL_FOX, *WITHOUT_KEY)).sure  # small enough for any load
    assert (await prices.estimate(LARGE_FOX, *WITHOUT_KEY)).sure  # too large for any


@pytest.mark.parametrize(
    ("size", "steps", "one"),
    [
        (512, 5, 4.0),
        (512, 20, 6.0),
        (512, 30, 7.6),
        (512, 60, 12.5),
        (1024, 20, 16.0),
        (1024, 30, 20.8),
        (1536, 30, 57.0),
    ],
)
def test_the_reckoning_is_near_what_a_real_horde_asked(size: int, steps: int, one: float) -> None:
    asked = {"width": size, "height": size, "steps": steps}
    request = SMALL_FOX.model_copy(update=asked)
    assert price_estimate(request) == pytest.approx(one + 2, rel=0.05)
    xl = request.model_copy(update={"models": ("SDXL 1.0",), "n": 3})
    assert price_estimate(xl) == pytest.approx((one + 1) * 3 * 2 + 1, rel=0.05)


async def test_what_is_known_without_asking(prices: Pricing, source_sides: Sides) -> None:
    assert prices.known(SMALL_FOX) == price_estimate(SMALL_FOX)
    await prices.estimate(SMALL_FOX, *WITHOUT_KEY)
    assert prices.known(SMALL_FOX.model_copy(update={"prompt": "a dog", "seed": "7"})) == 18.0
    photo = Source(url="https://cdn/x.png", width=512, height=512)
    form = AlchemyRequest(source=photo, forms=("caption",))
    assert prices.known(form) == 3
    assert len(source_sides.asked) == 1


def test_texts_are_reckoned_by_their_model() -> None:
    tale = TextRequest(prompt="once", max_length=128, max_context_length=1024)
    small = tale.model_copy(update={"models": ("koboldcpp/Tiny-7B-Instruct",)})
    large = tale.model_copy(update={"models": ("koboldcpp/Tiny-7B-Instruct", "aphrodite/Huge-70b")})
    assert text_price_estimate(small) == 7 + 1
    assert text_price_estimate(large) == 70 + 1
    assert text_price_estimate(large.model_copy(update={"n": 3})) == 210 + 1
    assert text_price_estimate(tale) > text_price_estimate(small)


async def test_goes_free_asks_for_the_load_itself(prices: Pricing, source_sides: Sides) -> None:
    assert await prices.goes_free(SMALL_FOX)
    assert source_sides.looked == 0  # whatever the load
    larger = SMALL_FOX.model_copy(update={"width": 768, "height": 768})
    assert await prices.goes_free(larger)
    assert not await prices.goes_free(SMALL_FOX.model_copy(update={"steps": 60}))
    assert await prices.goes_free(TextRequest(prompt="once", max_length=512))
    assert not await prices.goes_free(TextRequest(prompt="once", max_length=513))


async def test_goes_free_load_unknown_takes_the_smallest(
    prices: Pricing, source_sides: Sides
) -> None:
    source_sides.side = source_sides.tokens = BackendDown("x")
    assert not await prices.goes_free(SMALL_FOX.model_copy(update={"width": 768, "height": 768}))
    assert not await prices.goes_free(TextRequest(prompt="once", max_length=257))
    assert await prices.goes_free(TextRequest(prompt="once", max_length=256))
