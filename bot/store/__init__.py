"""Store: every SQL statement of the bot."""

from bot.store.accounts import AccountRows
from bot.store.blocks import BlockRows
from bot.store.guilds import GuildRows
from bot.store.history import HistoryRows
from bot.store.memory import MemoryRows
from bot.store.reports import ReportRows
from bot.store.spending import NoRoom, SpendingRows


class Store(HistoryRows, AccountRows, MemoryRows, ReportRows, GuildRows, BlockRows, SpendingRows):
    """All tables behind one door."""


__all__ = ["NoRoom", "Store"]
