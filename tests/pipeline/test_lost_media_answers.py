"""AI Power Grid loses the answer of a paid call: its result is asked for, nothing is sent twice."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import pytest

from bot.backends.aipg.error_mapping import SeveralJobs
from bot.backends.aipg.responses import MediaAnswer
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BackendError, RateLimited, RequestGone, RequestRejected
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import FOX_BY_DELIBERATE
from tests.support.fakes.aipg_client import (
    CLOSED,
    COMPLETED,
    CUT,
    LINK,
    PENDING,
    ScriptedAipg,
    scripted_backend,
)
from tests.support.virtual_clock import virtual

FOX = FOX_BY_DELIBERATE.model_copy(update={"models": ()})
ABSENT = RequestGone("no such job", status=404)
AWAY = BackendDown("Media recovery temporarily unavailable", status=503)
TIMEOUT = BackendDown("timed out", status=504, in_doubt=True)


def bot_with(client: ScriptedAipg) -> InMemoryBot:
    return InMemoryBot(cast("Any", scripted_backend(client)), key="grid_key").start()


async def outcome_with(client: ScriptedAipg) -> Status:
    bot = bot_with(client)
    outcome = await bot.outcome(await bot.ask(FOX), within=1_200)
    assert len(client.sent) == 1
    await bot.kill()
    return outcome


@pytest.mark.parametrize("lost", [CUT, TIMEOUT])
@pytest.mark.parametrize(
    "answers",
    [
        (COMPLETED,),
        (PENDING, PENDING, COMPLETED),
        (ABSENT, ABSENT, PENDING, COMPLETED),
        (AWAY, RateLimited("slow", retry_after=9.0), CUT, COMPLETED),
    ],
)
@virtual
async def test_lost_answer_is_recovered_at_its_price(
    lost: BackendError, answers: tuple[Mapping[str, Any] | BackendError, ...]
) -> None:
    client = ScriptedAipg(lost, *answers)
    outcome = await outcome_with(client)
    assert (outcome.phase, outcome.cost) == (Phase.DONE, 9_000)
    assert outcome.pictures[0].seed == "7"
    assert {asked for _, asked in client.asked} == {client.sent[0].progress_token}


@virtual
async def test_job_that_was_never_charged_ends_after_a_minute() -> None:
    client = ScriptedAipg(CUT, ABSENT)
    outcome = await outcome_with(client)
    assert outcome.phase is Phase.FAULTED
    assert "shows no charge for it. Press **Again**" in outcome.detail
    assert 60 <= client.asked[-1][0] - client.asked[0][0] <= 66


@virtual
async def test_closed_job_is_told_as_not_charged() -> None:
    outcome = await outcome_with(ScriptedAipg(TIMEOUT, PENDING, CLOSED))
    assert (outcome.phase, outcome.cost) == (Phase.FAULTED, 0)
    assert "charged nothing" in outcome.detail


@virtual
async def test_result_that_never_comes_ends_after_ten_minutes() -> None:
    client = ScriptedAipg(CUT, PENDING)
    outcome = await outcome_with(client)
    assert outcome.phase is Phase.FAULTED
    assert "may have been charged" in outcome.detail
    assert 590 <= client.asked[-1][0] - client.asked[0][0] <= 600
    assert len(client.asked) <= 125  # a key may ask 60 times a minute


@pytest.mark.parametrize(
    "error", [SeveralJobs("two jobs"), RequestRejected("The key is unknown.", private=True)]
)
@virtual
async def test_job_that_cannot_be_told_is_not_sent_again(error: BackendError) -> None:
    client = ScriptedAipg(CUT, error)
    outcome = await outcome_with(client)
    assert "may have been charged" in outcome.detail
    assert len(client.asked) == 1


@virtual
async def test_answer_without_a_link_is_asked_for_by_the_id_of_its_job() -> None:
    answer = MediaAnswer.model_validate({"data": [], "grid": {"job_id": "job-1"}})
    client = ScriptedAipg(answer, COMPLETED)
    assert (await outcome_with(client)).phase is Phase.DONE
    assert [asked for _, asked in client.asked] == ["job-1"]


@virtual
async def test_completed_job_without_a_file_is_told() -> None:
    outcome = await outcome_with(ScriptedAipg(CUT, {"state": "completed", "actual_micro": 9_000}))
    assert (outcome.phase, outcome.cost) == (Phase.FAULTED, 9_000)
    assert "no file" in outcome.detail


@pytest.mark.parametrize("after", [0.5, 2.0, 15.0, 25.0])
@virtual
async def test_kill_during_the_call_recovers_its_result(after: float) -> None:
    client = ScriptedAipg(CUT, PENDING, PENDING, PENDING, PENDING, COMPLETED)
    first = scripted_backend(client)
    bot = InMemoryBot(cast("Any", first), key="grid_key").start()
    record = await bot.ask(FOX)
    await asyncio.sleep(after)
    await bot.kill()
    await first.close()
    later = InMemoryBot(
        cast("Any", scripted_backend(client)),
        key="grid_key",
        disk=bot.disk,
        spool=bot.spool,
        presenter=bot.presenter,
        vault=bot.vault,
    ).start()
    outcome = await later.outcome(record)
    assert (outcome.phase, outcome.cost) == (Phase.DONE, 9_000)
    assert len(client.sent) == 1
    await later.kill()


@virtual
async def test_progress_is_asked_for_every_two_seconds() -> None:
    answer = MediaAnswer.model_validate({"data": [{"url": LINK}]})
    client = ScriptedAipg(answer)
    outcome = await outcome_with(client)
    assert (outcome.phase, outcome.cost) == (Phase.DONE, 10_000)
    steps = [b - a for a, b in zip(client.polled, client.polled[1:], strict=False)]
    assert len(steps) >= 7
    assert min(steps) >= 2
