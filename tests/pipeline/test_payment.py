"""The payer: user, server, bot, anonymous; and a server's key within its budget."""

import asyncio
from dataclasses import replace

import pytest

from bot.accounts.budget_messages import PASSED, PASSED_EVER, PASSED_LEFT
from bot.accounts.payment import SHARED
from bot.accounts.price_formulas import price_estimate
from bot.backends.values import Allowance, Limits, for_all_kinds
from bot.domain.kudos.budgets import Bound, Budget, day_of
from bot.domain.records import MessageRef, Origin, Payer, Record
from bot.domain.requests import ImageRequest, Kind, Request
from bot.domain.results import Phase
from bot.errors import (
    BackendDown,
    BackendError,
    BackendPaused,
    NotAllowed,
    RequestRejected,
    SharedKeyLow,
)
from bot.i18n import current_language, in_language, language_of
from bot.pipeline.tracking.endings import CANCEL_TRIES, NOT_STOPPED
from bot.rules.guild_settings import GuildSettings
from bot.settings import ANONYMOUS_KEY
from tests.support.backend_messages import said
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import CAPTION_REQUEST, GUILD_ID
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.jobs import Fault
from tests.support.virtual_clock import virtual

FEW_STEPS_FOX = ImageRequest(
    prompt="a fox", models=("Deliberate",), width=512, height=512, steps=20
)
HUGE_FOX = FEW_STEPS_FOX.model_copy(update={"width": 1536, "height": 1536})
SHARED_KEY = "0f4a2d1c-1111-4222-8333-444455556666"
LENT = "0f4a2d1c-2222-4222-8333-444455556666"
YOUR_KEY_IS_LOW = "This request costs more than your shared key has left."
THIS_KEY_IS_LOW = "This request costs more than this server's shared key has left."
NO_ALCHEMY = frozenset({Kind.IMAGE, Kind.TEXT})


async def house_with(budget: Budget | None = None, key: str = ANONYMOUS_KEY) -> InMemoryBot:
    bot = InMemoryBot(key=key)
    await bot.give_server_key()
    if budget is not None:
        await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(budget=budget))
    return bot


async def spent(bot: InMemoryBot, user: int = 7) -> tuple[float, float]:
    marks = bot.keys.marks.all_of(user)
    found = await bot.store.spending.spent(GUILD_ID, bot.horde.name, marks, day_of(bot.clock()))
    return found.server, found.person


def warnings_of(record: Record) -> tuple[str, ...]:
    return record.status.warnings if record.status else ()


@virtual
async def test_the_order_is_person_server_bot_nobody() -> None:
    bot = await house_with(key="the-bots-key")
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.GUILD
    assert (await bot.write(FEW_STEPS_FOX, guild=6)).payer is Payer.BOT
    assert (await bot.write(FEW_STEPS_FOX, guild=None)).payer is Payer.BOT
    await bot.login(user=7)
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.USER
    nobody = InMemoryBot()
    assert (await nobody.write(FEW_STEPS_FOX)).payer is Payer.ANONYMOUS


@virtual
async def test_reserved_before_the_send_and_settled_with_the_last_word() -> None:
    bot = (await house_with()).start()
    bot.horde.price = 11.0
    record = await bot.ask(FEW_STEPS_FOX)
    reserved, _ = await spent(bot)
    assert 4 < reserved < 20
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert await spent(bot) == (11.0, 11.0)
    assert await spent(bot, user=8) == (11.0, 0.0)
    assert bot.horde.jobs["job-1"].key == "guild-key"
    await bot.kill()


@virtual
async def test_what_a_worker_had_when_it_was_cancelled_keeps_its_estimate() -> None:
    bot = (await house_with()).start()
    bot.horde.job_seconds = (60.0, 60.0)
    record = await bot.ask(FEW_STEPS_FOX)
    reserved, _ = await spent(bot)
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    await bot.service.cancel(record.id, 7)
    outcome = await bot.outcome(record)
    assert (outcome.phase, outcome.begun) == (Phase.CANCELLED, True)
    assert await spent(bot) == (reserved, reserved)
    await bot.kill()


