"""A card whose only route is a token announces its expiry: once, in any phase of the request."""

import asyncio
import itertools

import pytest

from bot.domain.records import MessageAccess, MessageRef
from bot.domain.requests import ImageRequest
from bot.errors import Undeliverable
from bot.pipeline.tracking.poll_timing import ANNOUNCE_END, ends_soon
from tests.support import builders
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import FOX_BY_DELIBERATE, PRIVATE_FOX
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual

TOKEN_SECONDS = 870.0  # seconds that InMemoryBot gives a token
EDGE = 12.0  # seconds: looks are ten apart


@pytest.mark.parametrize(
    ("ref", "seconds", "soon"),
    [
        (MessageRef(4, ephemeral=True, token="t", token_expires_at=1_000.0), 59, True),
        (
            MessageRef(4, reach=MessageAccess.USER_INSTALL, token="t", token_expires_at=1_000.0),
            59,
            True,
        ),
        (MessageRef(4, ephemeral=True, token="t", token_expires_at=1_000.0), 61, False),
        (MessageRef(4, ephemeral=True, token="t", token_expires_at=1_000.0), -1, False),
        (MessageRef(4, token="t", token_expires_at=1_000.0), 59, False),  # the bot can edit it
        (MessageRef(4, reach=MessageAccess.DM), 59, False),  # a message of the bot's own
    ],
)
def test_which_cards_fall_silent(ref: MessageRef, seconds: float, soon: bool) -> None:
    assert (
        ends_soon(builders.record(request=FOX_BY_DELIBERATE, messages=(ref,)), 1_000.0 - seconds)
        is soon
    )


async def edits(bot: InMemoryBot, request: ImageRequest) -> list[int]:
    """How often the card is edited: before its token's last minute, in it, and after that."""
    bot.start()
    record = await bot.ask(request)
    counts = [0]
    for seconds in (TOKEN_SECONDS - ANNOUNCE_END - EDGE, ANNOUNCE_END + EDGE, 100.0):
        await asyncio.sleep(seconds)
        counts.append(len(bot.presenter.of(record.id)))
    await bot.kill()
    return [after - before for before, after in itertools.pairwise(counts)]


@pytest.mark.parametrize(
    ("request_", "words"), [(PRIVATE_FOX, 1), (FOX_BY_DELIBERATE, 0)], ids=["alone", "public"]
)
@virtual
async def test_while_the_horde_has_it(request_: ImageRequest, words: int) -> None:
    _, last_minute, after = await edits(InMemoryBot(FakeHorde(wait_seconds=1_150.0)), request_)
    assert (last_minute, after) == (words, 0)


@pytest.mark.parametrize(
    ("request_", "words"), [(PRIVATE_FOX, 1), (FOX_BY_DELIBERATE, 0)], ids=["alone", "public"]
)
@virtual
async def test_while_it_waits_with_us(request_: ImageRequest, words: int) -> None:
    _, last_minute, after = await edits(InMemoryBot(FakeHorde(outage=True)), request_)
    assert (last_minute, after) == (words, 0)


@virtual
async def test_during_an_outage() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=1_150.0)).start()
    record = await bot.ask(PRIVATE_FOX)
    await asyncio.sleep(600)
    bot.horde.outage = True
    await asyncio.sleep(TOKEN_SECONDS - ANNOUNCE_END - 600 - EDGE)
    before = len(bot.presenter.of(record.id))
    await asyncio.sleep(ANNOUNCE_END + EDGE)
    assert len(bot.presenter.of(record.id)) == before + 1
    await bot.kill()


@virtual
async def test_one_that_does_not_get_through_is_said_again() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=1_150.0)).start()
    record = await bot.ask(PRIVATE_FOX)
    await asyncio.sleep(TOKEN_SECONDS - ANNOUNCE_END - EDGE)
    before = len(bot.presenter.of(record.id))
    bot.presenter.faults.append(Undeliverable("away"))
    await asyncio.sleep(ANNOUNCE_END + EDGE)
    assert not bot.presenter.faults
    assert len(bot.presenter.of(record.id)) == before + 1
    await bot.kill()
