"""Reads request bodies and builds responses as Discord does."""

import json
import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, hdrs, web

from sandbox.discord.messages.attachments import Upload, guess_content_type
from sandbox.discord.rest.errors import refuse, wrong_field

# The JSON of the current request, for the `on_exchange` callback.
REQUEST_JSON: ContextVar[Any] = ContextVar("sent", default=None)
FILE_FIELD = re.compile(r"files?\[(\d+)\]|file")


@dataclass(frozen=True, slots=True)
class RequestBody:
    """The JSON of a request and its uploaded files, in the order of their numbers."""

    json: Any
    uploads: list[Upload]

    @property
    def names(self) -> list[str]:
        return [upload.filename for upload in self.uploads]


async def read_body(request: web.Request, upload_limit: int) -> RequestBody:
    """The body of a request. Raises ApiError 40005 for a file over the limit (bytes)."""
    try:
        if request.content_type == "multipart/form-data":
            body = await _multipart(request, upload_limit)
        else:
            body = RequestBody(_parsed(await request.read()), [])
    except web.HTTPRequestEntityTooLarge:
        refuse(40005)
    REQUEST_JSON.set(body.json)
    return body


async def read_object(request: web.Request, upload_limit: int) -> RequestBody:
    """The same; the JSON must be an object."""
    body = await read_body(request, upload_limit)
    if not isinstance(body.json, dict):
        wrong_field((), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    return body


async def _multipart(request: web.Request, upload_limit: int) -> RequestBody:
    payload: Any = {}
    files: dict[int, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            payload = _parsed(data)
        elif match := FILE_FIELD.fullmatch(part.name or ""):
            if len(data) > upload_limit:
                refuse(40005)
            files[int(match[1] or 0)] = _upload(part, data)
    return RequestBody(payload, [files[number] for number in sorted(files)])


def _upload(part: BodyPartReader, data: bytes) -> Upload:
    name = part.filename or "unknown"
    declared = part.headers.get(hdrs.CONTENT_TYPE, "")
    guessed = guess_content_type(name)
    return Upload(name, data, guessed or declared)


def _parsed(data: bytes) -> Any:
    if not data:
        return {}
    try:
        return json.loads(data)
    except ValueError:
        refuse(50109)


def json_response(body: Any, status: int = 200) -> web.Response:
    """A JSON response; the content type bears no charset, as Discord's (and as clients expect)."""
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/json"
    )


def no_content() -> web.Response:
    return web.Response(status=204)


def query_flag(request: web.Request, name: str) -> bool:
    """A boolean of the query, in any of the spellings that Discord takes."""
    return request.query.get(name, "").lower() in ("1", "true")