@virtual
async def test_what_was_never_sent_costs_nothing() -> None:
    bot = await house_with()
    await bot.service.unacked(await bot.write(FEW_STEPS_FOX))
    assert await spent(bot) == (0, 0)
    bot.horde.outage = True
    bot.start()
    record = await bot.ask(FEW_STEPS_FOX)
    assert (await spent(bot))[0] > 0
    await bot.service.cancel(record.id, 7)
    await bot.ended(record)
    assert await spent(bot) == (0, 0)
    await bot.kill()


@virtual
async def test_a_crash_between_reserving_and_settling_loses_nothing() -> None:
    bot = (await house_with()).start()
    bot.horde.price = 9.0
    record = await bot.ask(FEW_STEPS_FOX)
    await bot.until(lambda row: row.remote_id is not None, record)
    await bot.kill()
    reserved = await spent(bot)
    again = bot.again().start()
    assert await spent(again) == reserved
    assert (await again.outcome(record)).phase is Phase.DONE
    assert await spent(again) == (9.0, 9.0)
    await again.kill()


@virtual
async def test_many_at_once_stay_within_the_day() -> None:
    bot = await house_with(Budget(a_day=40, then_next=False))

    async def ask(user: int) -> bool:
        try:
            await bot.write(FEW_STEPS_FOX, user=user)
        except NotAllowed:
            return False
        return True

    took = await asyncio.gather(*(ask(user) for user in range(1, 21)))
    server, _ = await spent(bot)
    assert 0 < sum(took) < 20
    assert server <= 40
    assert len(await bot.store.requests.unfinished()) == sum(took)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(a_day=1), PASSED_EVER[Bound.DAY]),
        (Budget(a_person_a_day=1), PASSED_EVER[Bound.PERSON]),
        (Budget(a_request=1), PASSED[Bound.REQUEST]),
        (Budget(largest=256 * 256), PASSED[Bound.SIZE]),
    ],
    ids=str,
)
@virtual
async def test_without_room_the_next_pays_and_the_card_says_why(budget: Budget, said: str) -> None:
    for key, payer in (("the-bots-key", Payer.BOT), (ANONYMOUS_KEY, Payer.ANONYMOUS)):
        bot = (await house_with(budget, key=key)).start()
        record = await bot.ask(FEW_STEPS_FOX)
        assert (record.payer, warnings_of(record)) == (payer, (said,))
        assert (await bot.outcome(record)).warnings == (said,)
        assert await spent(bot) == (0, 0)
        await bot.kill()


@virtual
@pytest.mark.parametrize(("private", "said"), [(False, "ja"), (True, "de")])
async def test_warning_about_a_skipped_payer_is_in_the_language_of_the_card(
    monkeypatch: pytest.MonkeyPatch, *, private: bool, said: str
) -> None:
    def language(*_: object) -> str:
        return current_language().code

    monkeypatch.setattr("bot.accounts.payment.passed", language)
    bot = await house_with(Budget(a_day=1), key="the-bots-key")
    context = replace(
        await bot.context(Origin(901, 7, GUILD_ID, MessageRef(channel_id=10))),
        language=language_of("de"),
        shared_language=language_of("ja"),
    )
    request = FEW_STEPS_FOX.model_copy(update={"private": private})
    with in_language(context.language):
        record = await bot.service.submit(context, request)
    assert warnings_of(record) == (said,)


@virtual
async def test_what_is_left_and_not_enough_is_told_apart_from_nothing() -> None:
    bot = await house_with()
    twice = FEW_STEPS_FOX.model_copy(update={"n": 2})
    larger = FEW_STEPS_FOX.model_copy(update={"width": 640, "height": 640})
    bot.horde.side = 576  # no payer can pay for that
    budget = Budget(a_day=price_estimate(twice) + 1)
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(budget=budget))
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.GUILD
    left = budget.a_day - (await spent(bot))[0]
    assert warnings_of(await bot.write(twice, user=8)) == (PASSED_LEFT[Bound.DAY],)
    with pytest.raises(NotAllowed, match=rf"has {left:,.0f}\skudos left until") as refused:
        await bot.write(larger, user=9)
    at = (day_of(bot.clock()) + 1) * 86_400
    for words in (f"<t:{at}:R>", "/account login", "wait until then", "small enough"):
        assert words in str(refused.value)


