"""Time limits of word rules: measured when a rule is set, and bounded for each check.

RE2 releases the interpreter lock while it searches, so checks run in a thread. All seconds are
processor time, so that a busy machine refuses nothing.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cachetools import LRUCache

from bot.aio.keyed_locks import KeyedLocks
from bot.domain.requests import PROMPT_MAX
from bot.errors import NotAllowed
from bot.i18n import N_, _
from bot.i18n.formats import number
from bot.rules.guild_settings import WordRule
from bot.rules.regex import compiled
from bot.rules.request_context import RequestContext
from bot.rules.word_filter import TOO_LONG, Spend, no_limit, pointless

PATTERN_SECONDS = 0.01  # seconds of a pattern for one text of PROMPT_MAX characters
CHECK_SECONDS = 0.3  # seconds of one check of one request
SAVED_SECONDS = 2.0  # seconds that an idle server saves up
REFILL = 0.1  # seconds gained for each second that passes
WAIT = 2.0  # seconds of the clock before a server's check must start; Discord waits 3
GUILDS_MAX = 4_096  # servers whose use is remembered
BUSY = N_("The word rules of this server take too long at the moment. Try again in a minute.")
TRIES = 2  # searches of each text: the faster one counts
OTHERS = ("a", "\U0001f600", "\u00e9\u754c", "a b", "a1 \u00e9\U0001f600")


def why_refused(rule: WordRule) -> str:
    """Why that rule cannot be set, in a few words; "" if it can. Slow: call it in a thread."""
    if reason := pointless(rule):
        return reason
    if rule.how == "regex" and _is_slow(rule.text):
        text = _("it takes too long for a text of {count} characters")
        return text.format(count=number(PROMPT_MAX))
    return ""


def _is_slow(pattern: str) -> bool:
    search = compiled(pattern).search
    return any(_seconds(lambda t=text: search(t)) > PATTERN_SECONDS for text in _worst(pattern))


def _seconds(act: Callable[[], object]) -> float:
    best = PATTERN_SECONDS * 10
    for _attempt in range(TRIES):
        began = time.thread_time()
        act()
        best = min(best, time.thread_time() - began)
        if best <= PATTERN_SECONDS:
            break
    return best


def _worst(pattern: str) -> Iterator[str]:
    """Texts that are slow for many patterns: few letters of the pattern, repeated."""
    letters = "".join(dict.fromkeys(filter(str.isalnum, pattern)))
    alphabets = [*letters[:6], letters[:2], letters[:4], letters, f"{letters} ", *OTHERS]
    dice = random.Random(0)  # noqa: S311 - the same texts each time
    for alphabet in filter(None, dict.fromkeys(alphabets)):
        yield (alphabet * PROMPT_MAX)[:PROMPT_MAX]
        if len(alphabet) > 1:
            yield "".join(dice.choices(alphabet, k=PROMPT_MAX))


@dataclass(slots=True)
class _Use:
    """A server's remaining time, in seconds, and when it was last increased."""

    left: float
    at: float


class WordChecks:
    """Runs checks of word rules in a thread, one for each server at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._locks = KeyedLocks()
        self._uses: LRUCache[int, _Use] = LRUCache(GUILDS_MAX)

    async def run(self, context: RequestContext, check: Callable[[Spend], None]) -> None:
        """Run a check; `check` calls its argument between its steps.

        Raises the errors of the check, and NotAllowed when the server has used up its time.
        """
        guild_id = context.guild_id
        if guild_id is None or not context.rules.words:
            return check(no_limit)
        try:
            async with asyncio.timeout(WAIT) as turn, self._locks.hold(guild_id):
                turn.reschedule(None)
                return await self._run(guild_id, check)
        except TimeoutError:
            raise NotAllowed(_(BUSY)) from None

    async def _run(self, guild_id: int, check: Callable[[Spend], None]) -> None:
        use = self._use_of(guild_id)
        if use.left <= 0:
            raise NotAllowed(_(BUSY))
        await asyncio.to_thread(_timed, check, use)

    def _use_of(self, guild_id: int) -> _Use:
        now = self._clock()
        use = self._uses.setdefault(guild_id, _Use(SAVED_SECONDS, now))
        use.left = min(SAVED_SECONDS, use.left + (now - use.at) * REFILL)
        use.at = now
        return use


def _timed(check: Callable[[Spend], None], use: _Use) -> None:
    """Run the check within the remaining time, and subtract the time it took."""
    began = time.thread_time()
    most = began + min(CHECK_SECONDS, use.left)

    def spend() -> None:
        if time.thread_time() > most:
            raise NotAllowed(_(TOO_LONG))

    try:
        check(spend)
    finally:
        use.left -= time.thread_time() - began
