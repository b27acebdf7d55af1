"""Options that the image commands share, and their choices."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

from bot.domain.requests import PROMPT_MAX, SIDE_STEP
from bot.errors import BadOption
from bot.parameters.flags import parse
from bot.services.presets import NAME_MAX
from cogs._attachments import source_of_upload

OPTIONS = {
    "prompt": "What the image should show",
    "style": "A style. It sets its own model and parameters",
    "model": "Image model. Default: the one with the most workers",
    "shape": "Aspect ratio. Default: the model's own",
    "count": "Number of images",
    "negative": "What the image should not show",
    "image": "Source image",
    "strength": "How much of the source image may change: 0.2 little, 0.6 usual, 0.9 nearly all",
    "seed": "A number or a word. The same seed with the same options repeats an image",
    "preset": "A preset of yours or of this server",
}
# Fields of a request that have another name than the option.
_FIELDS = {"count": "n", "model": "models", "cfg": "cfg_scale", "image": "source"}
COUNT_MAX = 4  # of the simple commands; /advanced allows the Horde's limit
Prompt = app_commands.Range[str, 1, PROMPT_MAX]
Count = app_commands.Range[int, 1, COUNT_MAX]
Strength = app_commands.Range[float, 0.01, 1.0]
Seed = app_commands.Range[str, 1, 100]
EXTRA = "More parameters as flags, with suggestions as you type: --steps 30 --lora 12345:0.8"
Extra = app_commands.Range[str, 1, 2_000]  # characters
PresetName = app_commands.Range[str, 1, NAME_MAX]


def image_choices(options: Mapping[str, Any]) -> dict[str, Any]:
    """The used options, as choices. Raises BadOption for a file of another kind."""
    found: dict[str, Any] = {}
    for name, value in options.items():
        match value:
            case None | "":
                continue
            case discord.Attachment():
                found[_FIELDS.get(name, name)] = source_of_upload(value, what=name)
            case _:
                found[_FIELDS.get(name, name)] = (value,) if name == "model" else value
    return found


def side_option(pixels: int | None) -> int | None:
    """The nearest length that the Horde accepts."""
    return None if pixels is None else max(1, round(pixels / SIDE_STEP)) * SIDE_STEP


def addons(lora: str, lora2: str, embedding: str) -> dict[str, Any]:
    """Two LoRAs and an embedding, in the syntax of `extra`. Raises BadOption."""
    given = {"lora": ("--lora", lora), "lora2": ("--lora", lora2), "embedding": ("--ti", embedding)}
    found: dict[str, Any] = {}
    for option, (flag, text) in given.items():
        try:
            chosen = parse(f"{flag} {text}" if text else "")
        except BadOption as error:
            raise BadOption(f"`{option}`: {error}") from None
        for field, value in chosen.items():
            found[field] = (*found.get(field, ()), *value) if isinstance(value, tuple) else value
    return found
