"""Store: every SQL statement of the bot."""

from bot.store.accounts import AccountRows
from bot.store.guilds import GuildRows
from bot.store.history import HistoryRows
from bot.store.memory import MemoryRows
from bot.store.reports import ReportRows


class Store(HistoryRows, AccountRows, MemoryRows, ReportRows, GuildRows):
    """All tables behind one door."""


__all__ = ["Store"]
