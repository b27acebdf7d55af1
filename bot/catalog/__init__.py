"""Models and what suits them: autocomplete, choice for a newcomer, sizes. From memory only."""

from bot.catalog.baselines import SHAPES, Baseline, Shape, baseline, shape
from bot.catalog.catalog import Catalog
from bot.catalog.defaults import ImageDefaults, defaults_for
from bot.catalog.texts import is_safe_text

__all__ = [
    "SHAPES",
    "Baseline",
    "Catalog",
    "ImageDefaults",
    "Shape",
    "baseline",
    "defaults_for",
    "is_safe_text",
    "shape",
]
