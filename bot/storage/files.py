"""Result files on disk until they have been shown."""

import asyncio
import errno
import logging
import os
import re
import time
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from bot.errors import SpoolError
from bot.storage.atomic_file import PART, drop_part, keep_part, new_part, write_whole

log = logging.getLogger(__name__)

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}")
_GRACE = 900.0  # seconds; a younger file may belong to a request that `keep` does not have yet
_ROOM = 0.8  # share of the quota that a sweep leaves, so that the next results fit
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    size: int
    written: float  # UTC seconds


class ResultFiles:
    """A folder of files with names made by the bot, with a quota in bytes and an age in days."""

    def __init__(self, folder: Path, *, quota: int, days: float) -> None:
        self._folder = folder
        self.quota = quota
        self._age = days * 86_400
        self._used: int | None = None  # bytes; counted at the first put
        self._counting = asyncio.Lock()
        self.crowded = asyncio.Event()  # a result did not fit: sweep now

    async def put(self, name: str, data: bytes) -> None:
        """Store `data` completely or not at all; an older file of that name is replaced.

        Raises SpoolError when the quota or the disk is full.
        """
        path = self._path(name)
        await self._store(path, len(data), lambda: write_whole(path, data))

    @asynccontextmanager
    async def receiving(self) -> AsyncGenerator[BinaryIO]:
        """An empty file for a large result, deleted unless `keep` was called. Raises SpoolError."""
        file = await _in_thread(lambda: new_part(self._folder))
        try:
            yield file
        finally:
            await asyncio.to_thread(drop_part, file)

    async def keep(self, name: str, file: BinaryIO) -> None:
        """Store a file of `receiving`, which is written to its end. Raises SpoolError as `put`."""
        path = self._path(name)
        await self._store(path, file.tell(), lambda: keep_part(file, path))

    async def _store(self, path: Path, size: int, write: Callable[[], None]) -> None:
        if await self.size() + size > self.quota:
            self.crowded.set()
            raise SpoolError(
                "There is no room for more results: [store] spool_megabytes is used up."
            )
        self._release(-size)  # before the write: other results are stored meanwhile
        try:
            self._release(await _in_thread(lambda: _replaced(path, write)))
        except SpoolError:
            self._release(size)
            raise

    async def size(self) -> int:
        """Bytes of all files."""
        async with self._counting:
            if self._used is None:
                self._used = sum(file.size for file in await _in_thread(self._files))
            return self._used

    async def get(self, name: str) -> bytes:
        """The bytes of the file of that name. Raises SpoolError, `gone` if there is no file."""
        path = self._path(name)
        return await _in_thread(path.read_bytes)

    def path_of(self, name: str) -> Path:
        """Where the file of that name is, if it is there. Raises SpoolError for another name."""
        return self._path(name)

    async def total(self, names: Iterable[str]) -> int:
        """Bytes of these together; a name that is not there counts nothing."""
        paths = [self._path(name) for name in names]
        return await _in_thread(lambda: sum(map(_size, paths)))

    async def drop(self, names: Iterable[str]) -> None:
        """Delete these files; a missing one is no error."""
        paths = [self._path(name) for name in names]
        freed = await _in_thread(lambda: sum(_unlink(path) for path in paths))
        self._release(freed)

    async def drop_of(self, numbers: Collection[int]) -> None:
        """Delete every file of those requests: results and source pictures."""
        starts = {str(number) for number in numbers}

        def find() -> list[str]:
            names = (file.path.name for file in self._files())
            return [name for name in names if name.partition("-")[0] in starts]

        await self.drop(await _in_thread(find))

    async def sweep(self, keep: Collection[str], last: Collection[str] = ()) -> int:
        """Delete files that are not in `keep`: the old ones, and over quota the oldest. Returns how
        many.

        Young ones stay. Files in `last` are never too old, and are deleted last. Run it at the
        start, every hour or so, and when `crowded` is set.
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
                with suppress(FileNotFoundError):  # renamed or deleted since it was listed
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
        for file in sorted(files, key=lambda file: file.path.name in dear):  # the rest oldest first
            name, age = file.path.name, now - file.written
            if name in keep or age < _GRACE:
                continue
            too_old = name.startswith(PART) or (age > self._age and name not in dear)
            if too_old or used - freed > target:
                freed += _unlink(file.path)
                gone += 1
        return gone, freed


def _replaced(path: Path, write: Callable[[], None]) -> int:
    """Freed bytes: the size of the replaced file."""
    before = _size(path)
    write()
    return before


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


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