@virtual
async def test_what_nobody_else_can_make_is_refused_with_the_ways_out() -> None:
    bot = await house_with(Budget(a_day=1))
    with pytest.raises(NotAllowed, match=r"up to 1\skudos a day") as refused:
        await bot.write(HUGE_FOX)
    for words in ("/account login", "small enough"):
        assert words in str(refused.value)
    for words in ("wait", "refills"):  # no day will do
        assert words not in str(refused.value)
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.ANONYMOUS
    await bot.login(user=7)
    assert (await bot.write(HUGE_FOX)).payer is Payer.USER
    strict = await house_with(Budget(a_request=1, then_next=False), key="the-bots-key")
    with pytest.raises(NotAllowed, match=r"up to 1\skudos for one request") as refused:
        await strict.write(FEW_STEPS_FOX)
    assert "smaller" in str(refused.value)
    assert await strict.store.requests.unfinished() == []


@virtual
async def test_used_up_until_midnight() -> None:
    bot = await house_with(Budget(a_day=8, then_next=False))
    tiny = FEW_STEPS_FOX.model_copy(update={"steps": 5, "width": 256, "height": 256})
    costs = price_estimate(tiny)
    budget = Budget(a_day=costs + 0.5, then_next=False)
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(budget=budget))
    assert (await bot.write(tiny)).payer is Payer.GUILD
    with pytest.raises(NotAllowed, match="used up for today") as refused:
        await bot.write(tiny)
    at = (day_of(bot.clock()) + 1) * 86_400
    for words in (f"<t:{at}:R>", "wait until then"):
        assert words in str(refused.value)
    assert "smaller" not in str(refused.value)


@virtual
async def test_an_estimate_says_who_pays_for_that_picture_or_that_nobody_can() -> None:
    bot = await house_with(Budget(a_request=15), key="the-bots-key")
    here = Origin(901, 7, GUILD_ID, MessageRef(channel_id=10))
    dear = FEW_STEPS_FOX.model_copy(update={"n": 4})
    assert (await bot.service.estimate(await bot.context(here), FEW_STEPS_FOX)).payer is Payer.GUILD
    assert (await bot.service.estimate(await bot.context(here), dear)).payer is Payer.BOT
    strict = GuildSettings(budget=Budget(a_day=15, then_next=False))
    await bot.store.guilds.put_settings(GUILD_ID, strict)
    assert (await bot.service.estimate(await bot.context(here), FEW_STEPS_FOX)).payer is Payer.GUILD
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.GUILD
    with pytest.raises(NotAllowed, match="left until it refills"):
        await bot.service.estimate(await bot.context(here), FEW_STEPS_FOX)
    await bot.login(user=7)
    assert (await bot.service.estimate(await bot.context(here), dear)).payer is Payer.USER


@virtual
async def test_roles_have_their_own_share() -> None:
    budget = Budget(a_person_a_day=1, roles=((99, 1_000),), then_next=False)
    bot = await house_with(budget)
    patron = Origin(901, 7, GUILD_ID, MessageRef(channel_id=10), roles=(99,))
    assert (await bot.submit(patron, FEW_STEPS_FOX)).payer is Payer.GUILD
    with pytest.raises(NotAllowed, match="your share"):
        await bot.write(FEW_STEPS_FOX, user=8)


@virtual
async def test_the_same_interaction_reserves_once() -> None:
    bot = await house_with(Budget(a_day=15))
    origin = Origin(901, 7, GUILD_ID, MessageRef(channel_id=10))
    first = await bot.submit(origin, FEW_STEPS_FOX)
    before = await spent(bot)
    again = await bot.submit(origin, FEW_STEPS_FOX)
    assert (again.id, again.payer) == (first.id, Payer.GUILD)
    assert await spent(bot) == before


