"""Who may change what is for a whole server. Discord says it with every interaction."""

from bot.ui.server.changes import managed_guild

__all__ = ["managed_guild"]
