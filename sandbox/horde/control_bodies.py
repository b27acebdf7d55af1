"""The request bodies of the Horde's control API."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sandbox.horde.newer.versions import HordeVersion

Seconds = Annotated[float, Field(ge=0, le=86400)]
Count = Annotated[int, Field(ge=0, le=1000)]
Range = tuple[Seconds, Seconds]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class BehaviourBody(_Body):
    """The body of POST /behaviour."""

    behave: str
    match: str = ""
    times: int | None = Field(default=None, ge=1)
    n: int | None = Field(default=None, ge=0)


class WorkersBody(_Body):
    """The number of workers of each kind."""

    image: Count | None = None
    text: Count | None = None
    alchemy: Count | None = None


class SettingsBody(_Body):
    """The body of POST /knobs; missing settings do not change."""

    version: HordeVersion | None = None
    job_seconds: Range | None = None
    latency: Range | None = None
    maintenance: bool | None = None
    raid_mode: bool | None = None
    limits: bool | None = None
    caches: bool | None = None
    workers: WorkersBody | None = None
    wait_error: float | None = Field(default=None, ge=0, le=1)
    wait_factor: float | None = Field(default=None, ge=0, le=100)
    outage: bool | None = None
    gone: bool | None = None
    lifetime: Seconds | None = None
    kudos_lag: Seconds | None = None
    stall_seconds: Seconds | None = None
    lease_factor: float | None = Field(default=None, gt=0, le=1)
    loop_seconds: float | None = Field(default=None, gt=0, le=3600)
    url_seconds: Seconds | None = None
    webhook_hosts: dict[str, str] | None = None


class UserBody(_Body):
    """The body of POST /users."""

    username: str = Field(min_length=1, max_length=100)
    kudos: float = 0.0
    concurrency: int = Field(default=30, ge=0, le=1_000_000)
    trusted: bool = False
    moderator: bool = False
    service: bool = False
    education: bool = False
    customizer: bool = False
    special: bool = False
    flagged: bool = False
    deleted: bool = False
