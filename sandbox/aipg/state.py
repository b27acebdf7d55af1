"""The settings, accounts, jobs and held money of the local AI Power Grid."""

from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.aipg.accounts import Account, Accounts, CallCounter, Hold
from sandbox.aipg.errors import PATH_CLOSED, ApiError
from sandbox.aipg.models import MODELS, Kind, Model
from sandbox.optional.jobs import JobLog
from sandbox.optional.media_files import MediaFiles

URL_SECONDS = 3600.0
Path = Literal[
    "text", "image", "image-to-image", "image-batch", "video", "image-to-video", "audio", "3d"
]
OPEN_PATHS: list[Path] = ["text", "image", "video", "image-to-video", "audio"]


class AipgSettings(BaseModel):
    """What POST /control/aipg/knobs changes.

    `paths`: the kinds of generation that the server admits. `offline`: kinds without workers.
    `charging`: False: nothing is held or charged, and results cannot be recovered. `limits`: the
    limits per minute. `recovery`: False: /v1/media/results answers 503. `late_seconds`: when a job
    ends that took longer than the server waits.
    """

    model_config = ConfigDict(extra="forbid")

    paths: list[Path] = OPEN_PATHS
    offline: list[Kind] = []
    charging: bool = True
    limits: bool = True
    recovery: bool = True
    job_seconds: tuple[float, float] = (2.0, 4.0)
    late_seconds: float = Field(default=1.0, ge=0)
    first_token_seconds: float = Field(default=0.2, ge=0)
    tokens_per_second: float = Field(default=40, ge=0)
    answer_tokens: int = Field(default=60, ge=1)


@dataclass(slots=True)
class AipgState:
    settings: AipgSettings
    base: str = ""
    accounts: Accounts = field(default_factory=Accounts)
    calls: CallCounter = field(default_factory=CallCounter)
    jobs: JobLog = field(default_factory=JobLog)
    holds: dict[str, Hold] = field(default_factory=dict[str, Hold])
    files: MediaFiles = field(default_factory=lambda: MediaFiles(URL_SECONDS))

    def account(self, request: web.Request) -> Account:
        """The account of the key. Raises ApiError 401 without a valid one."""
        key = presented_key(request)
        if not key:
            detail = "Missing API key. Use 'apikey' header or 'Authorization: Bearer' header."
            raise ApiError(401, detail)
        account = self.accounts.by_key.get(key)
        if account is None:
            raise ApiError(401, "Invalid API key")
        return account

    def online(self, kind: Kind) -> list[str]:
        """The names of the models of a kind that have workers."""
        if kind in self.settings.offline:
            return []
        return [model.name for model in MODELS.values() if model.kind == kind]

    def require_path(self, path: Path) -> None:
        if path not in self.settings.paths:
            raise ApiError(503, PATH_CLOSED)

    def require_model(self, kind: Kind, name: str) -> Model:
        """The model. Raises ApiError 503 without workers of the kind, 404 for another name."""
        online = self.online(kind)
        is_text = kind == "text"
        if not online:
            noun = "compatible text workers are currently" if is_text else f"{kind} workers are"
            raise ApiError(503, f"No {noun} online.")
        if name not in online:
            noun = "models" if is_text else f"{kind} models"
            raise ApiError(404, f"Model '{name}' is not available. Online {noun}: {online}")
        return MODELS[name]


def presented_key(request: web.Request) -> str:
    key = request.headers.get("apikey")
    return key or request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
