"""Options that the image commands share, and their choices."""

from collections.abc import Iterable
from typing import Any

from discord import app_commands

from bot import i18n
from bot.domain.requests import PROMPT_MAX, SIDE_STEP, ImageChoices, build, merged
from bot.errors import BadOption
from bot.parameters.flags import parse
from bot.parameters.flags.tokenizer import quote
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
# Options, and the fields of ImageChoices that they set. A command reads its other options itself.
FIELDS = {
    "image": "source",
    "model": "models",
    "count": "n",
    "cfg": "cfg_scale",
    "trusted": "trusted_workers",
} | {
    name: name
    for name in (
        *("prompt", "negative", "style", "shape", "width", "height", "seed", "preset", "private"),
        *("strength", "steps", "sampler", "scheduler", "clip_skip", "face_strength", "hires_fix"),
        *("tiling", "control"),
    )
}
COUNT_MAX = 4  # of the simple commands; /advanced allows the Horde's limit
Prompt = app_commands.Range[str, 1, PROMPT_MAX]
Count = app_commands.Range[int, 1, COUNT_MAX]
Strength = app_commands.Range[float, 0.01, 1.0]
Seed = app_commands.Range[str, 1, 100]
FROM_DISCORD = "discord"
LANGUAGES = [
    app_commands.Choice(name="Same as Discord", value=FROM_DISCORD),
    *(app_commands.Choice(name=each.name, value=each.code) for each in i18n.LANGUAGES),
]
EXTRA = "More parameters as flags, with suggestions as you type: --steps 30 --lora 12345:0.8"
PRIVATE = "Show the result only to you"
WHERE = "Whose defaults. Those of a channel or server need the Manage Server permission"
Extra = app_commands.Range[str, 1, 2_000]  # characters
PresetName = app_commands.Range[str, 1, NAME_MAX]


def chosen_language(choice: str) -> i18n.Language | None:
    """The language of a choice of LANGUAGES; None for that of Discord."""
    return None if choice == FROM_DISCORD else i18n.language_of(choice)


def image_choices(options: Iterable[tuple[str, Any]]) -> ImageChoices:
    """The choices made with a command: the options that set FIELDS, over the flags in `extra`.

    `options`: names and values, as `interaction.namespace` holds them. Raises BadOption for a value
    or a file that cannot be used.
    """
    given = {name: value for name, value in options if value != ""}
    fields = {FIELDS[name]: _value(name, value) for name, value in given.items() if name in FIELDS}
    return merged(build(ImageChoices, **fields), parse(given.get("extra", "")))


def _value(option: str, value: Any) -> object:
    match option:
        case "image":
            return source_of_upload(value, what=option)
        case "model":
            return (value,)
        case "width" | "height":
            return nearest_side(value)
        case "sampler" | "scheduler" | "control":
            return _named(option, value)
        case _:
            return value


def _named(option: str, value: str) -> object:
    """The value of a typed name, as in `extra`. Raises BadOption."""
    try:
        chosen = parse(f"--{option} {quote(value)}")
    except BadOption as error:
        raise BadOption(f"`{option}`: {error}") from None
    return getattr(chosen, option)


def nearest_side(pixels: int) -> int:
    """The nearest length that the Horde accepts."""
    return max(1, round(pixels / SIDE_STEP)) * SIDE_STEP


def addons(lora: str, lora2: str, embedding: str) -> ImageChoices:
    """Two LoRAs and an embedding, in the syntax of `extra`. Raises BadOption."""
    given = {"lora": ("--lora", lora), "lora2": ("--lora", lora2), "embedding": ("--ti", embedding)}
    found: list[ImageChoices] = []
    for option, (flag, text) in given.items():
        try:
            chosen = parse(f"{flag} {text}" if text else "")
        except BadOption as error:
            raise BadOption(f"`{option}`: {error}") from None
        found.append(chosen)
    lists = build(
        ImageChoices,
        loras=tuple(lora for chosen in found for lora in chosen.loras),
        embeddings=tuple(each for chosen in found for each in chosen.embeddings),
    )
    more = merged(*reversed(found))
    return merged(lists.only_of(more.names), more)
