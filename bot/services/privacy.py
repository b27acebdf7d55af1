"""What a person may ask for at any time: all that is stored about them, and that it goes."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed

from bot.accounts.pseudonyms import Pseudonyms
from bot.errors import StoreBusy
from bot.services.submission import Submission
from bot.storage import Store
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)

DAY = 86_400
STOPS_IN = 20.0  # s in which what was cancelled should be over
LOOK_EVERY = 0.25  # s
SCRUB_TRIES, SCRUB_PAUSE = 5, 1.0  # s
LEFT_OUT = (
    "Not in this file: sealed API keys, Discord's tokens, the Horde's numbers of requests, and the "
    "pictures themselves (the buttons of /history show those)."
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What came of it: how many requests are gone, and how many could not be stopped yet."""

    gone: tuple[int, ...]
    still_open: int


class Privacy:
    """Exports and erases, for whoever asks about themselves."""

    def __init__(
        self,
        store: Store,
        spool: ResultFiles,
        submission: Submission,
        marks: Pseudonyms,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._spool = spool
        self._submission = submission
        self._marks = marks
        self._clock = clock

    async def export(self, user_id: int) -> bytes:
        """All that is stored about that person, as JSON in UTF-8."""
        found = await self._store.person_data.about(user_id, self._marks.all_of(user_id))
        head = {"user_id": user_id, "exported_at": self._clock(), "left_out": LEFT_OUT}
        return await asyncio.to_thread(_as_json, head | found)

    async def forget(self, user_id: int) -> Forgotten:
        """Stop what is under way, then erase all about that person: rows, files, keys.

        Raises StoreBusy when the rows are gone but the database's log could not be cleaned.
        """
        await self._submission.cancel_all(user_id)
        await self._wait_for_the_end(user_id)
        marks, today = self._marks.all_of(user_id), int(self._clock() // DAY)
        gone = await self._store.person_data.forget(user_id, marks, today)
        await self._spool.drop_of(gone)
        await self._scrub()
        still_open = len(await self._store.requests.open_numbers(user_id))
        log.info("somebody was forgotten, with %d requests", len(gone))
        return Forgotten(tuple(gone), still_open)

    async def _wait_for_the_end(self, user_id: int) -> None:
        """Their cards say that they were cancelled, which needs their rows."""
        try:
            async with asyncio.timeout(STOPS_IN):
                while True:
                    if not await self._store.requests.open_numbers(user_id):
                        return
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            log.info("somebody's requests could not be stopped yet")

    @retry(
        retry=retry_if_exception_type(StoreBusy),
        stop=stop_after_attempt(SCRUB_TRIES),
        wait=wait_fixed(SCRUB_PAUSE),
        reraise=True,
    )
    async def _scrub(self) -> None:
        await self._store.person_data.scrub()


def _as_json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")
