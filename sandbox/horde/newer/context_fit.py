"""`context_fit` of a text request: whether the prompt fits, and how far the context may grow."""

import math
from dataclasses import dataclass

from sandbox.horde.errors import ApiError

LARGEST = 1_048_576
CHARACTERS_EACH_TOKEN = 3  # a careful estimate: no tokenizer is asked


@dataclass(frozen=True, slots=True)
class Fit:
    """The estimated tokens of the prompt and the context length that the request gets."""

    tokens: int
    context: int


def fit(prompt: str, mode: str, max_length: int, context: int, most: int) -> Fit:
    """The context of a request; `most`: what workers and style allow, 0 without any worker.

    Raises ApiError PromptExceedsContext, with the three figures.
    """
    tokens = math.ceil(len(prompt) / CHARACTERS_EACH_TOKEN)
    needed = tokens + max_length
    if mode == "ignore" or needed <= context:
        return Fit(tokens, context)
    grown = 1 << (needed - 1).bit_length()
    if mode == "grow" and grown <= min(most, LARGEST):
        return Fit(tokens, grown)
    if mode == "grow" and needed <= min(most, LARGEST):
        return Fit(tokens, min(most, LARGEST))
    raise ApiError(
        400,
        "PromptExceedsContext",
        f"The prompt has about {tokens} tokens; with {max_length} tokens to write it does not fit "
        f"a context of {context} tokens.",
    )
