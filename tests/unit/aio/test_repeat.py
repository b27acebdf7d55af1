"""Repeated work: its own pause, and longer ones while it fails."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.aio.repeat import repeat


async def test_pauses_double_after_failures_and_begin_again_after_a_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers: Iterator[float | None] = iter([7.0, None, None, None, None, 7.0, None])
    pauses: list[float] = []

    async def step() -> float | None:
        try:
            return next(answers)
        except StopIteration:
            raise asyncio.CancelledError from None

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await repeat(step, again=1.0, longest=4.0)
    expected = [7, 1, 2, 4, 4, 7, 1]
    assert pauses == [pytest.approx(each, rel=0.1) for each in expected]
    assert pauses != expected
