"""Writes a file completely or not at all, and syncs its folder."""

import os
import secrets
from pathlib import Path
from typing import BinaryIO

PART = ".part-"  # a file being written; no other name begins with a dot
_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows would translate line ends


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, readable by the owner alone; a crash leaves the old or the new file.

    Raises OSError.
    """
    file = new_part(path.parent)
    try:
        file.write(data)
        keep_part(file, path)
    finally:
        drop_part(file)


def new_part(folder: Path) -> BinaryIO:
    """A new file there that is not whole yet; `drop_part` ends it. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / (PART + secrets.token_hex(8))
    return open(part, "x+b", opener=_private)


def keep_part(file: BinaryIO, path: Path) -> None:
    """Give a written file its name: a crash leaves the old or the new file. Raises OSError."""
    file.flush()
    os.fsync(file.fileno())
    file.close()  # Windows renames no open file
    Path(file.name).replace(path)
    sync_folder(path.parent)


def drop_part(file: BinaryIO) -> None:
    """Close the file, and delete it unless it was kept."""
    file.close()
    Path(file.name).unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | _BINARY, 0o600)


def sync_folder(folder: Path) -> None:
    """Make new and renamed files of `folder` survive a power cut. Windows has no such call."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
