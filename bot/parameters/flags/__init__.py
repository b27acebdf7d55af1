"""The language of `extra`: flags with values that set every parameter of a picture.

--steps 30 --lora 12345:0.8 --post GFPGAN --negative "blurry, ugly"
"""

from bot.parameters.flags.completion import suggestions, values_of
from bot.parameters.flags.errors import ExtraError
from bot.parameters.flags.parser import parse
from bot.parameters.flags.prompt_syntax import lora_flags, strays, with_tagged_loras
from bot.parameters.flags.writer import to_text

__all__ = [
    "ExtraError",
    "lora_flags",
    "parse",
    "strays",
    "suggestions",
    "to_text",
    "values_of",
    "with_tagged_loras",
]
