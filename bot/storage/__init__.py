"""Stores requests, settings and keys in SQLite, and result files on disk."""

from bot.storage.store import Store
from bot.storage.tables.spending import NoRoom

__all__ = ["NoRoom", "Store"]
