"""A call to the Horde: its address, its headers, and its answer as JSON or as a typed error."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar, Unpack, cast
from urllib.parse import quote, urlencode

import aiohttp

from bot.errors import BackendDown, BackendRetired, RequestRejected
from bot.horde.error_codes import meaning
from bot.horde.error_mapping import refusal_of
from bot.horde.missing_features import Feature, MissingFeatures
from bot.http.client import TOTAL, Reply, exchange
from bot.http.json import decoded
from bot.http.schema import Sent, Wire, read_as, read_list, read_named
from bot.i18n import _

log = logging.getLogger(__name__)

JSON = {"Content-Type": "application/json"}
JSON_MAX = 8 * 1024 * 1024  # bytes; the largest answers (styles, models) are below 1 MB
GONE = 410  # HTTP status
RETRY_MAX = 3600.0  # seconds; a header cannot delay longer

M = TypeVar("M", bound=Wire)


class CallParts(TypedDict, total=False):
    """What a call has besides its verb and its route.

    `path` fills the route; query values of None are left out; `key` is sent in the `apikey` header
    only; `seconds` for the whole call; `feature`: the function that a server may not have.
    """

    path: Mapping[str, str]
    query: Mapping[str, object]
    body: Sent
    key: str
    headers: Mapping[str, str]
    seconds: float
    feature: Feature


@dataclass(frozen=True, slots=True)
class Success:
    """A success: its JSON, and its X-RateLimit-Limit (None where no limiter applies)."""

    body: Any
    rate_limit: int | None


class Transport:
    """Calls to one Horde. `url`: its base, as https://aihorde.net/api/v2.

    `retired`: the message for a 410 with which a server says that its API is gone; after one no
    more calls are sent. "": a 410 is an error like any other.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        client_agent: str,
        clock: Callable[[], float] = time.monotonic,
        retired: str = "",
    ) -> None:
        self.session = session
        self._retired = retired
        self._is_gone = False
        self.url = url.rstrip("/")
        self.client_agent = client_agent
        self._missing = MissingFeatures(clock)

    async def request(self, verb: str, route: str, **parts: Unpack[CallParts]) -> Success:
        """Call a route such as `/users/{user_id}`. Raises BackendError.

        FeatureMissing: the server does not know the route of `feature`. BackendRetired: it answered
        410, to this call or to an earlier one.
        """
        self._check_retired()
        feature = parts.get("feature")
        if feature is not None:
            self._missing.check(feature)
        reply = await self._exchange(verb, route, parts)
        log.debug("%s %s: %d", verb, route, reply.status)
        self._is_gone = self._is_gone or reply.status == GONE
        self._check_retired()
        body = _decoded(reply.raw)
        if feature is not None:
            self._missing.learn(feature, reply.status, body)
        return _answer(reply, body)

    def _check_retired(self) -> None:
        if self._is_gone and self._retired:
            raise BackendRetired(_(self._retired), status=GONE)

    async def _exchange(self, verb: str, route: str, parts: CallParts) -> Reply:
        address = self.url + _filled(route, parts.get("path", {}))
        body = parts.get("body")
        headers = {**self._headers(parts.get("key", "")), **parts.get("headers", {})}
        return await exchange(
            self.session,
            verb,
            address + _queried(parts.get("query", {})),
            headers={**headers, **JSON} if body else headers,
            data=body.model_dump_json(exclude_none=True, by_alias=True).encode() if body else None,
            seconds=parts.get("seconds", TOTAL),
            cap=JSON_MAX,
        )

    def _headers(self, key: str) -> dict[str, str]:
        # For checks and cancels too: docs/horde-api.md#headers-and-keys.
        headers = {"Client-Agent": self.client_agent, "Accept": "application/json"}
        if key:
            headers["apikey"] = _sendable(key)
        return headers


class Calls:
    """A group of calls; the client is made of several."""

    def __init__(self, transport: Transport) -> None:
        self._request = transport.request

    async def _one(self, model: type[M], verb: str, route: str, **parts: Unpack[CallParts]) -> M:
        """The object that the server answers with."""
        return read_as(model, (await self._request(verb, route, **parts)).body)

    async def _many(
        self, model: type[M], verb: str, route: str, **parts: Unpack[CallParts]
    ) -> tuple[M, ...]:
        """The list of objects that the server answers with."""
        return read_list(model, (await self._request(verb, route, **parts)).body)

    async def _named(
        self, model: type[M], verb: str, route: str, **parts: Unpack[CallParts]
    ) -> dict[str, M]:
        """The object of objects that the server answers with."""
        return read_named(model, (await self._request(verb, route, **parts)).body)


def _sendable(key: str) -> str:
    """The key, if it is valid in a header; it is never quoted."""
    if key.isascii() and key.isprintable() and len(key) <= 256:
        return key
    code = meaning("InvalidAPIKey")
    raise RequestRejected(code.sentence, rc="InvalidAPIKey", private=code.private)


def _filled(route: str, path: Mapping[str, str]) -> str:
    # A dot alone would be a folder; everything else is quoted.
    parts = {name: quote(text, safe="", errors="replace") for name, text in path.items()}
    return route.format_map(
        {k: v.replace(".", "%2E") if set(v) == {"."} else v for k, v in parts.items()}
    )


def _queried(query: Mapping[str, object]) -> str:
    pairs = [(name, _plain(each)) for name, value in query.items() for each in _values(value)]
    return "?" + urlencode(pairs, errors="replace") if pairs else ""


def _values(value: object) -> tuple[object, ...]:
    """The values of a name of a query: several for a tuple, none for None."""
    if isinstance(value, tuple):
        return cast("tuple[object, ...]", value)
    return () if value is None else (value,)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answer(reply: Reply, body: Any) -> Success:
    retry_after = _seconds(reply.headers.get("Retry-After"))
    if not 200 <= reply.status < 300:
        raise refusal_of(reply.status, body, retry_after=retry_after)
    if body is None:
        text = "The Horde's answer was no data, or broke off."
        raise BackendDown(text, status=reply.status, in_doubt=True)
    return Success(body, _limit(reply.headers.get("X-RateLimit-Limit")))


def _decoded(raw: bytes | None) -> Any:
    """The JSON, None when there is none (`null` counts as none)."""
    if raw is None:
        return None
    try:
        # A lone surrogate can be written in JSON but nowhere else.
        return _mended(decoded(raw)) if b"\\ud" in raw.lower() else decoded(raw)
    except RecursionError:
        return None


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_mended(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {_mended(name): _mended(item) for name, item in pairs}
    return value


def _seconds(header: str | None) -> float | None:
    try:
        seconds = float(header or "")
    except ValueError:  # absent, or a date: the Horde's limiter sends seconds
        return None
    return min(seconds, RETRY_MAX) if seconds >= 0 else None


def _limit(header: str | None) -> int | None:
    return (
        int(header)
        if header and header.isascii() and header.isdigit() and len(header) < 10
        else None
    )
