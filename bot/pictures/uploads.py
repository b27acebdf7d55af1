"""Source pictures of users: downloaded from Discord once, prepared, stored."""

import asyncio
import logging

from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import (
    SIDE_MAX,
    AlchemyRequest,
    ExtraImage,
    ImageRequest,
    Request,
    Source,
    VideoRequest,
)
from bot.errors import BackendDown, BadOption, PictureError, SpoolError
from bot.http.discord_files import DiscordFiles
from bot.i18n import N_, _
from bot.pictures import Converter, ImageFacts, inspect, strip
from bot.pictures.preparation import PreparedImages, fit, reshaped
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)

BYTES_MAX = 25 * 1024 * 1024  # twice the limit of a member without Nitro
TOTAL_MAX = 60 * 1024 * 1024  # of one request's pictures, which are in memory together

NOT_FETCHED = N_("The uploaded image could not be downloaded from Discord. Upload it again.")
GONE = N_("The image is no longer on Discord. Upload it again.")
TOO_MUCH = N_("The images are larger than 60 MB together. Upload smaller ones.")
NOT_KEPT = N_("The bot no longer has this image. Upload it as a file.")
TOO_LARGE = N_("The image is larger than 25 MB. Upload a smaller one.")


class UploadedImages:
    """Loads the pictures that a request starts from."""

    def __init__(self, discord: DiscordFiles, spool: ResultFiles, converter: Converter) -> None:
        self._discord = discord
        self._spool = spool
        self._converter = converter

    async def gather(
        self, request: Request, record_id: int, owner: int = 0
    ) -> tuple[Request, Pictures]:
        """All source pictures of a request, prepared, and the request with their files and sides.

        `owner`: who takes a turn at the converter. Raises as `load` does.
        """
        match request:
            case AlchemyRequest():
                source, data = await self.load(request.source, record_id, owner=owner)
                return request.model_copy(update={"source": source}), Pictures(source=data)
            case VideoRequest(source=Source() as source):
                source, data = await self.load(source, record_id, owner=owner)
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
            log.warning("#%d: its %s could not be stored: %s", record_id, role, error)
            return known, data
        return known.model_copy(update={"file": name, "size": len(data)}), data

    async def _kept(self, source: Source) -> bytes | None:
        if not source.file:
            return None
        try:
            return await self._spool.get(source.file)
        except SpoolError:
            log.info("%s is no longer stored: downloading it again", source.file)
            return None

    async def _download(self, source: Source) -> bytes:
        if not source.url:
            raise BadOption(_(NOT_KEPT))
        if source.size > BYTES_MAX:
            raise BadOption(_(TOO_LARGE))
        try:
            reply = await self._discord.fetch(source.url, BYTES_MAX, proxied=True)
        except BackendDown:
            raise BackendDown(_(NOT_FETCHED)) from None
        if reply.status >= 500 or reply.status == 429:
            raise BackendDown(_(NOT_FETCHED))
        if reply.status != 200:
            raise BadOption(_(GONE))
        if reply.raw is None:
            raise BadOption(_(TOO_LARGE))
        return reply.raw

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
            raise BadOption(_(TOO_MUCH))
        return source, data


def _looked_at(data: bytes) -> tuple[ImageFacts, bytes]:
    """Facts, and the picture without metadata; b"" if it must be converted.

    In a thread: a file of thousands of parts is slow.
    """
    facts = inspect(data)
    return facts, strip(data) if _is_plain(facts) else b""


def _is_plain(facts: ImageFacts) -> bool:
    small = max(facts.width, facts.height) <= SIDE_MAX
    still = not facts.animated and facts.orientation == 1
    return small and still and facts.plain and facts.complete
