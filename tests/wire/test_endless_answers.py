"""Servers that accept a call and never end their answer: each request ends, and is paid once."""

import time
from collections.abc import Callable

import pytest

from tests.support.blocking_cases import CASES, World, made, world_of
from tests.support.bots.process import BotProcess

pytestmark = pytest.mark.wire
GIVEN_UP = 4  # seconds, the setting call_seconds
SOON = 6 * GIVEN_UP  # seconds for two calls and their cards, on a busy machine
FAULTS = {"hang": {}, "stall": {"pieces": 12}, "headers": {"seconds": 0.5}}


async def ended(world: World, kind: str, **rule: object) -> None:
    """A request whose answer has no end has one outcome soon."""
    await world.fault(kind, **rule)
    prompt, began = f"a heron of {kind}", time.monotonic()
    card = await world.outcome(await world.ask(prompt))
    assert time.monotonic() - began < SOON
    assert kind in {call["note"] for call in await world.calls()}
    await world.assert_once(prompt, card)
    if world.case.free:
        assert made(card), card.text  # it was sent again
    elif not world.case.recovers:
        assert "may have been charged" in card.plain_text


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.recovers])
async def test_answer_without_an_end_has_one_outcome(
    with_servers: Callable[..., BotProcess], name: str
) -> None:
    async with world_of(with_servers, CASES[name], call_seconds=str(GIVEN_UP)) as world:
        for kind, rule in FAULTS.items():
            pieces = {"pieces": 2} if kind == "stall" and not world.case.streams else {}
            await ended(world, kind, **(rule | pieces))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.recovers])
async def test_result_of_an_answer_without_an_end_is_recovered(
    with_servers: Callable[..., BotProcess], name: str
) -> None:
    async with world_of(with_servers, CASES[name], call_seconds=str(GIVEN_UP)) as world:
        await ended(world, "hang", when="answered")
        await ended(world, "stall")
        await world.fault("headers", seconds=0.5)  # and the server has never seen it
        card = await world.outcome(await world.ask("a lost heron"))
        assert "no charge" in card.plain_text, card.plain_text
        await world.assert_once("a lost heron", card)


@pytest.mark.parametrize("name", CASES)
async def test_error_that_drips_is_known_by_its_status(
    with_servers: Callable[..., BotProcess], name: str
) -> None:
    async with world_of(with_servers, CASES[name]) as world:
        await world.fault("drip", status=402, seconds=0.2)
        began = time.monotonic()
        card = await world.outcome(await world.ask())
        assert time.monotonic() - began < SOON
        assert not made(card), card.text
        assert "may have been charged" not in card.plain_text
        assert await world.jobs() == []
        if not world.case.free:  # the reason concerns an account
            await world.ada.told("no credit left")
