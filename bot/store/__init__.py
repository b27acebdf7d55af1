"""Store: every SQL statement of the bot."""

from bot.store.accounts import AccountRows
from bot.store.reports import ReportRows
from bot.store.requests import RequestRows


class Store(RequestRows, AccountRows, ReportRows):
    """All tables behind one door."""


__all__ = ["Store"]
