"""Faults of backends whose calls are their jobs: one outcome in each case, nothing paid twice."""

from collections.abc import Callable

import pytest

from tests.support.blocking_cases import CASES, World, made, world_of
from tests.support.bots.process import BotProcess

pytestmark = pytest.mark.wire
REFUSED = (402, 429, 503)
LOST = (504, 500)  # the call may have been carried out
SLOW_TO_TELL = "aipg-video"  # one at a time, and each lost one is asked for during a minute
each_case = pytest.mark.parametrize("name", CASES)


@each_case
async def test_refused_call_has_one_outcome_and_one_charge_at_most(
    with_servers: Callable[..., BotProcess], name: str
) -> None:
    async with world_of(with_servers, CASES[name]) as world:
        for status in REFUSED:
            await world.fault("status", status=status)
            prompt = f"heron {status}"
            card = await world.outcome(await world.ask(prompt))
            assert made(card) is (status != 402), card.text
            await world.assert_once(prompt, card)
        lost = LOST[:1] if name == SLOW_TO_TELL else LOST
        for status in lost:
            await world.fault("status", status=status)
        answers = {f"heron {status}": await world.ask(f"heron {status}") for status in lost}
        for prompt, answer in answers.items():
            card = await world.outcome(answer)
            assert made(card) is world.case.free, card.text
            await world.assert_once(prompt, card)


@each_case
async def test_answer_that_is_cut_after_the_job_was_accepted_is_paid_once(
    with_servers: Callable[..., BotProcess], name: str
) -> None:
    async with world_of(with_servers, CASES[name]) as world:
        if world.case.streams:
            await world.fault("cut", pieces=12)
        else:
            await world.fault("drop_after", seconds=0.2)
        card = await world.outcome(await world.ask())
        await assert_known(world, card.plain_text, shown=made(card))
        await world.assert_once("a heron", card)


async def assert_known(world: World, text: str, *, shown: bool) -> None:
    """A result whose answer was lost is shown, or the card says that it may have been charged."""
    if world.case.free or world.case.recovers:
        assert shown, text
    else:
        assert "may have been charged" in text


@each_case
async def test_kill_during_the_call_has_one_outcome(
    with_servers: Callable[..., BotProcess], name: str
) -> None:
    async with world_of(with_servers, CASES[name]) as world:
        await world.slow()
        answer = await world.ask()
        await world.called()
        if world.case.streams:
            await world.ada.sees(answer.message_id, made, "a text grows")
        world.bot.kill_bot()
        world.start()
        card = await world.outcome(answer)
        await assert_known(world, card.plain_text, shown=made(card))
        await world.assert_once("a heron", card)


@each_case
async def test_outage_keeps_the_request(with_servers: Callable[..., BotProcess], name: str) -> None:
    async with world_of(with_servers, CASES[name]) as world:
        await world.fault("status", status=503, route="*", times=10_000)
        answer = await world.ask()
        await world.ada.sees(
            answer.message_id, lambda m: "not available" in m.text, "the outage on the card"
        )
        await world.control.call("DELETE", "faults")
        card = await world.outcome(answer)
        assert made(card), card.text
        await world.assert_once("a heron", card)
