"""The bytes of a result: fetched, checked, stripped of metadata and put into the spool."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.backends.base import Backend
from bot.domain.alchemy_forms import FORMS
from bot.domain.records import Record
from bot.domain.results import (
    FormResult,
    Generation,
    ImageGeneration,
    Phase,
    Status,
    TextGeneration,
)
from bot.errors import BackendDown, BackendError, BadReply, PictureError, SpoolError
from bot.pictures import ImageFacts, inspect, strip
from bot.pictures.formats import svg
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)
AT_ONCE = 4  # downloads of one request: its results may have 40 MB each
LOST_TRIES = 3  # a link that leads nowhere; each try has a fresh one
DOWN_TRIES = 8  # a storage that does not answer: about a minute and a half
LOST = "The worker's picture could not be downloaded."
BROKEN = "The worker sent something that is not a usable picture."
Visual = ImageGeneration | FormResult  # what has bytes of its own


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A status with what could be kept. `failure`: why something is for another try."""

    status: Status
    failure: BackendError | SpoolError | None = None


async def download_results(
    record: Record, status: Status, backend: Backend, spool: ResultFiles, *, tries: int = 0
) -> Downloaded:
    """`status` with each picture's bytes in the spool; files that are there already are kept.

    A picture that is none gets its `problem`, and so does one that could not be downloaded so
    many `tries` (which one this is; 0 while the request is open: there will be others).
    """
    before = record.status.generations if record.status else ()
    have = {name: g for g in before if (name := _identity(g))}
    keeper = _ResultDownload(record, backend, spool, tries)
    found = await asyncio.gather(
        *(
            keeper.keep(generation, have.get(_identity(generation)), index)
            for index, generation in enumerate(status.generations)
        )
    )
    kept = status.model_copy(update={"generations": tuple(found)})
    return Downloaded(kept if keeper.failure else judged(kept), keeper.failure)


def judged(status: Status) -> Status:
    """An outcome as it is after the bytes were looked at: a lost picture makes DONE a PARTIAL."""
    if status.phase not in {Phase.DONE, Phase.PARTIAL, Phase.FAULTED}:
        return status
    broken = any(g.problem for g in (*status.pictures, *status.forms))
    if status.arrived == 0 and (broken or status.phase is Phase.FAULTED):
        return status.model_copy(update={"phase": Phase.FAULTED})
    if broken and status.phase is Phase.DONE:
        return status.model_copy(update={"phase": Phase.PARTIAL})
    return status


class _ResultDownload:
    """Brings the bytes home."""

    def __init__(self, record: Record, backend: Backend, spool: ResultFiles, tries: int) -> None:
        self._record = record
        self._backend = backend
        self._spool = spool
        self._tries = tries
        self._room = asyncio.Semaphore(AT_ONCE)
        self.failure: BackendError | SpoolError | None = None

    async def keep(
        self, generation: Generation, before: Generation | None, index: int
    ) -> Generation:
        """The generation with the name of its file, its `problem`, or neither for another try."""
        if isinstance(generation, TextGeneration):
            return generation
        if before is not None and not isinstance(before, TextGeneration) and before.file:
            size = {"file": before.file, "width": before.width, "height": before.height}
            return generation.model_copy(update=size)
        if not generation.url or generation.problem or generation.file:
            return generation
        async with self._room:
            return await self._fetched(generation, self._name(generation, index))

    async def _fetched(self, generation: Visual, name: str) -> Visual:
        try:
            data = await self._backend.fetch(generation.url)
            kept = await self._write(generation, name, data)
        except PictureError as error:
            log.info("%s cannot be used: %s", name, error)
            return generation.model_copy(update={"problem": BROKEN})
        except (BadReply, BackendDown) as error:
            if self._tries >= (LOST_TRIES if isinstance(error, BadReply) else DOWN_TRIES):
                return generation.model_copy(update={"problem": LOST})
            self.failure = self.failure or error
            return generation
        except SpoolError as error:
            self.failure = error
            return generation
        return generation.model_copy(update=kept)

    async def _write(self, generation: Visual, name: str, data: bytes) -> dict[str, object]:
        if isinstance(generation, FormResult) and FORMS[generation.form].returns == "svg":
            await asyncio.to_thread(svg.check_svg, data)
            await self._spool.put(f"{name}.svg", data)
            return {"file": f"{name}.svg"}
        facts, plain = await asyncio.to_thread(_stripped, data)
        file = f"{name}.{'jpg' if facts.format == 'jpeg' else facts.format}"
        await self._spool.put(file, plain)
        return {"file": file, "width": facts.width, "height": facts.height}

    def _name(self, generation: Visual, index: int) -> str:
        own = generation.id if isinstance(generation, ImageGeneration) else generation.form
        return f"{self._record.id}-{_slug(own) or index}"


def _stripped(data: bytes) -> tuple[ImageFacts, bytes]:
    """In a thread: a file of thousands of parts takes a moment."""
    return inspect(data), strip(data)


def _identity(generation: Generation) -> str:
    if isinstance(generation, ImageGeneration):
        return f"image:{generation.id}" if generation.id else ""
    return f"form:{generation.form}" if isinstance(generation, FormResult) else ""


def _slug(text: str) -> str:
    """Letters, digits and dashes of it, at most 36: part of a file name of our own."""
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in text.lower())[:36].strip("-")


def files_of(status: Status | None) -> Sequence[str]:
    """The spool's files that a status speaks of."""
    if status is None:
        return ()
    return [g.file for g in (*status.pictures, *status.forms) if g.file]
