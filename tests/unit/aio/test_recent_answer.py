"""RecentAnswer: requested rarely, once for all that wait, and again after a failure."""

import asyncio
from typing import Any

import pytest

from bot.aio.recent_answer import RecentAnswer


class Source:
    """Gives these answers; errors are raised."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.time = 100.0

    async def ask(self) -> int:
        await asyncio.sleep(0)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_recent_answer_failure_is_requested_again() -> None:
    source = Source(ValueError("no"), 1, 2)
    recent = RecentAnswer(source.ask, 30.0, lambda: source.time)
    with pytest.raises(ValueError, match="no"):
        await recent.get()
    assert recent.known is None
    found = await asyncio.gather(recent.get(), recent.get())
    assert found == [(1, 100.0), (1, 100.0)]


async def test_recent_answer_old_is_renewed() -> None:
    source = Source(1, 2)
    recent = RecentAnswer(source.ask, 30.0, lambda: source.time)
    await recent.get()
    source.time += 31
    assert recent.known == 1
    assert await recent.get() == (2, 131.0)
