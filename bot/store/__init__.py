"""Store: every SQL statement of the bot."""

from bot.store.blocks import BlockRows
from bot.store.guilds import GuildRows
from bot.store.history import HistoryRows
from bot.store.personal import PersonRows
from bot.store.reports import ReportRows
from bot.store.spending import NoRoom, SpendingRows


class Store(HistoryRows, PersonRows, ReportRows, GuildRows, BlockRows, SpendingRows):
    """All tables behind one door; keys and what people keep are among what is personal."""


__all__ = ["NoRoom", "Store"]
