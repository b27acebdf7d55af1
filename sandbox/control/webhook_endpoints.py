"""Endpoint by which a manager of a guild deletes a webhook."""

from aiohttp import web

from sandbox.discord.rest.bodies import no_content
from sandbox.discord.state import Discord


class WebhookEndpoints:
    """Endpoints for webhooks of channels."""

    def __init__(self, discord: Discord) -> None:
        self._webhooks = discord.webhooks

    def routes(self) -> list[web.RouteDef]:
        return [web.delete("/webhooks/{id}", self.delete)]

    async def delete(self, request: web.Request) -> web.Response:
        webhook = self._webhooks.get(request.match_info["id"])
        if webhook is None:
            raise web.HTTPNotFound(text="there is no such webhook")
        self._webhooks.remove(webhook.id)
        return no_content()
