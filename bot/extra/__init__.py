"""The language of `extra`: flags with values that reach every parameter of a picture.

--steps 30 --lora 12345:0.8 --post GFPGAN --negative "blurry, ugly"
"""

from bot.extra.errors import ExtraError
from bot.extra.reading import parse, strays
from bot.extra.suggesting import suggestions
from bot.extra.writing import to_text

__all__ = ["ExtraError", "parse", "strays", "suggestions", "to_text"]
