"""The largest image and text without kudos: docs/horde-api.md#kudos-in-advance."""

from bot.horde.server_info import Performance


def free_side(load: Performance) -> int:
    """Side in pixels of the largest free square."""
    side = 1024 + 10 * load.thread_count - 0.9 * load.queued_requests
    return round(min(1024.0, max(576.0, side)))


def free_tokens(load: Performance) -> int:
    """The most tokens of a text without kudos."""
    tokens = 512 + 5 * load.text_thread_count - 0.9 * load.queued_text_requests
    return round(min(512.0, max(256.0, tokens)))
