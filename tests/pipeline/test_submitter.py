"""One submit and every way in which it can fail; database, Horde and Discord are in memory."""

import asyncio

import pytest

from bot.aio.clock import ticks
from bot.domain.records import Payer
from bot.domain.requests import AlchemyRequest, ImageRequest
from bot.domain.results import Phase
from bot.errors import (
    BackendDown,
    BackendPaused,
    BadOption,
    BotError,
    RateLimited,
    RequestRejected,
    TooManyPrompts,
    Undeliverable,
    VaultError,
)
from bot.pipeline.dispatch.submit_results import (
    REFUSED,
    REFUSED_ALCHEMY,
)
from bot.pipeline.tracking.endings import BROKEN_HERE, OWN_KEY
from bot.pipeline.tracking.state import TrackedRequest
from tests.support.backend_messages import said
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import CAPTION_REQUEST, FOX_BY_DELIBERATE
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual


@virtual
async def test_it_is_sent_and_shown() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    assert (await bot.outcome(record)).phase is Phase.DONE
    row = await bot.row(record)
    assert (row.phase, row.remote_id, row.attempts) == (Phase.DONE, "job-1", 0)
    assert bot.horde.jobs["job-1"].webhook == f"https://bot/ring/{record.id}"
    await bot.kill()


@pytest.mark.parametrize(
    ("error", "submits"),
    [
        (RateLimited("2 per 1 second", retry_after=7.0), 2),
        (TooManyPrompts("full"), 2),
        (BackendPaused("maintenance", retry_after=4.0), 2),
        (BackendDown("500", status=500), 2),
    ],
    ids=lambda e: type(e).__name__,
)
@virtual
async def test_what_passes_is_waited_for_and_never_said(error: BotError, submits: int) -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", error)
    outcome = await bot.outcome(await bot.ask())
    assert outcome.phase is Phase.DONE
    assert outcome.warnings == ()
    assert bot.horde.count("submit") == submits
    await bot.kill()


@virtual
async def test_retry_after_is_obeyed() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", RateLimited("90 per 1 minute", retry_after=14.0))
    first, second = await bot.ask(), await bot.ask()
    await bot.ended(first, second)
    times = [at for name, at in bot.horde.calls if name == "submit"]
    assert times[0] + 14 <= min(at for at in times if at > times[1])
    await bot.kill()


@virtual
async def test_one_that_always_fails_is_refused_and_stops_nobody() -> None:
    bot = InMemoryBot().start()
    bad = await bot.ask(ImageRequest(prompt="bad"), user=1)
    bot.horde.fail("submit", *(BackendDown("500", status=500) for _ in range(3)))
    await bot.until(lambda row: row.attempts > 0, bad)
    bot.horde.faults["submit"].clear()
    good = await bot.ask(user=2)
    await bot.until(lambda row: row.remote_id is not None, good)
    bot.horde.fail("submit", *(BackendDown("500", status=500) for _ in range(3)))
    outcome = await bot.outcome(bad)
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, said(REFUSED))
    assert (await bot.outcome(good)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_an_outage_rejects_nobody_however_long() -> None:
    bot = InMemoryBot().start()
    bot.horde.outage = True
    records = [await bot.ask(user=n) for n in range(5)]
    await asyncio.sleep(600)
    assert bot.horde.count("submit") <= 2  # those that found out
    bot.horde.outage = False
    for row in await bot.ended(*records):
        assert row.phase is Phase.DONE
        assert row.attempts == 0
    await bot.kill()


@pytest.mark.parametrize(
    "error", [RequestRejected("The Horde has no such model."), BadOption("Too large.")], ids=repr
)
@virtual
async def test_a_refusal_is_said_on_the_card(error: BotError) -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", error)
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.detail, outcome.public) == (Phase.REJECTED, str(error), True)
    assert bot.presenter.told == []
    await bot.kill()


