"""Store: every SQL statement of the bot."""

from bot.store.blocks import BlockRows
from bot.store.departures import DepartureRows
from bot.store.history import HistoryRows
from bot.store.reports import ReportRows
from bot.store.rotation import RotationRows
from bot.store.spending import NoRoom, SpendingRows


class Store(HistoryRows, DepartureRows, ReportRows, BlockRows, SpendingRows, RotationRows):
    """All tables behind one door; keys and settings are with what servers leave behind."""


__all__ = ["NoRoom", "Store"]
