"""Rate limits of the Horde, and the number of requests that may wait at it."""

from dataclasses import replace

from bot.backends.values import ALCHEMY_FACTOR, Limits, for_all_kinds

# From one address and for each kind. An address that used a trusted key within the last day may do
# more, which shows in X-RateLimit-Limit.
LIFTED = {10: ((10, 1.0), (300, 60.0))}
USUAL = Limits(windows=((2, 1.0), (90, 60.0)), waiting=30, lifted=LIFTED)
LIMITS = for_all_kinds(USUAL, alchemy=replace(USUAL, waiting=30 * ALCHEMY_FACTOR))
PER_SECOND = frozenset({2, *LIFTED})  # the limits that distinguish the two
