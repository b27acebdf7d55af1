"""Result bytes on disk until they have been shown."""

import asyncio
import errno
import logging
import os
import re
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.errors import SpoolError
from bot.storage.atomic_file import PART, write_whole

log = logging.getLogger(__name__)

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}")
_GRACE = 900.0  # s; a younger file may belong to a request that `keep` did not know yet
_ROOM = 0.8  # a sweep over quota goes down to this, so that the next results find room
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    size: int
    written: float  # UTC seconds


class ResultFiles:
    """A folder of files under names of our own, with a quota in bytes and an age in days."""

    def __init__(self, folder: Path, *, quota: int, days: float) -> None:
        self._folder = folder
        self.quota = quota
        self._age = days * 86_400
        self._used: int | None = None  # bytes; counted at the first put
        self._counting = asyncio.Lock()
        self.crowded = asyncio.Event()  # something found no room: sweep now

    async def put(self, name: str, data: bytes) -> None:
        """Keep `data`, whole or not at all; an older file of that name is replaced.

        Raises SpoolError when the quota or the disk is full.
        """
        path = self._path(name)
        if await self.size() + len(data) > self.quota:
            self.crowded.set()
            raise SpoolError(
                "There is no room for more results: [store] spool_megabytes is used up."
            )
        self._release(-len(data))  # before the write: others put meanwhile
        try:
            self._release(await _in_thread(lambda: _replace(path, data)))
        except SpoolError:
            self._release(len(data))
            raise

    async def size(self) -> int:
        """Bytes that are kept now."""
        async with self._counting:
            if self._used is None:
                self._used = sum(file.size for file in await _in_thread(self._files))
            return self._used

    async def get(self, name: str) -> bytes:
        """The bytes kept under that name. Raises SpoolError, `gone` when there are none."""
        path = self._path(name)
        return await _in_thread(path.read_bytes)

    async def drop(self, names: Iterable[str]) -> None:
        """Forget these; a name that is not there is no error."""
        paths = [self._path(name) for name in names]
        freed = await _in_thread(lambda: sum(_unlink(path) for path in paths))
        self._release(freed)

    async def drop_of(self, numbers: Collection[int]) -> None:
        """Forget every file of those requests: results, and pictures that they started from."""
        starts = {str(number) for number in numbers}

        def find() -> list[str]:
            names = (file.path.name for file in self._files())
            return [name for name in names if name.partition("-")[0] in starts]

        await self.drop(await _in_thread(find))

    async def sweep(self, keep: Collection[str], last: Collection[str] = ()) -> int:
        """Remove what is neither in `keep` nor young: the old, and over quota the oldest.

        What is in `last` never gets too old, and goes when nothing else makes room. Gives how many
        files went. Run it at the start, every hour or so, and when it is `crowded`.
        """
        kept, dear, crowded = frozenset(keep), frozenset(last), self.crowded.is_set()
        self.crowded.clear()
        now = time.time()
        gone, freed = await _in_thread(lambda: self._sweep(kept, dear, now, crowded=crowded))
        self._release(freed)
        if gone:
            log.info("spool: removed %d files, %d bytes", gone, freed)
        return gone

    def _release(self, freed: int) -> None:
        if self._used is not None:
            self._used -= freed

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise SpoolError("That is no name of a kept result.", gone=True)
        return self._folder / name

    def _files(self) -> list[_File]:
        if not self._folder.exists():
            return []
        found: list[_File] = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # renamed or dropped since it was listed
                    stat = entry.stat()
                    if entry.is_file():
                        found.append(_File(Path(entry.path), stat.st_size, stat.st_mtime))
        return sorted(found, key=lambda file: file.written)

    def _sweep(
        self, keep: frozenset[str], dear: frozenset[str], now: float, *, crowded: bool
    ) -> tuple[int, int]:
        files = self._files()
        used = sum(file.size for file in files)
        target = int(self.quota * _ROOM) if crowded or used > self.quota else used
        gone = freed = 0
        for file in sorted(files, key=lambda file: file.path.name in dear):  # else oldest first
            name, age = file.path.name, now - file.written
            if name in keep or age < _GRACE:
                continue
            too_old = name.startswith(PART) or (age > self._age and name not in dear)
            if too_old or used - freed > target:
                freed += _unlink(file.path)
                gone += 1
        return gone, freed


def _replace(path: Path, data: bytes) -> int:
    """Bytes freed: the size of the file that was there before."""
    before = path.stat().st_size if path.exists() else 0
    write_whole(path, data)
    return before


def _unlink(path: Path) -> int:
    try:
        size = path.stat().st_size
        path.unlink()
    except FileNotFoundError:
        return 0
    return size


async def _in_thread(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except FileNotFoundError:
        raise SpoolError("This result is not kept any more.", gone=True) from None
    except OSError as error:
        if error.errno in _FULL:
            raise SpoolError("The disk is full: this result cannot be kept.") from error
        raise SpoolError(f"A result cannot be kept or read: {error.strerror}.") from error
