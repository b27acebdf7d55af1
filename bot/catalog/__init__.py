"""Models, styles and LoRAs, and what suits them: searched, chosen, described. From memory only."""

from bot.catalog.baselines import SHAPES, Baseline, Shape, baseline, shape
from bot.catalog.catalog import Catalog
from bot.catalog.defaults import ImageDefaults, defaults_for
from bot.catalog.facts import Addon, ModelFacts, Style
from bot.catalog.finder import mark
from bot.catalog.public import Public, open_public
from bot.catalog.texts import is_safe_text

__all__ = [
    "SHAPES",
    "Addon",
    "Baseline",
    "Catalog",
    "ImageDefaults",
    "ModelFacts",
    "Public",
    "Shape",
    "Style",
    "baseline",
    "defaults_for",
    "is_safe_text",
    "mark",
    "open_public",
    "shape",
]
