"""The bodies of requests. Unknown fields are kept; most reach the worker."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Count = Annotated[int, Field(ge=1, le=4)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Message(_Body):
    role: Literal["system", "user", "assistant", "tool", "developer"]
    content: str | list[Any] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return " ".join(part["text"] for part in self.content if "text" in part)
        return self.content or ""


class ChatBody(_Body):
    model: str
    messages: list[Message]
    temperature: float = Field(default=0.7, ge=0, le=2)
    top_p: float = Field(default=0.9, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1, le=32768)
    stream: bool = False
    n: Count = 1
    stop: str | list[str] | None = None
    seed: int | None = None

    @property
    def stops(self) -> list[str]:
        return [self.stop] if isinstance(self.stop, str) else self.stop or []

    @property
    def last_text(self) -> str:
        """The last message of the user."""
        return next((each.text for each in reversed(self.messages) if each.role == "user"), "")


class MediaBody(_Body):
    """The fields of images and videos. Those without a range here are checked by the endpoint."""

    prompt: str
    model: str | None = None
    n: Count = 1
    size: str | None = None
    image: str | None = None
    loras: list[Any] | None = None
    response_format: str | None = "url"
    worker: str | None = None
    style: str | None = None
    progress_token: str | None = None
    seed: Any = None
    steps: Any = None
    cfg_scale: Any = None
    sampler: Any = None
    scheduler: Any = None
    negative_prompt: Any = None
    strength: Any = None
    denoise: Any = None


class ImageBody(MediaBody):
    output_format: str | None = None


class VideoBody(MediaBody):
    n: Annotated[int, Field(ge=1, le=2)] = 1
    seconds: float = Field(default=4.0, ge=1, le=10)
    fps: int = Field(default=24, ge=8, le=30)


class AudioBody(BaseModel):
    """Unlike the others, it refuses unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str = Field(min_length=1, max_length=2000)
    lyrics: str = Field(default="", max_length=20000)
    model: str | None = Field(default=None, min_length=1, max_length=128)
    seconds: float = Field(default=30.0, ge=10, le=300)
    inference_steps: int = Field(default=8, ge=1, le=20)
    bpm: int | None = Field(default=None, ge=30, le=300)
    key_scale: str | None = Field(default=None, pattern=r"^[A-G](?:#|b)? (?:Major|minor)$")
    time_signature: Literal["2/4", "3/4", "4/4", "6/8"] | None = None
    vocal_language: str | None = Field(default=None, min_length=2, max_length=2)
    seed: int | None = Field(default=None, ge=0)
    worker: str | None = None
    progress_token: str | None = Field(default=None, max_length=128)


class ThreeDBody(_Body):
    image: str
    model: str | None = None
    progress_token: str | None = None


class QuoteBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(min_length=1, max_length=256)
    modality: Literal["text", "image", "video", "audio", "3d"]
    prompt_tokens: int = Field(default=0, ge=0, le=2_000_000)
    max_tokens: int = Field(default=0, ge=0, le=1_000_000)
    n: int = Field(default=1, ge=1, le=16)
    seconds: float | None = Field(default=None, gt=0, le=3_600)

    @model_validator(mode="after")
    def _has_seconds(self) -> Self:
        if self.modality in {"video", "audio"} and self.seconds is None:
            raise ValueError(f"seconds is required for {self.modality} quotes")
        return self
