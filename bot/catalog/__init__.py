"""Models, styles and LoRAs, with suitable parameters: searched, chosen, described. From memory
only.
"""

from bot.catalog.baselines import Baseline, baseline, size_of_shape
from bot.catalog.catalog import Catalog
from bot.catalog.entries import Addon, ModelFacts, Style, StyleCollection
from bot.catalog.image_defaults import ImageDefaults, defaults_for
from bot.catalog.model_reference.reference_index import guessed_facts
from bot.catalog.public_sources import PublicSources, open_public
from bot.catalog.safe_text_models import is_safe_text
from bot.catalog.search_index import mark

__all__ = [
    "Addon",
    "Baseline",
    "Catalog",
    "ImageDefaults",
    "ModelFacts",
    "PublicSources",
    "Style",
    "StyleCollection",
    "baseline",
    "defaults_for",
    "guessed_facts",
    "is_safe_text",
    "mark",
    "open_public",
    "size_of_shape",
]
