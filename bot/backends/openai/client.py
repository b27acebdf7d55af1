"""Calls to a server with OpenAI's API. The key is sent in one header and is never logged."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
from aiohttp import hdrs

from bot.backends.openai.error_mapping import (
    facts_of,
    openai_refusal,
    unreached,
    unreadable,
    wrong_key,
)
from bot.backends.openai.event_reader import DONE, EventReader
from bot.backends.openai.responses import ImageAnswer, ListedModel, TextEvent
from bot.errors import BackendDown, BackendError
from bot.http.client import TOTAL, exchange
from bot.http.json import decoded
from bot.http.schema import Sent, read_as, read_list
from bot.http.streams import StreamedReply, streamed
from bot.settings import ANONYMOUS_KEY
from bot.version import CLIENT_AGENT

log = logging.getLogger(__name__)

LIST_MAX = 16 * 1024 * 1024  # bytes; OpenRouter lists 500 models in about 1 MB
ANSWER_MAX = 60 * 1024 * 1024  # bytes; an image of 40 MB in base64
TEXT_MAX = 2 * 1024 * 1024  # bytes of a text that is not streamed; 4,096 tokens have about 20 KB
# Seconds without a byte: a model that is loaded first, or a long prompt on a processor.
SILENCE = 300.0
TEXT_SECONDS, IMAGE_SECONDS = 1800.0, 600.0
MODELS_MAX = 20_000  # entries of a list that are read
RETRY_MAX = 3600.0  # seconds; a header cannot delay longer
KEY_MAX = 512  # characters


class OpenAIClient:
    """Calls to one server. `url`: its base, as http://127.0.0.1:11434/v1; `title`: for people.

    `seconds`: of a call that makes a result, 0 for the usual ones.
    """

    def __init__(
        self, session: aiohttp.ClientSession, url: str, title: str, *, seconds: float = 0.0
    ) -> None:
        self._session = session
        self._seconds = seconds
        self._url = url.rstrip("/")
        self.title = title

    async def models(self, key: str) -> tuple[ListedModel, ...]:
        """The models that the server lists. Raises BackendError."""
        body = await self._get("/models", key)
        listed = cast("dict[str, object]", body).get("data") if isinstance(body, dict) else body
        if not isinstance(listed, list):
            raise unreadable(self.title)
        return read_list(ListedModel, cast("list[object]", listed)[:MODELS_MAX])

    @asynccontextmanager
    async def text(
        self, route: str, body: Sent, key: str
    ) -> AsyncGenerator[AsyncIterator[TextEvent]]:
        """The events of a text; the connection is closed at the end. Raises BackendError.

        A server that does not stream answers with one event, which is the whole text.
        """
        async with self._post(route, body, key, seconds=TEXT_SECONDS) as reply:
            yield self._events(reply)

    async def image(self, body: Sent, key: str) -> ImageAnswer:
        """The images of one call, which takes as long as their making. Raises BackendError."""
        async with self._post("/images/generations", body, key, seconds=IMAGE_SECONDS) as reply:
            raw = await self._read(reply, ANSWER_MAX)
        found = await asyncio.to_thread(decoded, raw) if raw else None  # up to 60 MB
        if not isinstance(found, dict):
            raise unreadable(self.title)
        return read_as(ImageAnswer, cast("object", found))

    def refused(self, status: int, headers: Mapping[str, str], body: object) -> BackendError:
        """The error for an answer that is no success."""
        return openai_refusal(self.title, status, facts_of(body), retry_after=seconds_of(headers))

    async def _get(self, route: str, key: str) -> Any:
        """The JSON of an answer. A question is never in doubt: it can be asked again."""
        headers = self._headers(key)
        try:
            reply = await exchange(
                self._session,
                "GET",
                self._url + route,
                headers=headers,
                seconds=TOTAL,
                cap=LIST_MAX,
            )
        except BackendDown as error:
            raise _asked(unreached(self.title, error)) from None
        body = decoded(reply.raw) if reply.raw else None
        if not 200 <= reply.status < 300:
            raise _asked(self.refused(reply.status, reply.headers, body))
        if body is None:
            raise unreadable(self.title)
        return body

    @asynccontextmanager
    async def _post(
        self, route: str, body: Sent, key: str, *, seconds: float
    ) -> AsyncGenerator[StreamedReply]:
        headers = {**self._headers(key), hdrs.CONTENT_TYPE: "application/json"}
        data = body.model_dump_json(exclude_none=True).encode()
        seconds = self._seconds or seconds
        silence = min(SILENCE, seconds) if route != "/images/generations" else seconds
        try:
            async with streamed(
                self._session,
                self._url + route,
                headers=headers,
                data=data,
                silence=silence,
                seconds=seconds,
            ) as reply:
                log.debug("POST %s: %d", route, reply.status)
                if not 200 <= reply.status < 300:
                    raise await self._refusal(reply)
                yield reply
        except BackendDown as error:
            if error.status:
                raise
            raise unreached(self.title, error) from None

    async def _refusal(self, reply: StreamedReply) -> BackendError:
        raw = await reply.whole(TEXT_MAX)
        return self.refused(reply.status, reply.headers, decoded(raw) if raw else None)

    async def _read(self, reply: StreamedReply, cap: int) -> bytes:
        raw = await reply.whole(cap)
        if raw is None:
            raise unreadable(self.title)
        return raw

    async def _events(self, reply: StreamedReply) -> AsyncIterator[TextEvent]:
        if "event-stream" not in reply.headers.get(hdrs.CONTENT_TYPE, ""):
            yield self._event(await self._read(reply, TEXT_MAX))
            return
        reader = EventReader(self.title)
        async for piece in reply.chunks():
            for data in reader.feed(piece):
                if data == DONE:
                    return
                yield self._event(data)
        for data in reader.end():
            if data == DONE:
                return
            yield self._event(data)

    def _event(self, data: bytes) -> TextEvent:
        body = decoded(data)
        if not isinstance(body, dict):
            raise unreadable(self.title)
        fields = cast("dict[str, object]", body)
        if "choices" not in fields and "error" not in fields:
            return TextEvent()  # such as the pings of some servers
        error = {"error": facts_of(fields)} if fields.get("error") is not None else {}
        return read_as(TextEvent, fields | error)

    def _headers(self, key: str) -> dict[str, str]:
        headers: dict[str, str] = {hdrs.USER_AGENT: CLIENT_AGENT}
        if not key or key == ANONYMOUS_KEY:
            return headers
        if not (key.isascii() and key.isprintable() and len(key) <= KEY_MAX):
            raise wrong_key(self.title)
        return {**headers, hdrs.AUTHORIZATION: f"Bearer {key}"}


def _asked(error: BackendError) -> BackendError:
    """The error of a question, which changes nothing at the server."""
    if isinstance(error, BackendDown):
        error.in_doubt = False
    return error


def seconds_of(headers: Mapping[str, str]) -> float | None:
    """The header Retry-After in seconds; None without one, or for a date."""
    try:
        seconds = float(headers.get(hdrs.RETRY_AFTER, ""))
    except ValueError:
        return None
    return min(seconds, RETRY_MAX) if seconds >= 0 else None
