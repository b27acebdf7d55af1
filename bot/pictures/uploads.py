"""Source pictures of users: downloaded from Discord once, prepared, stored."""

import asyncio
import io
import logging

import aiohttp
from yarl import URL

from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import SIDE_MAX, AlchemyRequest, ExtraImage, ImageRequest, Request, Source
from bot.errors import BackendDown, BadOption, PictureError, SpoolError
from bot.pictures import Converter, ImageFacts, inspect, strip
from bot.pictures.preparation import PreparedImages, fit, reshaped
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)

DISCORD = frozenset(
    {"https://cdn.discordapp.com", "https://media.discordapp.net"}
    # Discord's proxies for linked pictures.
    | {"https://images-ext-1.discordapp.net", "https://images-ext-2.discordapp.net"}
)
BYTES_MAX = 25 * 1024 * 1024  # twice the limit of a member without Nitro
TOTAL_MAX = 60 * 1024 * 1024  # of one request's pictures, which are in memory together
TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)
_CHUNK = 64 * 1024

GONE = "That picture is not on Discord any more. Please upload it again."
TOO_MUCH = "These pictures have more than 60 MB together. Please upload smaller ones."
STRANGE = "Only pictures that were uploaded to Discord can be used."
NOT_KEPT = "That picture is not kept here any more. Upload it as a file instead."
TOO_LARGE = "That picture is larger than 25 MB. Please upload a smaller one."


class UploadedImages:
    """Loads sources. `hosts`: origins allowed besides Discord's, as `http://127.0.0.1:8000`."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        spool: ResultFiles,
        converter: Converter,
        *,
        hosts: frozenset[str] = frozenset(),
    ) -> None:
        self._session = session
        self._spool = spool
        self._converter = converter
        self._origins = DISCORD | hosts

    async def gather(
        self, request: Request, record_id: int, owner: int = 0
    ) -> tuple[Request, Pictures]:
        """All pictures that belong to a request, fit to be sent, and the request that now names
        their files and has the sides that it gets by them.

        `owner`: whose turn it takes where pictures are converted. Raises as `load` does.
        """
        match request:
            case AlchemyRequest():
                source, data = await self.load(request.source, record_id, owner=owner)
                return request.model_copy(update={"source": source}), Pictures(source=data)
            case ImageRequest(source=Source() as source):
                try:
                    return await self._painted_on(request, source, record_id, owner)
                except PictureError as error:
                    raise BadOption(str(error)) from None
            case _:
                return request, NO_PICTURES

    async def _painted_on(
        self, request: ImageRequest, source: Source, record_id: int, owner: int
    ) -> tuple[Request, Pictures]:
        room = _Room()
        source, picture = room.take(*await self.load(source, record_id, owner=owner))
        update: dict[str, object] = {"source": source}
        mask = b""
        if request.mask is not None:
            kept, mask = room.take(*await self.load(request.mask, record_id, "mask", owner))
            update["mask"] = kept
        extra: list[bytes] = []
        images: list[ExtraImage] = []
        for number, image in enumerate(request.extra_images, 1):
            loaded = await self.load(image.source, record_id, f"extra-{number}", owner)
            kept, data = room.take(*loaded)
            extra.append(data)
            images.append(image.model_copy(update={"source": kept}))
        known = reshaped(request, source).model_copy(
            update=update | {"extra_images": tuple(images)}
        )
        return await fit(
            known, PreparedImages(picture, mask, tuple(extra)), self._converter.of(owner)
        )

    async def load(
        self, source: Source, record_id: int, role: str = "source", owner: int = 0
    ) -> tuple[Source, bytes]:
        """The picture, upright, without metadata, and the source with its true sides and its own
        file: `role` distinguishes it from other pictures of the same request.

        A picture of an earlier request is copied, so that it outlives that one. Raises BadOption
        when the requester must choose another picture, BackendDown when Discord cannot be reached.
        """
        name = f"{record_id}-{role}"
        kept = await self._kept(source)
        if kept is not None and source.file == name:
            return source, kept
        if kept is None:
            found = await self._download(source)
            data, sides = await self._fit(found, owner, lossless=role == "mask")
        else:
            data, sides = kept, (source.width, source.height)
        width, height = sides if all(sides) else inspect(data).upright
        known = source.model_copy(update={"width": width, "height": height})
        try:
            await self._spool.put(name, data)
        except SpoolError as error:  # it can be sent without being stored
            log.warning("#%d: its %s is not kept: %s", record_id, role, error)
            return known, data
        return known.model_copy(update={"file": name, "size": len(data)}), data

    async def _kept(self, source: Source) -> bytes | None:
        if not source.file:
            return None
        try:
            return await self._spool.get(source.file)
        except SpoolError:
            log.info("%s is not kept any more: fetching it again", source.file)
            return None

    async def _download(self, source: Source) -> bytes:
        if not source.url:
            raise BadOption(NOT_KEPT)
        if source.size > BYTES_MAX:
            raise BadOption(TOO_LARGE)
        url = self._checked(source.url)
        try:
            # A redirection would lead to another address than the checked one.
            async with self._session.get(url, timeout=TIMEOUT, allow_redirects=False) as response:
                if response.status >= 500 or response.status == 429:
                    raise BackendDown("Discord did not hand out the uploaded picture.")
                if response.status != 200:
                    raise BadOption(GONE)
                return await _read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("an upload could not be fetched: %s", type(error).__name__)
            raise BackendDown("The uploaded picture could not be fetched from Discord.") from None

    def _checked(self, text: str) -> URL:
        try:
            url = URL(text, encoded=True)  # signed: encoding it again would break the signature
            origin = str(url.origin())
        except ValueError:
            raise BadOption(STRANGE) from None
        if origin not in self._origins or url.user is not None or url.password is not None:
            raise BadOption(STRANGE)
        return url

    async def _fit(
        self, data: bytes, owner: int, *, lossless: bool
    ) -> tuple[bytes, tuple[int, int]]:
        """The prepared picture, and the sides of the original."""
        try:
            facts, plain = await asyncio.to_thread(_looked_at, data)
            if not plain:
                plain = await self._converter.of(owner).as_source(
                    data, max_side=SIDE_MAX, lossless=lossless
                )
        except PictureError as error:
            raise BadOption(str(error)) from None
        return plain, facts.upright


class _Room:
    """Counts the bytes of one request's pictures. Raises BadOption when they are too many."""

    def __init__(self) -> None:
        self._taken = 0

    def take(self, source: Source, data: bytes) -> tuple[Source, bytes]:
        self._taken += len(data)
        if self._taken > TOTAL_MAX:
            raise BadOption(TOO_MUCH)
        return source, data


def _looked_at(data: bytes) -> tuple[ImageFacts, bytes]:
    """The stripped picture; b"" if it is usable as it is but for its metadata. In a thread: a file
    of thousands of parts is slow.
    """
    facts = inspect(data)
    return facts, strip(data) if _is_plain(facts) else b""


def _is_plain(facts: ImageFacts) -> bool:
    small = max(facts.width, facts.height) <= SIDE_MAX
    still = not facts.animated and facts.orientation == 1
    return small and still and facts.plain and facts.complete


async def _read(response: aiohttp.ClientResponse) -> bytes:
    read = io.BytesIO()  # gives its bytes without a copy
    async for chunk in response.content.iter_chunked(_CHUNK):
        if read.tell() + len(chunk) > BYTES_MAX:
            raise BadOption(TOO_LARGE)
        read.write(chunk)
    return read.getvalue()
