"""The clock for spans of time: it never jumps, unlike the one on the wall."""

import asyncio


def ticks() -> float:
    """Seconds of the event loop's clock. Only differences mean anything; not kept anywhere."""
    return asyncio.get_running_loop().time()
