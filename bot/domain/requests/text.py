"""Text requests."""

from typing import Literal

from pydantic import Field

from bot.domain.requests.base import IMAGES_MAX, BaseRequest, SomeWords

LENGTHS = {"short": 80, "medium": 240, "long": 512}  # tokens; a token is about 4 characters


class TextRequest(BaseRequest):
    """A text that continues the prompt. Lengths in tokens."""

    kind: Literal["text"] = "text"
    prompt: SomeWords
    models: tuple[str, ...] = ()
    max_length: int = Field(default=240, ge=16, le=4096)
    max_context_length: int = Field(default=4096, ge=80, le=1_048_576)
    temperature: float = Field(default=0.8, ge=0, le=5)
    n: int = Field(default=1, ge=1, le=IMAGES_MAX)
    spoiler: bool = True  # the channel is not age-restricted: hide the answer if a word matches
    allow_downgrade: bool = True

    @property
    def count(self) -> int:
        """How many results are expected."""
        return self.n
