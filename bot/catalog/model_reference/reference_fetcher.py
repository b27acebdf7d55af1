"""Downloads the public files in the background and keeps one index of them in memory."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from bot.aio.repeat import repeat
from bot.catalog.cached_file import PublicFile
from bot.catalog.model_reference.hosted_guidance import HostedGuidance
from bot.catalog.model_reference.hosted_models import HostedModels
from bot.catalog.model_reference.prompt_formats import (
    PromptFormats,
    guidance_of,
    instruct_formats_of,
)
from bot.catalog.model_reference.reference_index import ReferenceIndex, library_of
from bot.catalog.model_reference.reference_parser import categories_of, models_of, previews_of
from bot.catalog.model_reference.style_parser import enhancements_of, styles_of
from bot.errors import BackendError, BadReply
from bot.settings import ReferenceSettings

log = logging.getLogger(__name__)

EVERY = 6 * 3600.0  # seconds; they change a few times a week
AGAIN = 300.0  # seconds before the next attempt after a failure; doubled up to EVERY
URL_MAX = 500  # characters of a link to a picture
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Read = Callable[[bytes], Any]
READERS: dict[str, Read] = {
    "models": models_of,
    "text_models": instruct_formats_of,
    "guidance": guidance_of,
    "styles": styles_of,
    "categories": categories_of,
    "previews": previews_of,
    "enhancements": enhancements_of,
}


class ReferenceFetcher:
    """`library`: the current index; `on_change` is called when it was replaced.

    Image models come from the host of the model reference; their file is read while it fails.
    """

    def __init__(
        self, settings: ReferenceSettings, session: aiohttp.ClientSession, folder: Path
    ) -> None:
        self.library = ReferenceIndex()
        self.on_change: Callable[[], None] = lambda: None
        urls = {
            "models": settings.models_url,
            "text_models": settings.text_models_url,
            "styles": settings.styles_url,
            "categories": settings.categories_url,
            "previews": settings.previews_url,
            "enhancements": settings.enhancements_url,
        }
        wanted = {name: url for name, url in urls.items() if url and settings.enabled}
        # The sources of each part, the preferred one first. They share the copy on disk.
        self._sources: dict[str, list[PublicFile]] = {
            name: [PublicFile(session, url, folder, name)] for name, url in wanted.items()
        }
        if "models" in wanted and settings.host_url:
            hosted = HostedModels(session, settings.host_url, folder, "models")
            self._sources["models"].insert(0, hosted)
        if settings.enabled and settings.host_url:
            hosted_guidance = HostedGuidance(session, settings.host_url, folder, "guidance")
            self._sources["guidance"] = [hosted_guidance]
        self._hosts = {URL(url).host or "" for url in wanted.values()}
        self._parts: dict[str, Any] = {}
        self._away: set[str] = set()

    async def run(self) -> None:
        """Load the stored copies, then the changed files every six hours, for ever."""
        await self.load()
        if self._sources:
            await repeat(self._refresh, again=AGAIN, longest=EVERY)

    async def _refresh(self) -> float | None:
        return EVERY if await self.refresh() else None

    async def load(self) -> None:
        """Load the copies from disk. A broken one is ignored."""
        for sources in self._sources.values():
            for file in sources:
                await self._load(file)
        self._build()

    async def _load(self, file: PublicFile) -> None:
        raw = await file.last()
        if raw is None:
            return
        try:
            self._parts[file.name] = await asyncio.to_thread(READERS[file.name], raw)
        except BadReply as error:
            log.warning("the stored %s cannot be read: %s", file.name, error)
            file.forget()

    async def refresh(self) -> bool:
        """Download each part once; False if one failed. Then its last copy stays."""
        fresh = [await self._ask(name) for name in self._sources]
        if any(fresh):
            self._build()
        return None not in fresh

    def shows(self, url: str) -> bool:
        """Whether Discord may load that picture: only from the host of the files themselves.

        https; plain http for a reference on this machine.
        """
        if len(url) > URL_MAX or not url.isascii() or not url.isprintable():
            return False
        try:
            link = URL(url)
        except ValueError:
            return False
        local = link.scheme == "http" and link.host in LOOPBACK
        return (link.scheme == "https" or local) and link.host in self._hosts and not link.user

    async def _ask(self, name: str) -> bool | None:
        """True: changed; False: unchanged; None: all sources of that part failed."""
        failed: BackendError | None = None
        for file in self._sources[name]:
            try:
                changed = await self._download(file)
            except BackendError as error:
                log.info("a source of the public %s failed: %s", name, type(error).__name__)
                failed = error
                continue
            if name in self._away:
                log.info("the public %s can be downloaded again", name)
            self._away.discard(name)
            return changed
        if name not in self._away:
            why = type(failed).__name__
            log.warning("the public %s cannot be downloaded (%s); the last copy is used", name, why)
        self._away.add(name)
        return None

    async def _download(self, file: PublicFile) -> bool:
        """Download it if it has changed. Raises BackendError."""
        found = await file.fresh()
        if found is not None:
            self._parts[file.name] = await asyncio.to_thread(READERS[file.name], found[0])
            await file.keep(*found)
        return found is not None

    def _build(self) -> None:
        parts = self._parts
        self.library = library_of(
            parts.get("models", {}),
            parts.get("styles", ()),
            parts.get("categories", {}),
            parts.get("previews", {}),
            parts.get("enhancements", {}),
            PromptFormats(parts.get("text_models", {}), parts.get("guidance", {})),
        )
        self.on_change()
