"""Server-sent events in the form of OpenAI: `data: {…}` and a last `data: [DONE]`."""

import json
from typing import Any, Self

from aiohttp import web

from sandbox.fault_rules import send_piece


class EventStream:
    """An open stream. Its methods raise ConnectionError when the client is gone."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self._request = request
        self.response = response

    @classmethod
    async def open(cls, request: web.Request) -> Self:
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        return cls(request, response)

    async def send(self, body: dict[str, Any]) -> None:
        await self._send(f"data: {json.dumps(body)}\n\n")

    async def comment(self, text: str) -> None:
        """A line that clients have to ignore; some servers send it to keep a connection open."""
        await self._send(f": {text}\n\n")

    async def end(self) -> None:
        await self._send("data: [DONE]\n\n")
        await self.response.write_eof()

    async def _send(self, event: str) -> None:
        transport = self._request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client closed the stream")
        await send_piece(self._request, self.response, event.encode())
