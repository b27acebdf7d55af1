"""Calls to the API of a web UI (`/sdapi/v1`)."""

import asyncio
import logging
from typing import Any, TypeVar, cast

import aiohttp
from aiohttp import hdrs

from bot.backends.a1111.faults import fault_of
from bot.backends.a1111.payloads import ExtrasBody, ImageBody, InterrogateBody
from bot.backends.a1111.responses import (
    Caption,
    Checkpoint,
    Embeddings,
    Extras,
    Images,
    Named,
    Scheduler,
    WebuiProgress,
    WebuiSampler,
)
from bot.errors import BackendDown, BadReply, RequestRejected, ResultTooLarge
from bot.http.client import exchange
from bot.http.json import decoded
from bot.http.schema import Sent, Wire, read_as, read_list
from bot.i18n import N_, _

log = logging.getLogger(__name__)
API = "/sdapi/v1"
JSON = "application/json"
JOB = 3600.0  # seconds for a call that is a job; other jobs may be before it
QUICK = 8.0  # seconds for any other call: a busy web UI answers slowly
LIST_MAX = 8 * 1024 * 1024  # bytes of a list
# Bytes of an answer with images: one of 40 MB as base64, or several that are smaller.
IMAGES_MAX = 40 * 1024 * 1024 * 4 // 3 + 1024 * 1024
PROGRESS_MAX = 8 * 1024 * 1024  # bytes with a preview
ENTRIES_MAX = 5_000  # of a list that are read
LARGE = 1024 * 1024  # bytes of an answer that is parsed in a thread
UNREACHABLE = N_("{backend} cannot be reached.")
BROKEN = N_("The connection to {backend} broke.")
UNREADABLE = N_("{backend} sent an answer that cannot be read.")
TOO_LARGE = N_("The answer of {backend} is too large. Choose a smaller size or fewer images.")

M = TypeVar("M", bound=Wire)


class WebuiClient:
    """One web UI. `url`: its address without the path of the API; `title`: its name for people.

    `key`: "user:password" of its HTTP Basic authentication, "" for none. `seconds`: of a call that
    is a job, 0 for the usual ones. All calls raise BackendError.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        title: str,
        key: str = "",
        seconds: float = 0.0,
    ) -> None:
        self.title = title
        self._seconds = seconds
        self._session = session
        self._url = url.rstrip("/").removesuffix(API) + API
        self._headers: dict[str, str] = {hdrs.ACCEPT: JSON}
        if key:
            user, _colon, password = key.partition(":")
            login = aiohttp.encode_basic_auth(user, password, encoding="utf-8")
            self._headers[hdrs.AUTHORIZATION] = login

    async def text_to_image(self, body: ImageBody) -> Images:
        """Make images. The call lasts until they are finished, with the jobs before it."""
        return self._read(Images, await self._job("/txt2img", body))

    async def image_to_image(self, body: ImageBody) -> Images:
        """Make images from a source; with a mask, in its white area."""
        return self._read(Images, await self._job("/img2img", body))

    async def upscale(self, body: ExtrasBody) -> Extras:
        """Upscale an image, or restore its faces."""
        return self._read(Extras, await self._job("/extra-single-image", body))

    async def interrogate(self, body: InterrogateBody) -> Caption:
        """Describe an image."""
        return self._read(Caption, await self._job("/interrogate", body))

    async def progress(self, *, preview: bool) -> WebuiProgress:
        """The job that runs; with its newest image when `preview`."""
        query = f"?skip_current_image={'false' if preview else 'true'}"
        body = await self._call("GET", "/progress" + query, cap=PROGRESS_MAX)
        return self._read(WebuiProgress, body)

    async def interrupt(self) -> None:
        """End the job that runs, also one of another client. Its call gets the images so far."""
        await self._call("POST", "/interrupt", null=True)

    async def checkpoints(self) -> tuple[Checkpoint, ...]:
        """The models."""
        return self._entries(Checkpoint, await self._call("GET", "/sd-models"))

    async def samplers(self) -> tuple[WebuiSampler, ...]:
        """The samplers; none where the web UI does not list them."""
        return await self._list(WebuiSampler, "/samplers")

    async def schedulers(self) -> tuple[Scheduler, ...]:
        """The schedulers; none before version 1.9."""
        return await self._list(Scheduler, "/schedulers")

    async def loras(self) -> tuple[Named, ...]:
        """The LoRAs; none where the web UI does not list them."""
        return await self._list(Named, "/loras")

    async def upscalers(self) -> tuple[Named, ...]:
        """The upscalers; none where the web UI does not list them."""
        return await self._list(Named, "/upscalers")

    async def face_restorers(self) -> tuple[Named, ...]:
        """The programs that repair faces; none where the web UI does not list them."""
        return await self._list(Named, "/face-restorers")

    async def embeddings(self) -> frozenset[str]:
        """The names of the embeddings; none where the web UI does not list them."""
        try:
            found = self._read(Embeddings, await self._call("GET", "/embeddings"))
        except RequestRejected as error:
            if error.status != 404:
                raise
            return frozenset()
        return frozenset(found.loaded)

    async def _list(self, model: type[M], route: str) -> tuple[M, ...]:
        try:
            return self._entries(model, await self._call("GET", route))
        except RequestRejected as error:
            if error.status != 404:
                raise
            return ()

    def _entries(self, model: type[M], body: Any) -> tuple[M, ...]:
        if not isinstance(body, list):
            raise BadReply(_(UNREADABLE).format(backend=self.title))
        return read_list(model, cast("list[object]", body)[:ENTRIES_MAX])

    def _read(self, model: type[M], body: Any) -> M:
        try:
            return read_as(model, body)
        except BadReply:
            raise BadReply(_(UNREADABLE).format(backend=self.title)) from None

    async def _job(self, route: str, body: Sent) -> Any:
        data = await asyncio.to_thread(lambda: body.model_dump_json(exclude_none=True).encode())
        return await self._call(
            "POST", route, data=data, seconds=self._seconds or JOB, cap=IMAGES_MAX
        )

    async def _call(
        self,
        verb: str,
        route: str,
        *,
        data: bytes | None = None,
        seconds: float = QUICK,
        cap: int = LIST_MAX,
        null: bool = False,
    ) -> Any:
        """The JSON of an answer. `null`: there may be none."""
        headers = self._headers | ({hdrs.CONTENT_TYPE: JSON} if data else {})
        try:
            reply = await exchange(
                self._session,
                verb,
                self._url + route,
                headers=headers,
                data=data,
                seconds=seconds,
                cap=cap,
            )
        except BackendDown as error:
            text = _(BROKEN if error.in_doubt else UNREACHABLE).format(backend=self.title)
            in_doubt = error.in_doubt and verb != "GET"  # a question can be asked again
            raise BackendDown(text, in_doubt=in_doubt, title=self.title) from None
        log.debug("%s %s: %d", verb, route.partition("?")[0], reply.status)
        body = await _parsed(reply.raw or b"")
        if not 200 <= reply.status < 300:
            raise fault_of(reply.status, body, self.title)
        if reply.raw is None:
            raise ResultTooLarge(_(TOO_LARGE).format(backend=self.title), status=reply.status)
        if body is None and not null:
            raise BadReply(_(UNREADABLE).format(backend=self.title), status=reply.status)
        return body


async def _parsed(raw: bytes) -> Any:
    return await asyncio.to_thread(decoded, raw) if len(raw) > LARGE else decoded(raw)
