"""Downloads the results of a request, checks them, strips metadata and stores them as files."""

import asyncio
import logging
from dataclasses import dataclass

from yarl import URL

from bot.aio.byte_budget import ByteBudget
from bot.backends.base import Backend
from bot.domain.alchemy.alchemy_forms import form_of
from bot.domain.generations import (
    FormResult,
    Generation,
    ImageGeneration,
    TextGeneration,
    VideoGeneration,
)
from bot.domain.records import Record
from bot.domain.results import Phase, Status
from bot.errors import (
    BackendDown,
    BackendError,
    BadReply,
    PictureError,
    ResultTooLarge,
    SpoolError,
)
from bot.i18n import N_, _
from bot.pictures import ImageFacts, inspect, strip
from bot.pictures.formats import svg
from bot.pictures.formats.mp4 import ending_of_file
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)
AT_ONCE = 4  # downloads of one request
SMALL, LARGE = 1024 * 1024, 40 * 1024 * 1024  # bytes: of most results, and of the largest
COPIES = 2  # a result and the same without its metadata are in memory together
# Bytes of all downloads together, and of those from one file server: one large result and some
# small ones.
MEMORY, MEMORY_OF_HOST = 2 * COPIES * LARGE + 32 * SMALL, COPIES * LARGE + 16 * SMALL
ROOM = 4 * 1024  # bytes of the upload limit for the form around a file
LOST_TRIES = 3  # for a broken link; each attempt has a new one
DOWN_TRIES = 8  # for a file server that does not answer: about a minute and a half
LOST = N_("The image of the worker could not be downloaded.")
LOST_VIDEO = N_("The video could not be downloaded. Press **Again** to make it again.")
BROKEN = N_("The worker sent a file that is not a usable image.")
BROKEN_VIDEO = N_("The worker sent a file that is not a usable video.")
LARGE_VIDEO = N_("The video is too large to be uploaded here. Request a shorter or smaller one.")
FileResult = ImageGeneration | FormResult | VideoGeneration


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A status with the stored files. `failure`: why a download has to be repeated."""

    status: Status
    failure: BackendError | SpoolError | None = None


def download_budget() -> ByteBudget:
    """The memory for all downloads together."""
    return ByteBudget(MEMORY, MEMORY_OF_HOST)


async def download_results(
    record: Record,
    status: Status,
    backend: Backend,
    files: ResultFiles,
    memory: ByteBudget,
    *,
    tries: int = 0,
) -> Downloaded:
    """Download the results of `status` that `record` does not have yet.

    A file that is not a usable picture gets a `problem`; so does one that failed `tries` times
    (the number of this try; 0 while the request is open, since more tries follow). `memory`: what
    all downloads have together; waiting for it is no failed try.
    """
    before = record.status.generations if record.status else ()
    have = {name: g for g in before if (name := _identity(g))}
    download = _ResultDownload(record, backend, files, memory, tries)
    found = await asyncio.gather(
        *(
            download.complete(generation, have.get(_identity(generation)), index)
            for index, generation in enumerate(status.generations)
        )
    )
    complete = status.with_generations(found)
    failure = download.failure
    return Downloaded(complete if failure else with_missing_results(complete), failure)


def with_missing_results(status: Status) -> Status:
    """The outcome after the download: with an unusable picture, DONE becomes PARTIAL or FAULTED."""
    if status.phase not in {Phase.DONE, Phase.PARTIAL, Phase.FAULTED}:
        return status
    broken = any(g.problem for g in (*status.pictures, *status.forms, *status.videos))
    if status.arrived == 0 and (broken or status.phase is Phase.FAULTED):
        return status.with_phase(Phase.FAULTED)
    if broken and status.phase is Phase.DONE:
        return status.with_phase(Phase.PARTIAL)
    return status


class _ResultDownload:
    """Downloads of one request. `failure`: the first error after which a download is repeated."""

    def __init__(
        self,
        record: Record,
        backend: Backend,
        files: ResultFiles,
        memory: ByteBudget,
        tries: int,
    ) -> None:
        self._record = record
        self._backend = backend
        self._files = files
        self._memory = memory
        self._tries = tries
        self._limit = asyncio.Semaphore(AT_ONCE)
        self.failure: BackendError | SpoolError | None = None

    async def complete(
        self, generation: Generation, before: Generation | None, index: int
    ) -> Generation:
        """The generation with its file, its `problem`, or neither when it will be tried again."""
        if isinstance(generation, TextGeneration):
            return generation
        if before is not None and not isinstance(before, TextGeneration) and before.file:
            return generation.with_file(before.file, before.width, before.height)
        if not generation.url or generation.problem or generation.file:
            return generation
        async with self._limit:
            return await self._download(generation, self._name(generation, index))

    async def _download(self, generation: FileResult, name: str) -> FileResult:
        try:
            return await self._fetch(generation, name)
        except PictureError as error:
            log.info("result %s cannot be used: %s", name, error)
            broken = BROKEN_VIDEO if isinstance(generation, VideoGeneration) else BROKEN
            return generation.with_problem(_(broken))
        except ResultTooLarge:
            if not isinstance(generation, VideoGeneration):
                raise
            return _linked(generation)
        except (BadReply, BackendDown) as error:
            if self._tries >= (LOST_TRIES if isinstance(error, BadReply) else DOWN_TRIES):
                is_video = isinstance(generation, VideoGeneration)
                return generation.with_problem(_(LOST_VIDEO if is_video else LOST))
            self.failure = self.failure or error
            return generation
        except SpoolError as error:
            self.failure = error
            return generation

    async def _fetch(self, generation: FileResult, name: str) -> FileResult:
        """Most results are small; memory for a large one is taken only when it proves large."""
        if isinstance(generation, VideoGeneration):
            return await self._receive(generation, name)
        try:
            return await self._fetch_within(SMALL, generation, name)
        except ResultTooLarge:
            return await self._fetch_within(LARGE, generation, name)

    async def _fetch_within(self, limit: int, generation: FileResult, name: str) -> FileResult:
        owner, host = self._record.user_id, _host(generation.url)
        async with self._memory.hold(COPIES * limit, owner, host):
            data = await self._backend.fetch(generation.url, limit)
            return await self._store(generation, name, data)

    async def _store(self, generation: FileResult, name: str, data: bytes) -> FileResult:
        if isinstance(generation, FormResult) and form_of(generation.form).returns == "svg":
            await asyncio.to_thread(svg.check_svg, data)
            await self._files.put(f"{name}.svg", data)
            return generation.with_file(f"{name}.svg")
        facts, plain = await asyncio.to_thread(without_metadata, data)
        file = f"{name}.{'jpg' if facts.format == 'jpeg' else facts.format}"
        await self._files.put(file, plain)
        return generation.with_file(file, facts.width, facts.height)

    async def _receive(self, video: VideoGeneration, name: str) -> VideoGeneration:
        """Download a video to the disk. One that Discord would refuse there is not stored: the card
        shows its link.
        """
        owner, host = self._record.user_id, _host(video.url)
        async with self._memory.hold(SMALL, owner, host), self._files.receiving() as file:
            await self._backend.save(video.url, file, LARGE)
            ending = await asyncio.to_thread(ending_of_file, file)
            if file.tell() > min(ref.upload_limit for ref in self._record.messages) - ROOM:
                return _linked(video)
            await self._files.keep(f"{name}.{ending}", file)
            return video.with_file(f"{name}.{ending}")

    def _name(self, generation: FileResult, index: int) -> str:
        own = generation.form if isinstance(generation, FormResult) else generation.id
        return f"{self._record.id}-{_slug(own) or index}"


def _linked(video: VideoGeneration) -> VideoGeneration:
    """The video as a link, or the problem that people may not be shown its link."""
    return video.as_link() if video.may_link else video.with_problem(_(LARGE_VIDEO))


def without_metadata(data: bytes) -> tuple[ImageFacts, bytes]:
    """The facts of a picture and its bytes without metadata. For a thread: a file with thousands of
    parts takes a while.

    Half of an uploaded picture is used; half of a worker's is no result. Raises PictureError.
    """
    facts = inspect(data)
    if not facts.complete:
        raise PictureError(_("This image is damaged or cut off."))
    return facts, strip(data)


def _host(url: str) -> str:
    """The file server of a link; "" for a result that came without one."""
    try:
        return URL(url, encoded=True).host or "" if url.startswith("http") else ""
    except ValueError:
        return ""


def _identity(generation: Generation) -> str:
    if isinstance(generation, ImageGeneration):
        return f"image:{generation.id}" if generation.id else ""
    if isinstance(generation, VideoGeneration):
        return f"video:{generation.id}" if generation.id else ""
    return f"form:{generation.form}" if isinstance(generation, FormResult) else ""


def _slug(text: str) -> str:
    """Letters, digits and dashes of the text, at most 36, for use in a file name."""
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in text.lower())[:36].strip("-")
