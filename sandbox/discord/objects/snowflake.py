"""Discord's ids: 42 bits of milliseconds, then a counter."""

import time
from datetime import UTC, datetime

DISCORD_EPOCH = 1_420_070_400_000  # ms; 2015-01-01


class SnowflakeGenerator:
    """Generates unique, increasing ids that contain the time."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """An id of the current millisecond, or the one after the last id."""
        self._last = max(self._last + 1, _now() << 22)
        return str(self._last)

    def next_spaced(self) -> str:
        """An id with a millisecond of its own, so that guilds get different shards."""
        self._last = max((self._last >> 22) + 1, _now()) << 22
        return str(self._last)


def _now() -> int:
    return int(time.time() * 1000) - DISCORD_EPOCH


def iso(at: float) -> str:
    """A Unix time in seconds as an ISO 8601 timestamp, as Discord sends it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def shard_of(guild_id: str | None, shards: int) -> int:
    """The shard of a guild; direct messages (None) belong to shard 0."""
    return 0 if guild_id is None else (int(guild_id) >> 22) % shards
