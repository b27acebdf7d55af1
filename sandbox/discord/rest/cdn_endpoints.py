"""Serves attachments and avatars."""

from aiohttp import web

from sandbox.discord.messages.attachments import avatar
from sandbox.discord.state import Discord

SIZES = {str(2**power) for power in range(4, 13)}  # of an avatar, in pixels
NOT_AVAILABLE = "This content is no longer available."


class CdnEndpoints:
    """The CDN: attachments under /cdn, avatars at the paths of Discord's CDN."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord

    def app(self) -> web.Application:
        """The application mounted under /cdn; its route in fault rules is GET /cdn/{file}."""
        faults = self._discord.faults.middleware("discord", lambda _: "GET /cdn/{file}")
        app = web.Application(middlewares=[faults])
        app.router.add_get("/{folder}/{channel}/{file}/{name}", self._attachment)
        return app

    def avatar_routes(self) -> list[web.RouteDef]:
        return [
            web.get("/avatars/{user}/{name}", self._avatar),
            web.get("/embed/avatars/{user}", self._avatar),
            web.get("/emojis/{name}", self._emoji),
        ]

    async def _attachment(self, request: web.Request) -> web.Response:
        query = request.query
        found = self._discord.cdn.read(
            request.match_info["file"], query.get("ex", "0"), query.get("hm", "")
        )
        if found is None:
            raise web.HTTPNotFound(text=NOT_AVAILABLE)
        attachment, data = found
        known = attachment.content_type or "application/octet-stream"
        content_type = known.partition(";")[0].strip()
        # An uploaded file must not run as a page of the sandbox's origin.
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return web.Response(body=data, content_type=content_type, headers=headers)

    async def _emoji(self, request: web.Request) -> web.Response:
        emoji = self._discord.emojis.get(request.match_info["name"].partition(".")[0])
        if emoji is None:
            raise web.HTTPNotFound(text="Invalid resource.")
        return web.Response(body=emoji.picture, content_type="image/png")

    async def _avatar(self, request: web.Request) -> web.Response:
        size = request.query.get("size", "")
        if size and size not in SIZES:
            raise web.HTTPBadRequest(text="Invalid resource.")
        name, _, _ = request.match_info.get("name", "").partition(".")
        if stored := self._discord.webhooks.picture(name):
            return web.Response(body=stored, content_type="image/png")
        seed = request.match_info["user"].partition(".")[0]
        picture = avatar(seed, int(size)) if size else avatar(seed)
        return web.Response(body=picture, content_type="image/png")