@virtual
async def test_refusal_of_the_bots_own_key_is_a_warning_for_its_operator(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bot = InMemoryBot(key="own-key").start()
    refusal = RequestRejected("Set another with /account login.", rc="InvalidAPIKey", private=True)
    bot.horde.fail("submit", refusal)
    record = await bot.ask()
    await bot.outcome(record)
    assert bot.presenter.told == [(record.id, said(OWN_KEY))]
    (warning,) = [one for one in caplog.records if one.levelname == "WARNING"]
    assert warning.getMessage().endswith("refuses the bot's own key: InvalidAPIKey")
    await bot.kill()


@pytest.mark.parametrize("private", [False, True])
@virtual
async def test_an_accounts_affairs_are_told_in_private(private: bool) -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", RequestRejected("Your key is unknown.", private=True))
    record = await bot.ask(ImageRequest(prompt="a fox", private=private))
    outcome = await bot.outcome(record)
    assert outcome.detail == "Your key is unknown."
    # A private card shows it.
    assert bot.presenter.told == ([] if private else [(record.id, "Your key is unknown.")])
    assert not outcome.public
    await bot.kill()


@virtual
async def test_a_key_that_was_taken_away() -> None:
    bot = InMemoryBot()
    await bot.login()
    record = await bot.ask()
    await bot.keys.logout(Payer.USER, 7)
    bot.start()
    outcome = await bot.outcome(record)
    assert outcome.phase is Phase.REJECTED
    assert "/account login" in bot.presenter.told[0][1]
    assert bot.horde.count("submit") == 0
    await bot.kill()


@virtual
async def test_a_key_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = InMemoryBot()
    await bot.login()

    def sealed_by_another(_sealed: bytes) -> str:
        raise VaultError("The bot cannot read this API key any more.")

    monkeypatch.setattr(bot.vault, "open", sealed_by_another)
    record = await bot.ask()
    bot.start()
    assert (await bot.outcome(record)).phase is Phase.REJECTED
    assert bot.presenter.told == [(record.id, "The bot cannot read this API key any more.")]
    await bot.kill()


@virtual
async def test_a_bug_in_the_backend_is_that_requests_alone() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", *(KeyError("oops") for _ in range(3)))
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, said(REFUSED))
    assert (await bot.outcome(await bot.ask())).phase is Phase.DONE
    await bot.kill()


# Uploads


@virtual
async def test_an_upload_is_fetched_once_and_kept() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", BackendDown("500", status=500))
    record = await bot.ask(CAPTION_REQUEST)
    assert (await bot.outcome(record)).phase is Phase.DONE
    request = (await bot.row(record)).request
    assert isinstance(request, AlchemyRequest)
    assert request.source.file == f"{record.id}-source"
    await bot.kill()


@virtual
async def test_discord_does_not_hand_out_the_upload_for_a_while() -> None:
    bot = InMemoryBot().start()
    bot.uploads.errors.extend(BackendDown("no upload") for _ in range(5))
    assert (await bot.outcome(await bot.ask(CAPTION_REQUEST))).phase is Phase.DONE
    bot.uploads.errors.extend(BackendDown("Discord has no upload.") for _ in range(20))
    outcome = await bot.outcome(await bot.ask(CAPTION_REQUEST))
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, "Discord has no upload.")
    await bot.kill()