@virtual
async def test_a_shared_key_is_not_offered_for_alchemy() -> None:
    bot = InMemoryBot(key="the-bots-key")
    await bot.give_server_key(pays=NO_ALCHEMY)
    record = await bot.write(CAPTION_REQUEST)
    assert (record.payer, warnings_of(record)) == (Payer.BOT, (SHARED[Payer.GUILD],))
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.GUILD


@virtual
async def test_nor_is_the_bots_own() -> None:
    bot = InMemoryBot(key=SHARED_KEY)
    record = await bot.write(CAPTION_REQUEST)
    assert (record.payer, warnings_of(record)) == (Payer.ANONYMOUS, (SHARED[Payer.BOT],))
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.BOT


@virtual
async def test_a_key_that_does_not_work_is_never_passed_over() -> None:
    bot = (await house_with(key="the-bots-key")).start()
    bot.horde.fail("submit", RequestRejected("The Horde does not know it.", private=True))
    record = await bot.ask(FEW_STEPS_FOX)
    assert (await bot.outcome(record)).phase is Phase.REJECTED
    assert bot.presenter.told == [(record.id, "The Horde does not know it.")]
    assert bot.horde.jobs == {}
    assert await spent(bot) == (0, 0)
    await bot.kill()


@virtual
async def test_a_shared_keys_own_limits_are_read_before_the_send() -> None:
    bot = InMemoryBot().start()
    await bot.give_server_key(key=SHARED_KEY, pays=NO_ALCHEMY)
    bot.horde.allowances[SHARED_KEY] = Allowance(steps=10)
    record = await bot.ask(FEW_STEPS_FOX)
    assert (await bot.outcome(record)).phase is Phase.REJECTED
    assert "10 steps" in bot.presenter.told[0][1]
    assert bot.horde.count("submit") == 0
    less = FEW_STEPS_FOX.model_copy(update={"steps": 10})
    assert (await bot.outcome(await bot.ask(less))).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_a_shared_key_that_runs_low_lets_the_next_one_pay() -> None:
    bot = await house_with(Budget(then_next=True))
    await bot.give_server_key(key=SHARED_KEY, pays=NO_ALCHEMY)
    bot.horde.allowances[SHARED_KEY] = Allowance(kudos=1.5 * price_estimate(FEW_STEPS_FOX))
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.GUILD
    record = await bot.write(FEW_STEPS_FOX)  # the Horde does not count the first one yet
    assert (record.payer, warnings_of(record)) == (Payer.ANONYMOUS, (THIS_KEY_IS_LOW,))
    bot.horde.fail("allowance", BackendError("out"))
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.GUILD  # the send will tell


@virtual
async def test_a_persons_shared_key_that_runs_low_lets_the_next_one_pay() -> None:
    bot = await house_with(key=SHARED_KEY)
    await bot.login(key=LENT)
    bot.horde.allowances[LENT] = Allowance(kudos=1.5 * price_estimate(FEW_STEPS_FOX))
    assert (await bot.write(FEW_STEPS_FOX)).payer is Payer.USER
    record = await bot.write(FEW_STEPS_FOX)
    assert (record.payer, warnings_of(record)) == (Payer.GUILD, (YOUR_KEY_IS_LOW,))
    bot.horde.allowances[LENT] = Allowance(kudos=0)
    bot.horde.allowances[SHARED_KEY] = Allowance(kudos=0)
    away = await bot.write(FEW_STEPS_FOX, guild=None)
    empty = ("Your shared key has no kudos left.", "The bot's shared key has no kudos left.")
    assert (away.payer, warnings_of(away)) == (Payer.ANONYMOUS, empty)
    with pytest.raises(NotAllowed, match=r"The bot's shared key has no.*small enough"):
        await bot.write(HUGE_FOX, guild=None)


async def queued_with_shared_key(
    bot: InMemoryBot, left: float, request: ImageRequest = FEW_STEPS_FOX
) -> Record:
    """A queued request of a member whose shared key has only `left` kudos by then."""
    await bot.login(key=LENT)
    bot.horde.allowances[LENT] = Allowance(kudos=1_000)
    record = await bot.ask(request)
    assert record.payer is Payer.USER
    bot.horde.allowances[LENT] = Allowance(kudos=left)
    return record


