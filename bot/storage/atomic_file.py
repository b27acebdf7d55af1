"""Writes a file completely or not at all, and syncs its folder."""

import os
import secrets
from pathlib import Path

PART = ".part-"  # a file being written; no other name begins with a dot
_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows would translate line ends


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, readable by the owner alone; a crash leaves the old or the new file.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(PART + secrets.token_hex(8))
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new and renamed files of `folder` survive a power cut. Windows has no such call."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
