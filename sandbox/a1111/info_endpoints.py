"""The endpoints that answer at once: progress, interrupt, options, lists."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter

from sandbox.a1111 import catalogue, pictures
from sandbox.a1111.errors import json_response
from sandbox.a1111.state import A1111State

LISTS: dict[str, Callable[[], Any]] = {
    "/sd-models": lambda: [each.to_json() for each in catalogue.CHECKPOINTS],
    "/samplers": lambda: catalogue.SAMPLERS,
    "/schedulers": lambda: catalogue.SCHEDULERS,
    "/upscalers": catalogue.upscalers_json,
    "/latent-upscale-modes": lambda: [{"name": name} for name in catalogue.LATENT_UPSCALERS],
    "/loras": catalogue.loras_json,
    "/embeddings": catalogue.embeddings_json,
    "/scripts": lambda: {kind: list(names) for kind, names in catalogue.SCRIPTS.items()},
    "/face-restorers": lambda: [
        {"name": name, "cmd_dir": None} for name in ("CodeFormer", "GFPGAN")
    ],
    "/prompt-styles": list[Any],
    "/hypernetworks": list[Any],
}
OPTIONS = TypeAdapter(dict[str, Any])  # of any names and values
GIGABYTE = 1024**3


class InfoEndpoints:
    """They do not wait for the card."""

    def __init__(self, state: A1111State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/progress", self.progress),
            web.post("/interrupt", self.interrupt),
            web.post("/skip", self.skip),
            web.get("/options", self.options),
            web.post("/options", self.change_options),
            web.get("/memory", self.memory),
            web.get("/cmd-flags", self.flags),
            web.get("/sd-vae", self.vaes),
            web.get("/sd-modules", self.modules),
            web.post("/refresh-checkpoints", self.refresh),
            web.post("/refresh-loras", self.refresh),
            *(web.get(path, _list_endpoint(made)) for path, made in LISTS.items()),
        ]

    async def progress(self, request: web.Request) -> web.Response:
        progress = self._state.progress
        hidden = request.query.get("skip_current_image", "").lower() in ("true", "1", "yes", "on")
        body = {
            "progress": progress.fraction(),
            "eta_relative": progress.eta(),
            "state": progress.state(),
            "current_image": None if hidden else await self._preview(),
            "textinfo": None,
        }
        return json_response(body)

    async def _preview(self) -> str | None:
        """The preview, which changes each `show_progress_every_n_steps` steps only."""
        progress, options = self._state.progress, self._state.options
        every = int(options["show_progress_every_n_steps"])
        if progress.preview is None or not options["live_previews_enable"] or every < 1:
            return None
        step = progress.sampling_step // every * every
        if not step:
            return None
        data = await asyncio.to_thread(progress.preview, step / progress.sampling_steps)
        return pictures.as_base64(data)

    async def interrupt(self, _: web.Request) -> web.Response:
        """End the job that runs; jobs that wait are not changed."""
        self._state.progress.interrupt()
        return json_response({})

    async def skip(self, _: web.Request) -> web.Response:
        """End the iteration that runs; the job goes on with its next one."""
        self._state.progress.skip()
        return json_response(None)

    async def options(self, _: web.Request) -> web.Response:
        return json_response(self._state.options)

    async def change_options(self, request: web.Request) -> web.Response:
        """Change options. The web UI then loads a new checkpoint, for which it needs the card.

        Forge leaves that to the next job.
        """
        state = self._state
        state.set_options(OPTIONS.validate_python(await request.json()))
        if state.needs_load and not state.settings.forge:
            async with state.card:
                await state.load_chosen()
        return json_response(None)

    async def memory(self, _: web.Request) -> web.Response:
        ram = {"free": 24 * GIGABYTE, "used": 8 * GIGABYTE, "total": 32 * GIGABYTE}
        system = {"free": 4 * GIGABYTE, "used": 4 * GIGABYTE, "total": 8 * GIGABYTE}
        amounts = {"current": 2 * GIGABYTE, "peak": 6 * GIGABYTE}
        cuda = dict.fromkeys(("active", "allocated", "reserved", "inactive"), amounts)
        events = {"retries": 0, "oom": 0}
        return json_response({"ram": ram, "cuda": {"system": system, **cuda, "events": events}})

    async def flags(self, _: web.Request) -> web.Response:
        """The command line. The real one contains the credentials of --api-auth too."""
        flags = {"api": True, "api_auth": self._state.settings.auth, "api_log": False}
        return json_response({**flags, "medvram": False, "lowvram": False, "listen": False})

    async def vaes(self, _: web.Request) -> web.Response:
        if self._state.settings.forge:
            raise web.HTTPNotFound
        return json_response(catalogue.vaes_json())

    async def modules(self, _: web.Request) -> web.Response:
        """Forge has this list of VAEs and text encoders instead of /sd-vae."""
        if not self._state.settings.forge:
            raise web.HTTPNotFound
        return json_response(catalogue.vaes_json())

    async def refresh(self, _: web.Request) -> web.Response:
        return json_response(None)


def _list_endpoint(made: Callable[[], Any]) -> Callable[[web.Request], Any]:
    async def answer(_: web.Request) -> web.Response:
        return json_response(made())

    return answer
