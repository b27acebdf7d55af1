"""Refused prompts pause the member who sends them, and stop no other member."""

import asyncio

import pytest

from bot.domain.requests import ImageRequest, TextRequest
from bot.domain.results import Phase
from bot.errors import NotAllowed, RequestRejected
from bot.pipeline.dispatch.prompt_refusals import PAUSE, PROMPT_KEPT
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import CAPTION_REQUEST
from tests.support.fakes.blocking_backend import FakeBlocking
from tests.support.virtual_clock import virtual


def corrupt() -> RequestRejected:
    return RequestRejected("The filter refused this prompt.", rc="CorruptPrompt", status=400)


def bad(number: int) -> ImageRequest:
    return ImageRequest(prompt=f"bad {number}")


async def refuse(bot: InMemoryBot, number: int, *, user: int = 1) -> int:
    """The id of a request that the Horde refuses."""
    bot.horde.fail("submit", corrupt())
    record = await bot.ask(bad(number), user=user)
    assert (await bot.outcome(record)).phase is Phase.REJECTED
    return record.id


@virtual
async def test_refused_prompt_is_not_sent_again_by_any_member() -> None:
    bot = InMemoryBot().start()
    await refuse(bot, 1)
    for user in (1, 2):
        with pytest.raises(NotAllowed, match="refused this prompt before"):
            await bot.ask(bad(1), user=user)
    assert bot.horde.count("submit") == 1
    await asyncio.sleep(PROMPT_KEPT)
    assert (await bot.outcome(await bot.ask(bad(1), user=2))).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_first_refusal_tells_the_member_what_follows() -> None:
    bot = InMemoryBot().start()
    record_id = await refuse(bot, 1)
    ((told, text),) = bot.presenter.told
    assert told == record_id
    assert "After another refusal within an hour" in text
    await bot.kill()


@virtual
async def test_second_refusal_pauses_that_member_only_for_an_hour() -> None:
    bot = InMemoryBot().start()
    await refuse(bot, 1)
    await asyncio.sleep(600)
    await refuse(bot, 2)
    assert "sends no images and texts for you until" in bot.presenter.told[-1][1]
    for request in (bad(3), TextRequest(prompt="once")):
        with pytest.raises(NotAllowed, match="sends no images and texts for you until"):
            await bot.ask(request, user=1)
    assert (await bot.outcome(await bot.ask(bad(3), user=2))).phase is Phase.DONE
    assert (await bot.outcome(await bot.ask(CAPTION_REQUEST, user=1))).phase is Phase.DONE
    await asyncio.sleep(PAUSE)
    assert (await bot.outcome(await bot.ask(bad(4), user=1))).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_queued_request_of_a_paused_member_is_not_sent() -> None:
    bot = InMemoryBot()
    records = [await bot.ask(bad(number), user=1) for number in range(4)]
    bot.horde.fail("submit", corrupt(), corrupt())
    bot.start()
    outcomes = [(await bot.outcome(record)).phase for record in records]
    assert outcomes == [Phase.REJECTED] * 4
    assert bot.horde.count("submit") <= 3  # one may be on its way
    await bot.kill()


@virtual
async def test_refusals_of_several_members_stay_below_the_limit_of_the_horde() -> None:
    """The Horde allows five an hour from one address. Others are not stopped."""
    bot = InMemoryBot().start()
    for user in (1, 2, 3, 4):
        await refuse(bot, user, user=user)
    for user in (1, 2, 3, 4):
        with pytest.raises(NotAllowed):
            await bot.ask(bad(9), user=user)
    assert (await bot.outcome(await bot.ask(bad(9), user=5))).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_other_refusals_pause_nobody() -> None:
    bot = InMemoryBot().start()
    for number in range(4):
        bot.horde.fail("submit", RequestRejected("no", rc="ControlNetMismatch", status=400))
        await bot.outcome(await bot.ask(bad(number), user=1))
    assert (await bot.outcome(await bot.ask(bad(9), user=1))).phase is Phase.DONE
    assert bot.presenter.told == []
    await bot.kill()


@virtual
async def test_refusal_of_another_backend_is_not_that_of_the_horde() -> None:
    backend = FakeBlocking(seconds=0.1)
    backend.errors += [corrupt(), corrupt(), corrupt()]
    bot = InMemoryBot(backend).start()
    for number in (1, 2, 3):
        assert (await bot.outcome(await bot.ask(bad(number)))).phase is Phase.REJECTED
    assert (await bot.outcome(await bot.ask(bad(1)))).phase is Phase.DONE
    await bot.kill()
