"""Prices, budgets and keys of backends whose unit is not kudos."""

from dataclasses import dataclass, field, replace

import pytest

from bot.accounts.pricing import Estimate, Unasked
from bot.backends.open_calls import OpenCall
from bot.backends.values import Priced
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.kudos.budgets import Budget, day_of
from bot.domain.records import MessageRef, Origin, Payer
from bot.domain.requests import ImageRequest, Kind, Request, TextRequest, VideoRequest
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BackendError, NotAllowed, RequestRejected, UserError
from bot.rules.guild_settings import GuildSettings
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import GUILD_ID
from tests.support.fakes.blocking_backend import FREE, NEVER, RECOVERABLE, FakeBlocking
from tests.support.virtual_clock import virtual

FOX = ImageRequest(prompt="a fox", models=("Deliberate",), width=512, height=512, steps=20)
STORY = TextRequest(prompt="a story")
HERON = VideoRequest(prompt="a heron", seconds=2)
PRICE = 40_000.0  # micro-USD
HERE = Origin(900, 7, GUILD_ID, MessageRef(10))
LOST = BackendDown("The connection broke.", in_doubt=True)


@dataclass
class PricedBackend(FakeBlocking):
    """A price list, and images that cost what it says."""

    capabilities: Capabilities = NEVER
    price: float = PRICE
    priced: list[Request] = field(default_factory=list[Request])

    async def estimate(self, request: Priced, key: str) -> float:
        self.priced.append(request)
        return self.price

    async def _draw(self, call: OpenCall) -> Status:
        return (await super()._draw(call)).with_cost(self.price)

    async def _write(self, call: OpenCall) -> Status:
        return (await super()._write(call)).with_cost(self.price / 4)


async def bot_with(backend: FakeBlocking, budget: Budget | None = None) -> InMemoryBot:
    bot = InMemoryBot(backend)
    await bot.give_server_key()
    if budget is not None:
        rules = GuildSettings(budgets={backend.name: budget})
        await bot.store.guilds.put_settings(GUILD_ID, rules)
    return bot


async def spent(bot: InMemoryBot, backend: str = "horde") -> float:
    marks = bot.keys.marks.all_of(7)
    day = day_of(bot.clock())
    return (await bot.store.spending.spent(GUILD_ID, backend, marks, day)).server


def dollars(**amounts: float) -> Budget:
    return Budget(unit=PriceUnit.MICRO_USD).model_copy(update=amounts)


@virtual
async def test_price_list_is_reserved_and_settled_in_micro_usd() -> None:
    bot = (await bot_with(PricedBackend())).start()
    record = await bot.ask(FOX)
    assert record.unit is PriceUnit.MICRO_USD
    assert await spent(bot) == PRICE
    assert (await bot.outcome(record)).cost == PRICE
    assert await spent(bot) == PRICE
    assert await spent(bot, "another") == 0
    await bot.kill()


@virtual
async def test_video_reserves_its_price_before_the_send() -> None:
    backend = PricedBackend(capabilities=replace(NEVER, kinds=frozenset({Kind.VIDEO})))
    bot = await bot_with(backend, dollars(a_day=50_000.0, then_next=False))
    await bot.write(HERON)
    assert await spent(bot) == PRICE
    with pytest.raises(NotAllowed, match=r"costs about \$0\.04, .* has \$0\.01 left"):
        await bot.write(HERON)
    with pytest.raises(NotAllowed):
        await bot.write(HERON.model_copy(update={"seconds": 3}))
    priced = [each.seconds for each in backend.priced if isinstance(each, VideoRequest)]
    assert priced == [2, 3]


@virtual
async def test_text_reserves_its_largest_price_and_settles_to_what_it_cost() -> None:
    bot = (await bot_with(PricedBackend(), dollars(a_day=50_000.0, then_next=False))).start()
    record = await bot.ask(STORY)
    assert await spent(bot) == PRICE
    with pytest.raises(NotAllowed, match=r"costs about \$0\.04, .* has \$0\.01 left"):
        await bot.ask(STORY)
    assert (await bot.outcome(record)).cost == PRICE / 4
    assert await spent(bot) == PRICE / 4
    await bot.outcome(await bot.ask(STORY))
    assert await spent(bot) == PRICE / 2
    await bot.kill()


@virtual
async def test_text_that_a_kill_lost_keeps_its_largest_price_as_spent() -> None:
    bot = (await bot_with(PricedBackend(seconds=60.0))).start()
    record = await bot.ask(STORY)
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    await bot.kill()
    again = bot.again().start()
    await again.outcome(record)
    assert await spent(again) == PRICE
    await again.kill()


@virtual
async def test_budget_in_dollars_refuses_in_dollars() -> None:
    bot = await bot_with(PricedBackend(), dollars(a_day=50_000.0, then_next=False))
    await bot.write(FOX)
    with pytest.raises(NotAllowed, match=r"costs about \$0\.04, .* has \$0\.01 left") as refused:
        await bot.write(FOX)
    assert "kudos" not in str(refused.value)


@virtual
async def test_budget_in_kudos_does_not_limit_micro_usd() -> None:
    bot = await bot_with(PricedBackend())
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(budget=Budget(a_day=5)))
    assert (await bot.write(FOX)).payer is Payer.GUILD


