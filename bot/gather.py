"""The bytes of a result: fetched, checked, stripped of metadata and put into the spool."""

import logging
from collections.abc import Sequence

from bot.alchemy import FORMS
from bot.backends.base import Backend
from bot.errors import BackendDown, BadReply, PictureError
from bot.pictures import inspect, strip
from bot.records import Record
from bot.results import (
    FormResult,
    Generation,
    ImageGeneration,
    Phase,
    Status,
    TextGeneration,
)
from bot.spool import Spool

log = logging.getLogger(__name__)
SVG_MAX = 5 * 1024 * 1024
SVG_STARTS = (b"<svg", b"<?xml")
LOST = "The worker's picture could not be downloaded."
BROKEN = "The worker sent something that is not a usable picture."
Visual = ImageGeneration | FormResult  # what has bytes of its own


async def gather(
    record: Record, status: Status, backend: Backend, spool: Spool, *, last_try: bool = False
) -> Status:
    """`status` with each picture's bytes in the spool; files that are there already are kept.

    A picture that is none gets its `problem`. Raises SpoolError when nothing can be written and
    BackendDown when something cannot be downloaded now, which is for another try with a fresh
    link; on the last try that picture gets its `problem` too.
    """
    have = {_identity(g): g for g in (record.status.generations if record.status else ())}
    keeper = _Keeper(backend, spool, last_try)
    found: list[Generation] = []
    for index, generation in enumerate(status.generations):
        kept = have.get(_identity(generation))
        if isinstance(generation, TextGeneration):
            found.append(generation)
        elif kept is not None and not isinstance(kept, TextGeneration) and kept.file:
            size = {"file": kept.file, "width": kept.width, "height": kept.height}
            found.append(generation.model_copy(update=size))
        else:
            found.append(await keeper.keep(generation, _name(record, generation, index)))
    return judged(status.model_copy(update={"generations": tuple(found)}))


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


class _Keeper:
    """Brings one generation's bytes home."""

    def __init__(self, backend: Backend, spool: Spool, last_try: bool) -> None:
        self._backend = backend
        self._spool = spool
        self._last_try = last_try

    async def keep(self, generation: Visual, name: str) -> Visual:
        if not generation.url or generation.problem or generation.file:
            return generation
        try:
            data = await self._backend.fetch(generation.url)
            kept = await self._write(generation, name, data)
        except PictureError as error:
            log.info("%s cannot be used: %s", name, error)
            return generation.model_copy(update={"problem": BROKEN})
        except (BadReply, BackendDown) as error:
            if not self._last_try:
                raise BackendDown(str(error)) from error
            return generation.model_copy(update={"problem": LOST})
        return generation.model_copy(update=kept)

    async def _write(self, generation: Visual, name: str, data: bytes) -> dict[str, object]:
        if isinstance(generation, FormResult) and FORMS[generation.form].returns == "svg":
            if len(data) > SVG_MAX or not data[:1024].lstrip().lower().startswith(SVG_STARTS):
                raise PictureError("not an SVG drawing")
            await self._spool.put(f"{name}.svg", data)
            return {"file": f"{name}.svg"}
        facts = inspect(data)
        file = f"{name}.{'jpg' if facts.format == 'jpeg' else facts.format}"
        await self._spool.put(file, strip(data))
        return {"file": file, "width": facts.width, "height": facts.height}


def _name(record: Record, generation: Visual, index: int) -> str:
    own = generation.id if isinstance(generation, ImageGeneration) else generation.form
    return f"{record.id}-{_slug(own) or index}"


def _identity(generation: Generation) -> str:
    if isinstance(generation, ImageGeneration):
        return f"image:{generation.id}"
    return f"form:{generation.form}" if isinstance(generation, FormResult) else ""


def _slug(text: str) -> str:
    """Letters, digits and dashes of it, at most 36: part of a file name of our own."""
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in text.lower())[:36].strip("-")


def files_of(status: Status | None) -> Sequence[str]:
    """The spool's files that a status speaks of."""
    if status is None:
        return ()
    return [g.file for g in (*status.pictures, *status.forms) if g.file]
