"""Pictures: checked and stripped as containers, decoded only in a child process."""

from bot.pictures.containers import inspect, strip
from bot.pictures.converter import Converter
from bot.pictures.facts import Facts

__all__ = ["Converter", "Facts", "inspect", "strip"]
