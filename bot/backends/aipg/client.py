"""Calls to AI Power Grid. Its texts are those of OpenAI's API; media, models and money are not."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar, cast
from urllib.parse import quote, urlencode

from bot.backends.aipg.error_mapping import aipg_refusal, gone
from bot.backends.aipg.payloads import MediaImageInput, MediaInput, VideoInput
from bot.backends.aipg.responses import (
    Credits,
    MediaAnswer,
    MediaProgress,
    ModelOffer,
    Owner,
    Parameters,
    RecoveredJob,
)
from bot.backends.openai.client import OpenAIClient, seconds_of
from bot.backends.openai.error_mapping import unreadable
from bot.backends.openai.responses import TextEvent
from bot.errors import BackendError, BadReply, RequestRejected
from bot.http.json import decoded
from bot.http.schema import Sent, Wire, read_as, read_list
from bot.i18n import N_, _

# Seconds of a call. After that its result is asked for: the server gives up somewhat later.
IMAGE_SECONDS, VIDEO_SECONDS = 300.0, 600.0
MEDIA_MAX = 1024 * 1024  # bytes of an answer with links
WORKER_FAILED = N_("A worker of {backend} failed. Nothing was charged. Press **Again**.")
OFFERS_MAX = 2_000  # models of the list that are read
M = TypeVar("M", bound=Wire)


class AipgClient(OpenAIClient):
    """Calls to one server. `url`: its base, as https://api.aipowergrid.io/v1."""

    def refused(self, status: int, headers: Mapping[str, str], body: object) -> BackendError:
        """The error for an answer that is no success."""
        return aipg_refusal(self.title, status, body, retry_after=seconds_of(headers))

    async def offers(self) -> tuple[ModelOffer, ...]:
        """The models of all kinds that have workers. Raises BackendError."""
        found = await self._get("/status/models", "")
        if not isinstance(found, list):
            raise unreadable(self.title)
        return read_list(ModelOffer, cast("list[object]", found)[:OFFERS_MAX])

    async def parameters(self, model: str) -> Parameters:
        """The accepted values of the parameters of a model. Raises BackendError."""
        return await self._one(Parameters, f"/models/{quote(model, safe='')}/params")

    async def credits(self, key: str) -> Credits:
        """The money of an account. Raises BackendError."""
        return await self._one(Credits, "/account/credits", key)

    async def owner(self, key: str) -> Owner:
        """The owner of a key. Raises BackendError."""
        return await self._one(Owner, "/account", key)

    async def progress(self, token: str) -> MediaProgress:
        """How much of a job is done. Raises BackendError."""
        return await self._one(MediaProgress, f"/progress/{quote(token, safe='')}")

    async def create_image(self, body: MediaImageInput, key: str) -> MediaAnswer:
        """Make an image: the call takes as long as the job. Raises BackendError."""
        return await self._media("/images/generations", body, key, IMAGE_SECONDS)

    async def create_video(self, body: VideoInput, key: str) -> MediaAnswer:
        """Make a video: the call takes as long as the job. Raises BackendError."""
        return await self._media("/videos/generations", body, key, VIDEO_SECONDS)

    async def recovered(self, key: str, *, client_ref: str = "", job_id: str = "") -> RecoveredJob:
        """A job by its token or its id, after its answer was lost.

        Raises RequestGone when it never arrived or was not charged, SeveralJobs when two have the
        token, and other BackendErrors.
        """
        asked = {"job_id": job_id} if job_id else {"client_ref": client_ref}
        try:
            return await self._one(RecoveredJob, f"/media/results?{urlencode(asked)}", key)
        except RequestRejected as error:
            raise (gone(self.title) if error.status == 404 else error) from None

    @asynccontextmanager
    async def text(
        self, route: str, body: Sent, key: str
    ) -> AsyncGenerator[AsyncIterator[TextEvent]]:
        """The events of a text; a worker that fails is not charged."""
        async with super().text(route, body, key) as events:
            yield self._checked(events)

    async def _checked(self, events: AsyncIterator[TextEvent]) -> AsyncIterator[TextEvent]:
        async for event in events:
            if event.error is not None:
                raise BackendError(_(WORKER_FAILED).format(backend=self.title))
            yield event

    async def _media(self, route: str, body: MediaInput, key: str, seconds: float) -> MediaAnswer:
        async with self._post(route, body, key, seconds=seconds) as reply:
            raw = await self._read(reply, MEDIA_MAX)
        found = await asyncio.to_thread(decoded, raw)
        if not isinstance(found, dict):
            raise unreadable(self.title)
        return read_as(MediaAnswer, cast("object", found))

    async def _one(self, model: type[M], route: str, key: str = "") -> M:
        try:
            return read_as(model, await self._get(route, key))
        except BadReply:
            raise unreadable(self.title) from None
