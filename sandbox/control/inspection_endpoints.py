"""Endpoints that show messages, events, calls and tokens."""

import logging
from dataclasses import asdict

from aiohttp import web

from sandbox.discord.messages.message_store import Message
from sandbox.discord.rest.bodies import json_response
from sandbox.discord.state import Discord

log = logging.getLogger(__name__)

DEFAULT_LIMIT = 50  # messages, the default limit


class InspectionEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/messages", self.messages),
            web.get("/messages/{id}", self.message),
            web.get("/events", self.events),
            web.get("/calls", self.calls),
            web.get("/secrets", self.secrets),
        ]

    async def messages(self, request: web.Request) -> web.Response:
        """The newest messages of a channel that the viewer can see, oldest first.

        Without a viewer all messages are listed.
        """
        query = request.query
        viewer, limit = query.get("viewer"), int(query.get("limit", DEFAULT_LIMIT))
        found: list[Message] = []
        for message in self._discord.messages.newest(query.get("channel_id", "")):
            if len(found) >= limit:
                break
            if viewer is None or self._discord.can_see(viewer, message):
                found.append(message)
        shown = [self._discord.message_json(message) for message in reversed(found)]
        return json_response({"messages": shown})

    async def message(self, request: web.Request) -> web.Response:
        """One message with its history; without a viewer also a deleted or ephemeral one."""
        message = self._message(request)
        viewer = request.query.get("viewer")
        if viewer is not None and not self._discord.can_see(viewer, message):
            raise web.HTTPNotFound(text="this person sees no such message")
        history = [{"at": version.at, "body": version.body} for version in message.history]
        return json_response(
            self._discord.message_json(message) | {"deleted": message.deleted, "history": history}
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Send server-sent events until the page disconnects."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await response.prepare(request)
        await response.write(b": watching\n\n")
        subscriber = self._discord.event_stream.subscribe(request.query.get("viewer"))
        try:
            while (block := await subscriber.queue.get()) is not None:
                await response.write(block)
        except ConnectionError:
            log.debug("a page left")
        finally:
            self._discord.event_stream.unsubscribe(subscriber)
        return response

    async def calls(self, request: web.Request) -> web.Response:
        since, server = int(request.query.get("since", 0)), request.query.get("server")
        calls = self._discord.faults.calls_after(since)
        return json_response(
            {"calls": [asdict(call) for call in calls if server in (None, call.server)]}
        )

    async def secrets(self, _: web.Request) -> web.Response:
        """The interaction tokens and the bot token, for tests that search for leaked ones."""
        tokens = self._discord.interactions.tokens()
        return json_response(
            {"tokens": tokens, "bot_token": self._discord.gateway.payload_handler.last_token}
        )

    def _message(self, request: web.Request) -> Message:
        message = self._discord.messages.get(request.match_info["id"])
        if message is None:
            raise web.HTTPNotFound(text="there is no such message")
        return message
