"""Work that is repeated for ever, less often while it fails."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import NoReturn


async def repeat(
    step: Callable[[], Awaitable[float | None]], *, again: float, longest: float
) -> NoReturn:
    """Run `step` for ever. It returns the seconds until its next run, or None when it failed.

    After a failure the next run follows `again` seconds later, then twice as long each time, up to
    `longest`. Each pause differs by a tenth, so that several bots do not ask at the same instant.
    """
    delay = again
    while True:
        pause = await step()
        if pause is None:
            pause, delay = delay, min(delay * 2, longest)
        else:
            delay = again
        await asyncio.sleep(pause * random.uniform(0.9, 1.1))  # noqa: S311 - not a secret