@virtual
async def test_request_over_a_budget_in_dollars_never_goes_without_a_key() -> None:
    bot = await bot_with(PricedBackend(), dollars(a_request=1_000.0))
    with pytest.raises(NotAllowed, match=r"pays up to \$0\.001 for one request"):
        await bot.write(FOX)


@virtual
async def test_request_without_a_price_reserves_nothing() -> None:
    bot = await bot_with(FakeBlocking(), Budget(unit=PriceUnit.NONE))
    record = await bot.write(FOX)
    assert (record.unit, await spent(bot)) == (PriceUnit.NONE, 0)


@pytest.mark.parametrize("seconds", [0.1, 20.0], ids=["early", "late"])
@virtual
async def test_rejected_request_never_counts_as_spent(seconds: float) -> None:
    backend = PricedBackend(seconds=seconds)
    backend.errors.append(RequestRejected("The model does not exist."))
    bot = (await bot_with(backend)).start()
    assert (await bot.outcome(await bot.ask(FOX))).phase is Phase.REJECTED
    assert await spent(bot) == 0
    await bot.kill()


@virtual
async def test_call_that_failed_without_a_charge_does_not_count_as_spent() -> None:
    backend = PricedBackend(seconds=20.0)
    backend.errors.append(BackendError("A worker failed. Nothing was charged."))
    bot = (await bot_with(backend)).start()
    assert (await bot.outcome(await bot.ask(FOX))).phase is Phase.FAULTED
    assert await spent(bot) == 0
    await bot.kill()


@pytest.mark.parametrize("seconds", [0.1, 20.0], ids=["early", "late"])
@virtual
async def test_lost_call_keeps_its_estimate_as_spent(seconds: float) -> None:
    backend = PricedBackend(seconds=seconds)
    backend.errors.append(LOST)
    bot = (await bot_with(backend)).start()
    assert (await bot.outcome(await bot.ask(FOX))).phase is Phase.FAULTED
    assert await spent(bot) == PRICE
    await bot.kill()


@virtual
async def test_call_that_a_restart_lost_keeps_its_estimate_as_spent() -> None:
    bot = (await bot_with(PricedBackend(capabilities=RECOVERABLE, seconds=60.0))).start()
    record = await bot.ask(FOX)
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    await bot.kill()
    again = bot.again().start()
    assert (await again.outcome(record)).phase is Phase.FAULTED
    assert await spent(again) == PRICE
    await again.kill()


@virtual
async def test_estimate_has_the_price_and_no_kudos() -> None:
    backend = PricedBackend()
    bot = await bot_with(backend)
    found = await bot.service.estimate(await bot.context(HERE), FOX)
    wanted = Estimate(PRICE, Payer.GUILD)
    assert found == wanted
    await bot.service.estimate(await bot.context(HERE), FOX)
    assert len(backend.priced) == 1


@virtual
async def test_estimate_without_a_price_list_has_an_unknown_price() -> None:
    bot = await bot_with(PricedBackend(price=0.0))
    found = await bot.service.estimate(await bot.context(HERE), FOX)
    assert (found.price, found.unasked) == (0.0, Unasked.NO_ANSWER)


@virtual
async def test_estimate_of_an_own_gpu_asks_nothing() -> None:
    backend = PricedBackend(capabilities=FREE)
    bot = await bot_with(backend)
    found = await bot.service.estimate(await bot.context(HERE), FOX)
    assert (found.price, found.unasked, backend.priced) == (0.0, None, [])


@virtual
async def test_request_is_refused_where_a_key_is_needed_and_there_is_none() -> None:
    bot = InMemoryBot(PricedBackend(capabilities=replace(NEVER, keys="required")))
    with pytest.raises(NotAllowed, match=r"paid server needs an API key.*`/account login`"):
        await bot.write(FOX)
    await bot.login(user=7)
    assert (await bot.write(FOX)).payer is Payer.USER


@virtual
async def test_key_of_another_backend_may_be_longer_than_one_of_a_horde() -> None:
    bot = InMemoryBot(PricedBackend())
    await bot.keys.login(Payer.USER, 7, "k" * 256)
    for text in ("k" * 257, "0000000000"):
        with pytest.raises(UserError, match="not an API key of paid server"):
            await bot.keys.login(Payer.USER, 7, text)


@virtual
async def test_unknown_key_is_not_sent_to_the_page_of_a_horde() -> None:
    bot = InMemoryBot(PricedBackend())
    bot.horde.fail("account", RequestRejected("unknown"))
    with pytest.raises(UserError, match=r"^paid server does not know this key\. Copy it again\.$"):
        await bot.keys.login(Payer.USER, 7, "a-key")


@virtual
async def test_bot_pays_where_a_key_is_needed_and_it_has_one() -> None:
    needed = PricedBackend(capabilities=replace(NEVER, keys="required"))
    assert (await InMemoryBot(needed, key="the-bots-key").write(FOX)).payer is Payer.BOT


@virtual
async def test_used_up_budget_passes_no_request_to_a_missing_key() -> None:
    needed = PricedBackend(capabilities=replace(NEVER, keys="required"))
    bot = await bot_with(needed, dollars(a_day=50_000.0))
    await bot.write(FOX)
    with pytest.raises(NotAllowed, match="/account login"):
        await bot.write(FOX)
