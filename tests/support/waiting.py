"""Waiting until something has happened. The time limits are for failures only."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")
WAIT_MAX = 60.0  # seconds until a test gives up on something that takes one or two


async def eventually(
    look: Callable[[], Awaitable[Found | None]],
    what: str,
    wait: float = WAIT_MAX,
    *,
    pause: float = 0.05,
) -> Found:
    """What `look` finds, as soon as it finds anything. `pause`: seconds between two looks."""
    end = asyncio.get_running_loop().time() + wait
    while (found := await look()) is None:
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"never happened: {what}")
        await asyncio.sleep(pause)
    return found


async def until(check: Callable[[], object], seconds: float = WAIT_MAX / 2) -> None:
    """Wait until `check` gives something true."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not check():
        assert asyncio.get_running_loop().time() < deadline, "it did not come about"
        await asyncio.sleep(0.005)
