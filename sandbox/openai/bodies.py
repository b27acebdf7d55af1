"""The bodies of requests. Unknown fields are kept and ignored, as most such servers do."""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")
DEFAULT_SIZE = (1024, 1024)
SIDES = range(64, 2049)

Stop = str | list[str] | None


class _Body(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class StreamOptions(_Body):
    include_usage: bool = False


class Message(_Body):
    """`content`: a text, parts with texts and images, or nothing beside tool calls."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return " ".join(str(part.get("text", "")) for part in self.content)
        return self.content or ""


class TextBody(_Body):
    """The fields that chat and completions share."""

    model: str
    max_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    n: int | None = Field(default=None, ge=1, le=8)
    stop: Stop = None
    seed: int | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None

    @property
    def stops(self) -> list[str]:
        return [self.stop] if isinstance(self.stop, str) else self.stop or []

    @property
    def has_usage_event(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage

    @field_validator("stop")
    @classmethod
    def _few_stops(cls, stop: Stop) -> Stop:
        if isinstance(stop, list) and len(stop) > 4:
            raise ValueError("at most 4 stop sequences are allowed")
        return stop


class ChatBody(TextBody):
    messages: list[Message] = Field(min_length=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)

    @property
    def limit(self) -> int | None:
        return self.max_completion_tokens or self.max_tokens

    @property
    def last_text(self) -> str:
        """The last message of the user."""
        return next((each.text for each in reversed(self.messages) if each.role == "user"), "")


class CompletionBody(TextBody):
    prompt: str | list[str]

    @property
    def text(self) -> str:
        return self.prompt if isinstance(self.prompt, str) else "\n".join(self.prompt)


class ImageBody(_Body):
    prompt: str = Field(min_length=1, max_length=32_000)
    model: str | None = None
    n: int | None = Field(default=None, ge=1, le=10)
    size: str | None = None
    response_format: Literal["url", "b64_json"] | None = None
    output_format: Literal["png", "jpeg", "webp"] | None = None
    seed: int | None = None

    @property
    def pixels(self) -> tuple[int, int]:
        found = SIZE.fullmatch(self.size or "")
        return (int(found[1]), int(found[2])) if found else DEFAULT_SIZE

    @field_validator("size")
    @classmethod
    def _known_size(cls, size: str | None) -> str | None:
        if size in (None, "auto"):
            return size
        found = SIZE.fullmatch(size)
        if found is None or any(int(side) not in SIDES for side in found.groups()):
            raise ValueError("must be WIDTHxHEIGHT with sides from 64 to 2048, or auto")
        return size
