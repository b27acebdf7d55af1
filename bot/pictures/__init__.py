"""Pictures: checked and stripped as containers, decoded only in a child process."""

from bot.pictures.containers import inspect, strip
from bot.pictures.facts import Facts

__all__ = ["Facts", "inspect", "strip"]
