"""Whether the bot is connected to Discord's gateway and its heartbeats are answered."""

import time
from collections.abc import Iterable
from typing import Any

LATE = 15.0  # seconds past its interval (some 41) after which a heartbeat counts as unanswered


def is_alive(shards: Iterable[Any]) -> bool:
    """Whether any of those discord.ShardInfo is connected and was answered in time.

    Any, not all: a shard that reconnects is handled by the library and is no reason to restart.
    """
    return any(not shard.is_closed() and _answered(shard) for shard in shards)


def _answered(shard: Any) -> bool:
    # The library keeps the time of the last answer private; its public `latency` does not change
    # when the answers stop.
    socket = getattr(getattr(shard, "_parent", None), "ws", None)
    heart = getattr(socket, "_keep_alive", None)
    if heart is None:  # before its hello, or while it closes
        return False
    return time.perf_counter() - heart._last_ack < (heart.interval or 0.0) + LATE  # noqa: SLF001
