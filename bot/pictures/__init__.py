"""Image files: checked and stripped as containers, decoded only in a child process."""

from bot.pictures.converter import Converter
from bot.pictures.formats.facts import ImageFacts
from bot.pictures.formats.inspect import inspect, strip

__all__ = ["Converter", "ImageFacts", "inspect", "strip"]
