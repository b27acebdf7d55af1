"""The chat page's files, straight from the folder, so that an edit is seen on reload."""

from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parents[1] / "page"


async def serve(request: web.Request) -> web.StreamResponse:
    """A file of the page; the bare address is its index.html."""
    wanted = (FOLDER / (request.match_info.get("path") or "index.html")).resolve()
    if not wanted.is_relative_to(FOLDER) or not wanted.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(wanted, headers={"Cache-Control": "no-cache"})
