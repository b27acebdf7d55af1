"""The search for a second message that was posted unseen: among the oldest and the newest ones."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.ui.delivery import overflow_message
from bot.ui.delivery.overflow_message import SEARCHED, OverflowMessages
from tests.support import builders

BOT, CARD = 42, 1_000
FOLLOWING = 3 * SEARCHED  # messages after the card


class FakeChannel:
    """Messages numbered on from the card. `ours`: which of them the bot wrote."""

    def __init__(self, ours: int) -> None:
        self._ours = ours

    async def history(
        self, *, after: discord.Object, limit: int, oldest_first: bool
    ) -> AsyncIterator[Any]:
        numbers = range(after.id + 1, after.id + 1 + FOLLOWING)
        for number in (numbers if oldest_first else numbers[::-1])[:limit]:
            author = SimpleNamespace(id=BOT if number == self._ours else 7)
            yield SimpleNamespace(id=number, author=author)


def overflow_messages(ours: int) -> OverflowMessages:
    online = asyncio.Event()
    online.set()

    def channel_of(_: int) -> FakeChannel:
        return FakeChannel(ours)

    user = SimpleNamespace(id=BOT)
    bot = SimpleNamespace(online=online, user=user, get_partial_messageable=channel_of)
    return OverflowMessages(cast("Any", bot), cast("Any", None))


@pytest.mark.parametrize("place", [1, SEARCHED, FOLLOWING - SEARCHED + 1, FOLLOWING])
async def test_second_message_is_found_near_the_card_and_among_the_newest(
    place: int, monkeypatch: pytest.MonkeyPatch
) -> None:

    def shows(_record_id: int, _message: Any) -> bool:
        return True

    monkeypatch.setattr(overflow_message, "shows", shows)
    ref = builders.message_ref(message_id=CARD)
    record = builders.record(id=5, messages=(ref,))
    found = await overflow_messages(CARD + place)._find(record)
    assert found is not None
    assert found.message_id == CARD + place