@virtual
async def test_an_upload_over_which_we_stumble_each_time_is_not_tried_for_ever() -> None:
    bot = InMemoryBot().start()
    bot.uploads.errors.extend(IndexError("a bug") for _ in range(100))
    record, other = await bot.ask(CAPTION_REQUEST, user=1), await bot.ask(FOX_BY_DELIBERATE, user=2)
    outcome = await bot.outcome(record)
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, BROKEN_HERE)
    assert bot.horde.count("submit") <= 1
    assert (await bot.outcome(other)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_tries_to_fetch_an_upload_are_none_of_sending_it() -> None:
    bot = InMemoryBot().start()
    bot.uploads.errors.extend(BackendDown("no upload") for _ in range(5))
    bot.horde.fail("submit", *(BackendDown("500", status=500) for _ in range(2)))
    assert (await bot.outcome(await bot.ask(CAPTION_REQUEST))).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_a_slow_upload_holds_up_nobody() -> None:
    bot = InMemoryBot().start()
    bot.uploads.seconds = 25.0
    slow = await bot.ask(CAPTION_REQUEST, user=1)
    await asyncio.sleep(1)
    bot.uploads.seconds = 0.0
    quick = await bot.ask(CAPTION_REQUEST, user=2)
    await bot.until(lambda row: row.remote_id is not None, quick)
    assert (await bot.row(slow)).phase is Phase.QUEUED
    assert (await bot.outcome(slow)).phase is Phase.DONE
    await bot.kill()


# The database


@pytest.mark.parametrize("failing", range(1, 14))
@virtual
async def test_a_database_that_is_busy_at_any_moment(failing: int) -> None:
    """Whichever call meets it: nothing is lost, nothing is sent twice."""
    bot = InMemoryBot().start()
    record = await bot.ask()
    await asyncio.sleep(0)
    bot.disk.failing = failing
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert bot.horde.count("submit") == 1
    await bot.kill()


@virtual
async def test_a_receipt_is_written_down_however_long_that_takes() -> None:
    bot = InMemoryBot(FakeHorde(latency=(0.2, 0.2))).start()
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.SENDING, record)
    bot.disk.failing = 100
    await asyncio.sleep(400)
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert bot.horde.count("submit") == 1
    await bot.kill()


# A message that is gone


@virtual
async def test_the_message_is_deleted_before_it_was_sent() -> None:
    bot = InMemoryBot().start()
    bot.horde.maintenance = True
    bot.horde.fail("submit", BackendPaused("maintenance"))
    record = await bot.ask(FOX_BY_DELIBERATE)
    bot.presenter.always = Undeliverable("gone", deleted=True)
    (row,) = await bot.ended(record, within=60)
    assert row.phase is Phase.CANCELLED
    assert bot.horde.jobs == {}
    assert bot.presenter.told == []
    await bot.kill()


@virtual
async def test_the_bot_may_not_write_there_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """The request was not cancelled: it is sent, and cards of others are shown meanwhile."""
    bot, shown = InMemoryBot().start(), list[float]()
    show = bot.dispatcher._updates._show

    async def counted(tracked: TrackedRequest) -> bool:
        shown.append(ticks())
        return await show(tracked)

    monkeypatch.setattr(bot.dispatcher._updates, "_show", counted)
    bot.horde.maintenance = True
    bot.horde.fail("submit", BackendPaused("maintenance"))
    record = await bot.ask(FOX_BY_DELIBERATE)
    bot.presenter.always = Undeliverable("no permission", gone=True)
    await asyncio.sleep(60)
    assert (await bot.row(record)).phase is Phase.QUEUED
    assert len(shown) <= 5  # four times a minute, as any other
    bot.presenter.always, bot.horde.maintenance = None, False
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_more_results_than_the_account_may_have_waiting_is_refused_in_private() -> None:
    bot = InMemoryBot(FakeHorde(concurrency=2), key="own").start()
    outcome = await bot.outcome(await bot.ask(ImageRequest(prompt="a fox", n=4)))
    assert (outcome.phase, outcome.public) == (Phase.REJECTED, False)
    ((_told, reason),) = bot.presenter.told
    assert "has 4 results, and this account can have 2 open results" in reason
    assert outcome.detail == reason
    assert bot.horde.count("submit") == 1
    assert (await bot.outcome(await bot.ask(ImageRequest(prompt="a fox", n=2)))).arrived == 2
    await bot.kill()


@virtual
async def test_alchemy_that_the_horde_fails_on_is_not_the_requesters_fault() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", *(BackendDown("500", status=500) for _ in range(3)))
    outcome = await bot.outcome(await bot.ask(CAPTION_REQUEST))
    assert outcome.detail == said(REFUSED_ALCHEMY)
    assert "trusted" in outcome.detail
    await bot.kill()
