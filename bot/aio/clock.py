"""The clock for durations: unlike the wall clock, it never jumps."""

import asyncio


def ticks() -> float:
    """Seconds of the event loop's clock. Only differences are meaningful; not stored."""
    return asyncio.get_running_loop().time()
