"""The chat page's files, straight from the folder, so that an edit is seen on reload."""

from pathlib import Path

from aiohttp import web

HEADERS = {  # what the page may load stands in its own meta element; these work as headers only
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FOLDER = Path(__file__).parents[1] / "page"


async def serve(request: web.Request) -> web.StreamResponse:
    """A file of the page; the bare address is its index.html."""
    wanted = (FOLDER / (request.match_info.get("path") or "index.html")).resolve()
    if not wanted.is_relative_to(FOLDER) or not wanted.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(wanted, headers=HEADERS)
