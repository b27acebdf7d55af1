"""The settings, models and jobs of the local server with OpenAI's API."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from sandbox.faults import Range
from sandbox.optional.jobs import JobLog
from sandbox.optional.media_files import MediaFiles

URL_SECONDS = 3600.0  # how long the link of an image is valid
MICRO_PER_TOKEN = 1
MICRO_PER_IMAGE = 20_000


@dataclass(frozen=True, slots=True)
class ChatModel:
    """`context`: tokens of prompt and answer together."""

    context: int


CHAT_MODELS: Mapping[str, ChatModel] = {
    "small-chat": ChatModel(2_048),
    "long-chat": ChatModel(16_384),
}
IMAGE_MODEL = "small-image"


class OpenAiSettings(BaseModel):
    """What POST /control/openai/knobs changes.

    `keys`: the valid API keys; None: the server is open, as Ollama. `requests_per_minute`: for each
    key. `quota_used`: every call with a key is refused for want of credit. `first_token_seconds`
    and `tokens_per_second` (0: at once): the pace of answers. `answer_tokens`: the usual length.
    `max_tokens_refused`: chats take `max_completion_tokens` alone, as new models of OpenAI.
    `image_urls`: False for servers that send images in base64 only, as new models of OpenAI.
    """

    model_config = ConfigDict(extra="forbid")

    keys: list[str] | None = None
    requests_per_minute: int = Field(default=500, ge=1)
    quota_used: bool = False
    job_seconds: tuple[float, float] = (2.0, 4.0)
    first_token_seconds: float = Field(default=0.2, ge=0)
    tokens_per_second: float = Field(default=40, ge=0)
    answer_tokens: int = Field(default=60, ge=1)
    image_urls: bool = True
    max_tokens_refused: bool = False


@dataclass(slots=True)
class OpenAiState:
    settings: OpenAiSettings
    jobs: JobLog = field(default_factory=JobLog)
    files: MediaFiles = field(default_factory=lambda: MediaFiles(URL_SECONDS))
    base: str = ""
    calls: dict[str, deque[float]] = field(default_factory=dict[str, deque[float]])

    @classmethod
    def with_job_seconds(cls, job_seconds: Range) -> "OpenAiState":
        return cls(OpenAiSettings(job_seconds=job_seconds))
