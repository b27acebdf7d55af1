"""Export and erasure of all data about a user, on request."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from io import BufferedRandom

from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed

from bot.accounts.encryption.pseudonyms import Pseudonyms
from bot.aio.clock import ticks
from bot.aio.keyed_locks import KeyedLocks
from bot.errors import StoreBusy, UserError
from bot.i18n import _
from bot.services.personal_data.person_export import JsonPages, PersonFile, Rows
from bot.services.submission import Submission
from bot.storage import Store
from bot.storage.files import ResultFiles
from bot.storage.tables.person_sources import ABOUT

log = logging.getLogger(__name__)

DAY = 86_400
STOPS_IN = 20.0  # seconds in which cancelled requests should end
LOOK_EVERY = 0.25  # seconds
SCRUB_TRIES, SCRUB_PAUSE = 5, 1.0  # attempts, seconds
SCRUB_EVERY = 10.0  # seconds between two scrubs at least


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Result of an erasure: the erased requests, and how many could not be stopped yet.

    `scrubbed`: False when the files of the database are cleaned later.
    """

    gone: tuple[int, ...]
    still_open: int
    scrubbed: bool = True


@dataclass(frozen=True, slots=True)
class PersonExport:
    """A file to send; its reader closes it."""

    name: str
    file: BufferedRandom


class Privacy:
    """Exports and erases a user's own data."""

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
        self._locks = KeyedLocks()
        self._scrubbed = (float("-inf"), True)  # start of the last scrub, and its success

    async def export(self, user_id: int, limit: int) -> PersonExport:
        """All stored data about that user, as a JSON file of at most `limit` bytes.

        Raises UserError when it is larger, or while another export for that user runs.
        """
        async with self._alone(user_id):
            file = await asyncio.to_thread(PersonFile, limit)
            try:
                await self._write(file, user_id)
                return PersonExport(*await asyncio.to_thread(file.finish))
            except BaseException:
                file.close()
                raise

    async def _write(self, file: PersonFile, user_id: int) -> None:
        left_out = _(
            "Not in this file: sealed API keys, Discord's tokens, the Horde's ids of requests, and "
            "the images themselves (`/history` shows them, `/character export` has avatars)."
        )
        head = {"user_id": user_id, "exported_at": self._clock(), "left_out": left_out}
        text = JsonPages(head, tuple(ABOUT))
        file.write(text.start())
        marks = self._marks.all_of(user_id)
        async with aclosing(self._store.person_data.pages(user_id, marks)) as pages:
            async for table, rows in pages:
                await asyncio.to_thread(_write_page, file, text, table, rows)
        await asyncio.to_thread(lambda: file.write(text.end()))

    @asynccontextmanager
    async def _alone(self, user_id: int) -> AsyncGenerator[None]:
        """One export or erasure of a user at a time. Raises UserError for a second one."""
        if self._locks.held(user_id):
            raise UserError(
                _("The bot is still exporting or erasing your data. Try again when it is done.")
            )
        async with self._locks.hold(user_id):
            yield

    async def forget(self, user_id: int) -> Forgotten:
        """Stop open requests, then erase all data about that user: rows, files, keys.

        Raises UserError while an export or another erasure for that user runs.
        """
        async with self._alone(user_id):
            await self._submission.cancel_all(user_id)
            await self._wait_for_the_end(user_id)
            marks, today = self._marks.all_of(user_id), int(self._clock() // DAY)
            characters = await self._store.chat.characters.of_owner(user_id)
            gone = await self._store.person_data.forget(user_id, marks, today)
            gone += await self._forget_unreadable(user_id)
            await self._spool.drop_of(gone)
            await self._spool.drop(one.avatar for one in characters if one.avatar)
            scrubbed = await self._scrub_or_note(today)
            still_open = len(await self._store.requests.open_numbers(user_id))
            log.info("the data of a user was erased, with %d requests", len(gone))
            return Forgotten(tuple(gone), still_open, scrubbed=scrubbed)

    async def _forget_unreadable(self, user_id: int) -> list[int]:
        """End open requests that this version cannot read; nothing else ends them."""
        numbers = await self._store.requests.open_numbers(user_id)
        if not numbers:
            return []
        read = {record.id for record in await self._store.requests.open_of(user_id)}
        return await self._store.person_data.forget_unreadable(user_id, set(numbers) - read)

    async def _scrub_or_note(self, today: int) -> bool:
        """Clean the files of the database now, or else later. Returns whether it was now."""
        try:
            return await self._scrub_in_turn(today)
        except StoreBusy as error:
            log.warning("the database files are rewritten later: %s", error)
            await self._store.person_data.note_scrub(today)
            return False

    async def _scrub_in_turn(self, today: int) -> bool:
        """Concurrent callers share one scrub: it delays all writes."""
        wanted = ticks()
        async with self._locks.hold("scrub"):
            if self._scrubbed[0] >= wanted:
                return self._scrubbed[1]
            await asyncio.sleep(self._scrubbed[0] + SCRUB_EVERY - ticks())
            began = ticks()
            done = await self._scrub(today)
            self._scrubbed = (began, done)
            return done

    async def _wait_for_the_end(self, user_id: int) -> None:
        """Their cards are edited to cancelled, which needs their rows."""
        try:
            async with asyncio.timeout(STOPS_IN):
                while True:
                    if not await self._store.requests.open_numbers(user_id):
                        return
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            log.info("requests of a user could not be cancelled yet")

    @retry(
        retry=retry_if_exception_type(StoreBusy),
        stop=stop_after_attempt(SCRUB_TRIES),
        wait=wait_fixed(SCRUB_PAUSE),
        reraise=True,
    )
    async def _scrub(self, today: int) -> bool:
        return await self._store.person_data.scrub(today)


def _write_page(file: PersonFile, text: JsonPages, table: str, rows: Rows) -> None:
    file.write(text.page(table, rows))
