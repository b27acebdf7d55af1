"""Serves the files of the chat page from their folder, so that a reload shows edits."""

from pathlib import Path

from aiohttp import web

HEADERS = {  # a meta element of the page limits what it loads; these work as headers only
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FOLDER = Path(__file__).parents[1] / "page"


async def serve(request: web.Request) -> web.StreamResponse:
    """Serve a file of the page; the root path is index.html."""
    wanted = (FOLDER / (request.match_info.get("path") or "index.html")).resolve()
    if not wanted.is_relative_to(FOLDER) or not wanted.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(wanted, headers=HEADERS)
