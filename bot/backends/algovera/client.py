"""Calls to Algovera's API.

The key is a part of the URL of a status and of the body of other calls: neither may be logged.
"""

import logging
import re
from typing import Annotated, cast
from urllib.parse import urlencode

import aiohttp
from pydantic import Field

from bot.backends.algovera.error_mapping import algovera_refusal, wrong_algovera_key
from bot.errors import BackendDown, BadReply, ResultTooLarge
from bot.http.client import TOTAL, Reply, exchange
from bot.http.json import decoded
from bot.http.schema import Items, Sent, Wire, read_as
from bot.i18n import N_, _
from bot.version import CLIENT_AGENT

log = logging.getLogger(__name__)

JSON_MAX = 1024 * 1024  # bytes; the answers have a few hundred
ASSET_SECONDS = 60.0
KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")  # 64 hexadecimal digits on the real server
UNREACHED = N_("{backend} cannot be reached. Try again later.")
BROKE = N_("The connection to {backend} broke before the answer was complete.")
UNREADABLE = N_("{backend} sent an answer that cannot be read.")
TOO_LARGE = N_("The result is too large.")
Name = Annotated[str, Field(min_length=1, max_length=200)]


class AlgoveraJob(Sent):
    """The body of a submit without the key."""

    prompt: str
    width: int
    height: int
    inf_steps: int
    guidance_scale: float
    seed: int
    base_model: str


class _KeyedJob(AlgoveraJob):
    api_key: str


class _Asset(Sent):
    api_key: str
    job_uuid: str


class _Receipt(Wire):
    job_uuid: str = Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")


class _JobStatus(Wire):
    job_status: str = Field(default="", max_length=100)


class _Models(Wire):
    base_models: Items[Name] = ()


class AlgoveraClient:
    """One server. `url`: its address without `/api`; `title`: its name for people.

    All calls raise BackendError, and no error contains a URL or a key.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, title: str) -> None:
        self.title = title
        self._session = session
        self._url = url.rstrip("/").removesuffix("/api")

    async def models(self) -> tuple[str, ...]:
        """The names of the models. Needs no key."""
        return read_as(_Models, self._json(await self._call("GET", "basemodels"))).base_models

    async def submit(self, job: AlgoveraJob, key: str) -> str:
        """Submit a job, which costs a credit. Returns its id."""
        body = _KeyedJob(**job.model_dump(), api_key=self._sendable(key))
        answer = self._json(await self._call("POST", "txt2img", body))
        try:
            return read_as(_Receipt, answer).job_uuid
        except BadReply:  # the job may exist
            text = _(UNREADABLE).format(backend=self.title)
            raise BackendDown(text, in_doubt=True, title=self.title) from None

    async def status(self, job_id: str, key: str) -> str:
        """The server's word for the state of a job; "" for none. Raises RequestGone."""
        query = urlencode({"job_uuid": job_id, "api_key": self._sendable(key)})
        answer = self._json(await self._call("GET", "status", query=query))
        return read_as(_JobStatus, answer).job_status

    async def asset(self, job_id: str, key: str, limit: int) -> bytes:
        """The file of a finished job. Raises BackendDown while it is not ready, ResultTooLarge."""
        body = _Asset(api_key=self._sendable(key), job_uuid=job_id)
        reply = await self._call("GET", "getAsset", body, cap=limit, seconds=ASSET_SECONDS)
        if reply.raw is None:
            raise ResultTooLarge(_(TOO_LARGE))
        if not reply.raw:
            raise BackendDown(_(UNREADABLE).format(backend=self.title), title=self.title)
        return reply.raw

    async def _call(
        self,
        verb: str,
        name: str,
        body: Sent | None = None,
        *,
        query: str = "",
        cap: int = JSON_MAX,
        seconds: float = TOTAL,
    ) -> Reply:
        headers = {"User-Agent": CLIENT_AGENT}
        try:
            reply = await exchange(
                self._session,
                verb,
                f"{self._url}/api/{name}" + (f"?{query}" if query else ""),
                headers=headers | ({"Content-Type": "application/json"} if body else {}),
                data=body.model_dump_json().encode() if body else None,
                seconds=seconds,
                cap=cap,
            )
        except BackendDown as error:
            text = _(BROKE if error.in_doubt else UNREACHED).format(backend=self.title)
            raise BackendDown(text, in_doubt=error.in_doubt, title=self.title) from None
        log.debug("%s %s: %d", verb, name, reply.status)
        if not 200 <= reply.status < 300:
            raise algovera_refusal(
                self.title, reply.status, decoded(reply.raw) if reply.raw else None
            )
        return reply

    def _json(self, reply: Reply) -> object:
        body: object = decoded(reply.raw) if reply.raw else None
        if not isinstance(body, dict):
            text = _(UNREADABLE).format(backend=self.title)
            raise BackendDown(text, in_doubt=True, title=self.title)
        return cast("object", body)

    def _sendable(self, key: str) -> str:
        if not KEY.fullmatch(key):
            raise wrong_algovera_key(self.title)
        return key
