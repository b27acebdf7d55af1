"""A call to the Horde: its address, its headers, and its answer as JSON or as a typed error."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote, urlencode

import aiohttp

from bot.errors import BackendDown, RequestRejected
from bot.horde.error_codes import meaning
from bot.horde.error_mapping import refusal_of
from bot.http.client import TOTAL, Reply, exchange
from bot.http.json import decoded
from bot.http.schema import Sent

log = logging.getLogger(__name__)

JSON = {"Content-Type": "application/json"}
JSON_MAX = 8 * 1024 * 1024  # bytes; the largest answers (styles, models) are below 1 MB
RETRY_MAX = 3600.0  # seconds; a header cannot delay longer


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: its JSON, and its X-RateLimit-Limit (None where no limiter applies)."""

    body: Any
    rate_limit: int | None


class Transport:
    """Calls to one Horde. `url`: its base, as https://aihorde.net/api/v2."""

    def __init__(self, session: aiohttp.ClientSession, url: str, *, client_agent: str) -> None:
        self.session = session
        self.url = url.rstrip("/")
        self.client_agent = client_agent

    async def request(
        self,
        verb: str,
        route: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, object] | None = None,
        body: Sent | None = None,
        key: str = "",
        headers: Mapping[str, str] | None = None,
        seconds: float = TOTAL,
    ) -> Answer:
        """Call a route such as `/users/{user_id}`, which `path` fills.

        Query values of None are left out. `key` is sent in the `apikey` header only. Raises
        BackendError.
        """
        address = self.url + _filled(route, path or {}) + _queried(query or {})
        reply = await exchange(
            self.session,
            verb,
            address,
            headers={**self._headers(key), **(headers or {}), **(JSON if body else {})},
            data=body.model_dump_json(exclude_none=True).encode() if body else None,
            seconds=seconds,
            cap=JSON_MAX,
        )
        log.debug("%s %s: %d", verb, route, reply.status)
        return _answer(reply)

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

    async def _body(
        self,
        verb: str,
        route: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, object] | None = None,
        body: Sent | None = None,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        answer = await self._request(
            verb, route, path=path, query=query, body=body, key=key, headers=headers
        )
        return answer.body


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
    pairs = [(name, _plain(value)) for name, value in query.items() if value is not None]
    return "?" + urlencode(pairs, errors="replace") if pairs else ""


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answer(reply: Reply) -> Answer:
    retry_after = _seconds(reply.headers.get("Retry-After"))
    body = _decoded(reply.raw)
    if not 200 <= reply.status < 300:
        raise refusal_of(reply.status, body, retry_after=retry_after)
    if body is None:
        text = "The Horde's answer was no data, or broke off."
        raise BackendDown(text, status=reply.status, in_doubt=True)
    return Answer(body, _limit(reply.headers.get("X-RateLimit-Limit")))


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
