"""Store: every SQL statement of the bot."""

from bot.storage.guilds import DepartureRows
from bot.storage.history import HistoryRows
from bot.storage.moderation import BlockRows, ReportRows
from bot.storage.resealing import ResealingRows
from bot.storage.spending import NoRoom, SpendingRows


class Store(HistoryRows, DepartureRows, ReportRows, BlockRows, SpendingRows, ResealingRows):
    """All tables behind one door; keys and settings are with what servers leave behind."""


__all__ = ["NoRoom", "Store"]