@virtual
@pytest.mark.parametrize(
    ("left", "said"), [(2.0, YOUR_KEY_IS_LOW), (0.0, "Your shared key has no kudos left.")]
)
async def test_shared_key_that_ran_low_in_the_queue_lets_the_next_one_pay(
    left: float, said: str
) -> None:
    bot = await house_with(key="the-bots-key")
    record = await queued_with_shared_key(bot, left)
    bot.start()
    outcome = await bot.outcome(record)
    assert (outcome.phase, outcome.warnings) == (Phase.DONE, (said,))
    assert (await bot.row(record)).payer is Payer.GUILD
    assert [job.key for job in bot.horde.jobs.values()] == ["guild-key"]
    assert bot.horde.count("submit") == 1
    assert bot.presenter.told == []
    await bot.kill()


@virtual
async def test_shared_key_that_the_backend_finds_short_lets_the_next_one_pay() -> None:
    bot = await house_with()
    record = await queued_with_shared_key(bot, 1_000)
    bot.horde.fail("submit", SharedKeyLow("too few", rc="SharedKeyInsufficientKudos", private=True))
    bot.start()
    reserved = await bot.until(lambda row: row.payer is Payer.GUILD, record)
    assert (await spent(bot))[0] == price_estimate(FEW_STEPS_FOX)
    assert warnings_of(reserved) == (YOUR_KEY_IS_LOW,)
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert [job.key for job in bot.horde.jobs.values()] == ["guild-key"]
    await bot.kill()


@virtual
@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(a_day=1), PASSED_EVER[Bound.DAY]),
        (Budget(a_request=1), PASSED[Bound.REQUEST]),
        (Budget(roles=((99, 1),)), PASSED_EVER[Bound.PERSON]),  # the roles are not known then
    ],
    ids=str,
)
async def test_queued_request_stays_within_the_budget_of_the_next_payer(
    budget: Budget, said: str
) -> None:
    bot = await house_with(budget)
    record = await queued_with_shared_key(bot, 2)
    bot.start()
    outcome = await bot.outcome(record)
    assert outcome.warnings == (YOUR_KEY_IS_LOW, said)
    assert (await bot.row(record)).payer is Payer.ANONYMOUS
    assert await spent(bot) == (0, 0)
    await bot.kill()


@virtual
async def test_queued_request_returns_the_budget_of_a_shared_key_that_ran_low() -> None:
    bot = await house_with(Budget(a_day=100))
    await bot.give_server_key(key=SHARED_KEY, pays=NO_ALCHEMY)
    bot.horde.allowances[SHARED_KEY] = Allowance(kudos=1_000)
    record = await bot.ask(FEW_STEPS_FOX)
    assert (await spent(bot))[0] > 0
    bot.horde.allowances[SHARED_KEY] = Allowance(kudos=2)
    bot.start()
    assert (await bot.outcome(record)).warnings == (THIS_KEY_IS_LOW,)
    assert (await bot.row(record)).payer is Payer.ANONYMOUS
    assert await spent(bot) == (0, 0)
    await bot.kill()


@virtual
async def test_server_that_allows_no_other_payer_keeps_a_queued_request() -> None:
    bot = await house_with(Budget(then_next=False), key="the-bots-key")
    await bot.give_server_key(key=SHARED_KEY, pays=NO_ALCHEMY)
    bot.horde.allowances[SHARED_KEY] = Allowance(kudos=1_000)
    record = await bot.ask(FEW_STEPS_FOX)
    bot.horde.allowances[SHARED_KEY] = Allowance(kudos=2)
    bot.start()
    assert (await bot.outcome(record)).phase is Phase.REJECTED
    assert "has 2 kudos left" in bot.presenter.told[0][1]
    assert (bot.horde.count("submit"), (await bot.row(record)).payer) == (0, Payer.GUILD)
    await bot.kill()


@virtual
async def test_queued_request_that_no_other_payer_can_pay_is_refused() -> None:
    bot = InMemoryBot()
    record = await queued_with_shared_key(bot, 2, HUGE_FOX)
    bot.start()
    assert (await bot.outcome(record)).phase is Phase.REJECTED
    assert "has 2 kudos left" in bot.presenter.told[0][1]
    assert bot.horde.count("submit") == 0
    await bot.kill()


