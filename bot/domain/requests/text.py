"""Text requests."""

from typing import Literal

from pydantic import Field, field_validator

from bot.domain.requests.base import IMAGES_MAX, PROMPT_MAX, BaseRequest, printable


class TextRequest(BaseRequest):
    """A text that continues the prompt. Lengths in tokens."""

    kind: Literal["text"] = "text"
    prompt: str = Field(min_length=1, max_length=PROMPT_MAX)
    models: tuple[str, ...] = ()
    max_length: int = Field(default=240, ge=16, le=4096)
    max_context_length: int = Field(default=4096, ge=80, le=1_048_576)
    temperature: float = Field(default=0.8, ge=0, le=5)
    n: int = Field(default=1, ge=1, le=IMAGES_MAX)
    spoiler: bool = True  # the channel is not age-restricted: hide the answer if a word matches
    allow_downgrade: bool = True

    @field_validator("prompt", mode="before")
    @classmethod
    def _printable(cls, text: object) -> object:
        return printable(text)

    @property
    def count(self) -> int:
        """How many results are expected."""
        return self.n
