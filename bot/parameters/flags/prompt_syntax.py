"""Finds flags and the syntax of other programs in a prompt, where they are only words."""

import re
from collections.abc import Iterator

from pydantic import ValidationError

from bot.domain.requests import ImageChoices, ImageRequest, Lora, merged
from bot.parameters.flags.table import BY_NAME
from bot.parameters.flags.value_types import plain_value, safe_value

_FLAG = re.compile(r"(?<!\S)(?:--|\u2014)([a-z][\w-]*)", re.ASCII | re.IGNORECASE)
_EMBEDDING = re.compile(r"(?<!\w)embedding:([\w.-]+)", re.IGNORECASE)
_LORA = re.compile(r"<lora:([^<>:\s]{1,100})(?::(-?[0-9]*\.?[0-9]+))?[^<>]{0,100}>", re.IGNORECASE)
# As a web UI reads it: one strength, or those for the text encoder and for the model.
_TAG = re.compile(
    r"<(?:lora|lyco):([^<>:\s][^<>:]{0,99})(?::(-?[0-9]*\.?[0-9]+))?(?::(-?[0-9]*\.?[0-9]+))?>",
    re.IGNORECASE,
)
_COMMAS, _GAP = re.compile(r",(?:\s*,)+"), re.compile("[ \t]{2,}")  # where tags were
_OTHERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"<(?:lora|lyco|lycoris|locon|hypernet|embedding|ti):[^<>\s][^<>]{0,200}>",
        r"(?<!\w)__[a-z0-9/*_-]+?__(?!\w)",  # a wildcard
        r"\{[^{}|]{0,200}\|[^{}]{0,200}\}",  # one of several
        r"\bnegative[ ]prompt:",  # these two: the text that other programs store in an image
        r"\bsteps: ?[0-9]+(?=, ?[a-z])",
    )
)
_JOINED = re.compile(r"(?<=[^A-Z\s]\s)(?:AND|BREAK)(?=\s+[^A-Z\s])")
# Flags of Midjourney that have no namesake here.
FOREIGN = frozenset(
    {"v", "version", "niji", "q", "quality", "stylize", "chaos", "iw", "cref", "sref", "weird"}
)


def strays(request: ImageRequest) -> tuple[str, ...]:
    """Texts in the prompt and the negative prompt that other places or programs would obey.

    An embedding that the request names is found by the worker, so it is none of them.
    """
    text = f"{request.prompt}\n{request.negative}"
    return tuple(dict.fromkeys([*_flags(text), *_embeddings(text, request), *_foreign(text)]))


def lora_flags(request: ImageRequest) -> tuple[str, ...]:
    """The LoRAs that are written as words of the prompt, as the flags that set them."""
    return tuple(
        dict.fromkeys(
            f"--lora {safe_value(name)}" + (f":{strength}" if strength else "")
            for name, strength in _LORA.findall(request.prompt)
        )
    )


def with_tagged_loras(choices: ImageChoices) -> ImageChoices:
    """The choices with the LoRAs that are tags of the prompt, which is then without them.

    A tag whose name or strength cannot be used stays, and so do those that are all of the prompt.
    """
    found: list[Lora] = []

    def taken(tag: re.Match[str]) -> str:
        clip, model = tag[2] or "1", tag[3] or tag[2] or "1"
        try:
            found.append(Lora.model_validate({"name": tag[1], "clip": clip, "model": model}))
        except ValidationError:
            return tag[0]
        return ""

    prompt = _GAP.sub(" ", _COMMAS.sub(",", _TAG.sub(taken, choices.prompt))).strip(" ,")
    if not found or not prompt:
        return choices
    loras = (*choices.loras, *found)
    return merged(ImageChoices.model_construct(prompt=prompt, loras=loras), choices)


def _flags(text: str) -> Iterator[str]:
    for name in _FLAG.findall(text):
        if plain_value(name) in BY_NAME or name.casefold() in FOREIGN:
            yield f"--{name}"


def _embeddings(text: str, request: ImageRequest) -> Iterator[str]:
    named = {each.name.casefold() for each in request.embeddings}
    for found in _EMBEDDING.finditer(text):
        if found[1].casefold() not in named:
            yield found[0]


def _foreign(text: str) -> Iterator[str]:
    for pattern in (*_OTHERS, _JOINED):
        for found in pattern.finditer(text):
            yield found[0]
