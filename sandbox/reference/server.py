"""Serves the reference files with ETags, and the sample images."""

import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.workers.image_drawing import draw_landscape
from sandbox.reference import civitai
from sandbox.reference.model_host.endpoints import ModelHost
from sandbox.reference.model_host.records import text_models
from sandbox.reference.models import models
from sandbox.reference.styles import CATEGORIES, ENHANCEMENTS, STYLES, previews

PREFIX = "/reference"
SIDE = 320
FILES: dict[str, Callable[[str], Any]] = {
    "models.json": models,
    "text_models.json": lambda _: text_models(),
    "styles.json": lambda _: STYLES,
    "categories.json": lambda _: CATEGORIES,
    "previews.json": previews,
    "enhancements.json": lambda _: ENHANCEMENTS,
}


def build_app(faults: Faults, horde: HordeState | None = None) -> web.Application:
    """Build the application for /reference; fault rules call the server "reference".

    `horde`: has the live numbers for /reference/api, the model reference host. That is part of the
    newer version of the Horde only.
    """
    app = web.Application(middlewares=[faults.middleware("reference", _route_of)])
    if horde is not None and horde.settings.newer:
        app.router.add_routes(ModelHost(horde).routes())
    app.router.add_get("/civitai/models", _search)
    app.router.add_get("/picture/{seed:[0-9]+}-{side:[0-9]}.png", _picture)
    app.router.add_get("/{file}", _file)
    return app


def _route_of(request: web.Request) -> str:
    name = request.path.removeprefix(PREFIX)
    return f"GET {'/picture' if name.startswith('/picture/') else name}"


async def _file(request: web.Request) -> web.Response:
    made = FILES.get(request.match_info["file"])
    if made is None:
        raise web.HTTPNotFound
    body = json.dumps(made(_base(request))).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    # The real host serves them as plain text too.
    return web.Response(body=body, content_type="text/plain", headers={"ETag": tag})


async def _search(request: web.Request) -> web.Response:
    query = request.query
    nsfw = query.get("nsfw", "true") != "false"
    found = civitai.search(
        query.get("types", "LORA"), query.get("query", ""), nsfw=nsfw, base=_base(request)
    )
    return web.json_response(found)


async def _picture(request: web.Request) -> web.Response:
    seed = int(request.match_info["seed"][:9]) * 10 + int(request.match_info["side"])
    out = io.BytesIO()
    draw_landscape(SIDE, SIDE, seed).save(out, "PNG")
    return web.Response(body=out.getvalue(), content_type="image/png")


def _base(request: web.Request) -> str:
    return f"http://{request.host}{PREFIX}"
