"""Stores requests, settings and keys in SQLite, and result files on disk."""

from bot.storage.spending import NoRoom
from bot.storage.store import Store

__all__ = ["NoRoom", "Store"]
