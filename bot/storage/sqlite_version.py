"""Checks that the SQLite of this Python has the needed features."""

import sqlite3
from contextlib import closing

from bot.errors import StoreError

# STRICT tables came with 3.37.0; JSON functions can be left out of builds before 3.38.0.
MINIMUM = (3, 37, 0)
NEEDED = "3.37 with JSON functions"
REMEDY = "Use a newer Python or operating system, or the container image."


def check_sqlite() -> None:
    """Raise StoreError when the SQLite library is too old or lacks the JSON functions."""
    if sqlite3.sqlite_version_info < MINIMUM or not _has_json():
        version = sqlite3.sqlite_version
        raise StoreError(
            f"SQLite {NEEDED} is required, and the installed version is {version}. {REMEDY}"
        )


def _has_json() -> bool:
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute("SELECT json_extract('{}', '$.a'), value FROM json_each('[]')")
        except sqlite3.OperationalError:
            return False
    return True
