"""Is the bot really on Discord's gateway: a connection that is open and answers its heartbeats."""

import time
from collections.abc import Iterable
from typing import Any

LATE = 15.0  # seconds past its interval (some 41) after which an answer to a heartbeat is missing


def is_alive(shards: Iterable[Any]) -> bool:
    """Whether any of those discord.ShardInfo is connected and was answered in time.

    Any and not all: a shard that reconnects is the library's business and no reason to restart.
    """
    return any(not shard.is_closed() and _answered(shard) for shard in shards)


def _answered(shard: Any) -> bool:
    # The library keeps the moment of the last answer to itself; its public `latency` stays what it
    # was when the answers stop.
    socket = getattr(getattr(shard, "_parent", None), "ws", None)
    heart = getattr(socket, "_keep_alive", None)
    if heart is None:  # before its hello, or while it closes
        return False
    return time.perf_counter() - heart._last_ack < (heart.interval or 0.0) + LATE  # noqa: SLF001
