"""One public file: downloaded only when it has changed, with a copy on disk."""

import asyncio
import logging
from pathlib import Path

import aiohttp
from aiohttp import hdrs

from bot.errors import BackendDown, BadReply
from bot.http.client import exchange
from bot.i18n import _
from bot.storage.atomic_file import write_whole

log = logging.getLogger(__name__)

SIZE_MAX = 8 * 1024 * 1024  # bytes; the largest, all models, has half a megabyte
SECONDS = 30.0
ETAG_MAX = 200


class PublicFile:
    """The file at `url`, with its copy in `folder`."""

    def __init__(self, session: aiohttp.ClientSession, url: str, folder: Path, name: str) -> None:
        self.name = name
        self._session = session
        self._url = url
        self._copy = folder / f"reference-{name}.json"
        self._tag_file = folder / f"reference-{name}.etag"
        self._tag = ""

    async def last(self) -> bytes | None:
        """The copy on disk, if there is one of this address."""
        return await asyncio.to_thread(self._read)

    async def fresh(self) -> tuple[bytes, str] | None:
        """The file and its mark; None when it has not changed. Raises BackendDown, BadReply."""
        if not self._url:
            return None
        headers: dict[str, str] = {hdrs.ACCEPT: "application/json"} | (
            {"If-None-Match": self._tag} if self._tag else {}
        )
        reply = await exchange(
            self._session, "GET", self._url, headers=headers, seconds=SECONDS, cap=SIZE_MAX
        )
        if reply.status == 304 and self._tag:
            return None
        if reply.status != 200 or reply.raw is None:
            too_large = reply.status == 200
            answered = _("The server answered with the HTTP status {status}.")
            why = _("The file is too large.") if too_large else answered
            why = why.format(status=reply.status)
            raise BackendDown(why) if reply.status >= 500 else BadReply(why)
        tag = reply.headers.get("ETag", "")
        return reply.raw, tag if len(tag) <= ETAG_MAX and tag.isascii() else ""

    async def keep(self, raw: bytes, tag: str) -> None:
        """Keep a copy that could be read: from now on only a newer file is downloaded."""
        self._tag = tag
        await asyncio.to_thread(self._write, raw, tag)

    def _read(self) -> bytes | None:
        try:
            url, _, tag = self._tag_file.read_text(encoding="utf-8").partition("\n")
            if not self._url or url != self._url:
                return None
            raw = self._copy.read_bytes()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("the stored %s cannot be read: %s", self.name, type(error).__name__)
            return None
        self._tag = tag
        return raw

    def forget(self) -> None:
        """Drop an unusable copy: download the whole file next time."""
        self._tag = ""

    def _write(self, raw: bytes, tag: str) -> None:
        try:
            # Without a mark while the two differ: a crash in between costs one download.
            write_whole(self._tag_file, f"{self._url}\n".encode())
            write_whole(self._copy, raw)
            write_whole(self._tag_file, f"{self._url}\n{tag}".encode())
        except OSError as error:
            log.warning("%s cannot be stored: %s", self.name, error.strerror)