@virtual
async def test_request_that_may_have_arrived_is_paid_by_no_other_payer() -> None:
    bot = InMemoryBot(key="the-bots-key")
    bot.horde.newer = True  # a shared key lists no request
    record = await queued_with_shared_key(bot, 1_000)
    lost = Fault(BackendDown("lost", status=502, in_doubt=True), after=True)
    low = Fault(SharedKeyLow("too few", rc="SharedKeyEmpty", private=True))
    bot.horde.fail("submit", lost, low)
    bot.start()
    assert (await bot.outcome(record)).phase is Phase.REJECTED
    assert bot.presenter.told == [(record.id, "too few")]
    assert [job.key for job in bot.horde.jobs.values()] == [LENT]
    await bot.kill()


@virtual
async def test_key_that_a_member_added_later_pays_for_no_queued_request() -> None:
    bot = await house_with()
    await bot.give_server_key(key=SHARED_KEY, pays=NO_ALCHEMY)
    bot.horde.allowances[SHARED_KEY] = Allowance(kudos=1_000)
    record = await bot.ask(FEW_STEPS_FOX)
    await bot.login(user=7)
    bot.horde.allowances[SHARED_KEY] = Allowance(kudos=2)
    bot.start()
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert (await bot.row(record)).payer is Payer.ANONYMOUS
    await bot.kill()


@virtual
async def test_restart_keeps_the_next_payer_of_a_queued_request() -> None:
    bot = await house_with(key="the-bots-key")
    record = await queued_with_shared_key(bot, 2)
    bot.horde.fail("submit", *(BackendPaused("maintenance") for _ in range(20)))
    bot.start()
    await bot.until(lambda row: row.payer is Payer.GUILD, record)
    await bot.kill()
    reserved = await spent(bot)
    again = bot.again().start()
    assert (await again.outcome(record)).phase is Phase.DONE
    assert [job.key for job in bot.horde.jobs.values()] == ["guild-key"]
    assert reserved[0] == price_estimate(FEW_STEPS_FOX)
    await again.kill()


@virtual
async def test_style_its_maker_pays_for_costs_nobody_here_anything() -> None:
    bot = (await house_with(Budget(a_day=1))).start()
    bot.paid_styles.add("a-style")
    await bot.login(user=7)
    styled = HUGE_FOX.model_copy(update={"style": "a-style", "style_name": "A Style"})
    record = await bot.ask(styled)
    assert record.payer is Payer.STYLE
    await bot.outcome(record)
    assert bot.horde.jobs["job-1"].key == ANONYMOUS_KEY
    assert await spent(bot) == (0, 0)
    await bot.kill()


@virtual
async def test_member_may_ask_for_what_goes_free_whatever_was_estimated_before() -> None:
    bot = await house_with(Budget(largest=512**2))
    middle = FEW_STEPS_FOX.model_copy(update={"width": 1024, "height": 1024})
    assert (await bot.write(middle)).payer is Payer.ANONYMOUS


@virtual
async def test_a_shared_key_that_runs_low_is_explained_where_no_other_may_pay() -> None:
    bot = await house_with(Budget(then_next=False))
    await bot.give_server_key(key=SHARED_KEY, pays=NO_ALCHEMY)
    bot.horde.allowances[SHARED_KEY] = Allowance(kudos=3)
    with pytest.raises(NotAllowed, match=r"shared key has 3\skudos left.*/account login"):
        await bot.write(FEW_STEPS_FOX)


@virtual
async def test_who_would_pay_counts_the_budget() -> None:
    bot = await house_with(Budget(a_day=15, then_next=True))
    origin = Origin(901, 7, GUILD_ID, MessageRef(channel_id=10))
    assert await bot.payment.payer(await bot.context(origin), Kind.IMAGE) is Payer.GUILD
    while (await bot.write(FEW_STEPS_FOX)).payer is Payer.GUILD:
        pass
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(budget=Budget(a_day=5)))
    assert await bot.payment.payer(await bot.context(origin), Kind.IMAGE) is Payer.ANONYMOUS
    share = await bot.payment.share(await bot.context(origin))
    assert share.spent.server > share.budget.a_day


async def worked_on(bot: InMemoryBot, record: Record) -> Record:
    return await bot.until(lambda row: row.phase is Phase.PROCESSING, record)


@virtual
@pytest.mark.parametrize("request_", [FEW_STEPS_FOX, CAPTION_REQUEST])
async def test_cancel_under_a_worker_keeps_the_reservation(request_: Request) -> None:
    bot = (await house_with()).start()
    record = await bot.ask(request_)
    reserved = await spent(bot)
    await worked_on(bot, record)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record)).phase is Phase.CANCELLED
    assert await spent(bot) == reserved != (0, 0)
    await bot.kill()


@virtual
async def test_cancel_of_alchemy_that_was_begun_since_the_last_poll_keeps_it() -> None:
    bot = (await house_with()).start()
    bot.horde.wait_seconds = 1_000.0
    record = await bot.ask(CAPTION_REQUEST)
    reserved = await spent(bot)
    await bot.until(lambda row: row.phase is Phase.WAITING, record)
    bot.horde.answers["alchemy"] = lambda _job, status: status.model_copy(
        update={"phase": Phase.PROCESSING, "processing": 1}
    )
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record)).phase is Phase.CANCELLED
    assert await spent(bot) == reserved
    await bot.kill()


@virtual
@pytest.mark.parametrize("request_", [FEW_STEPS_FOX, CAPTION_REQUEST])
async def test_cancel_before_a_worker_gives_the_reservation_back(request_: Request) -> None:
    bot = (await house_with()).start()
    bot.horde.wait_seconds = 1_000.0
    record = await bot.ask(request_)
    await bot.until(lambda row: row.phase is Phase.WAITING, record)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record)).phase is Phase.CANCELLED
    assert await spent(bot) == (0, 0)
    await bot.kill()


@virtual
async def test_cancel_without_a_confirmation_keeps_the_reservation() -> None:
    bot = (await house_with()).start()
    record = await bot.ask(FEW_STEPS_FOX)
    reserved = await spent(bot)
    await worked_on(bot, record)
    bot.horde.fail("cancel", *[BackendError("no") for _ in range(CANCEL_TRIES)])
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record)).detail == said(NOT_STOPPED)
    assert await spent(bot) == reserved
    await bot.kill()


@virtual
async def test_cancel_whose_answer_was_lost_keeps_the_reservation() -> None:
    bot = (await house_with()).start()
    record = await bot.ask(FEW_STEPS_FOX)
    reserved = await spent(bot)
    await worked_on(bot, record)
    bot.horde.jobs["job-1"].gone = True
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record)).phase is Phase.CANCELLED
    assert await spent(bot) == reserved
    await bot.kill()


@virtual
async def test_resend_adds_the_estimate_once() -> None:
    bot = (await house_with()).start()
    bot.horde.price = 11.0
    bot.horde.wait_seconds = 30.0
    record = await bot.ask(FEW_STEPS_FOX)
    (estimate, _) = await spent(bot)
    await bot.until(lambda row: row.phase is Phase.WAITING, record)
    bot.horde.jobs["job-1"].gone = True
    await bot.until(lambda row: row.resends == 1, record)
    assert (await spent(bot))[0] == pytest.approx(2 * estimate)
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert (await spent(bot))[0] == pytest.approx(estimate + 11.0)
    await bot.kill()


@virtual
async def test_queued_request_waits_for_a_slot_of_its_next_payer() -> None:
    limits = for_all_kinds(Limits(((2, 1.0), (90, 60.0)), waiting=4))
    bot = InMemoryBot(FakeHorde(limits=limits, concurrency=4, wait_seconds=30.0))
    await bot.give_server_key()
    four = FEW_STEPS_FOX.model_copy(update={"n": 4})
    bot.start()
    first = await bot.ask(four, user=8)
    await bot.until(lambda row: row.remote_id is not None, first)
    record = await queued_with_shared_key(bot, 2, four)
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert bot.horde.count("submit") == 2  # none was refused for the lack of a slot
    await bot.kill()
