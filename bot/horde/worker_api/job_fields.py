"""Fields that the jobs of images and of texts have in common."""

from pydantic import Field

from bot.horde.worker_api.worker_messages import WorkerMessage
from bot.http.schema import Count, Items, Sent, Wire


class JobOffer(Sent):
    """What a worker can do. `bridge_agent` has the form of a Client-Agent and decides which jobs
    it is given.
    """

    name: str
    models: tuple[str, ...]
    bridge_agent: str = Field(max_length=1000)
    nsfw: bool | None = None
    threads: int | None = Field(default=None, ge=1, le=50)
    amount: int | None = Field(default=None, ge=1, le=20)
    priority_usernames: tuple[str, ...] | None = None
    require_upfront_kudos: bool | None = None
    extra_slow_worker: bool | None = None


class MetadataInput(Sent):
    """A remark about a result, such as a LoRA that could not be downloaded."""

    type: str
    value: str
    ref: str | None = Field(default=None, max_length=255)


class Skipped(Wire):
    """Numbers of requests that this worker could not be given, by the reason."""

    worker_id: Count = 0
    performance: Count = 0
    nsfw: Count = 0
    blacklist: Count = 0
    untrusted: Count = 0
    models: Count = 0
    bridge_version: Count = 0
    kudos: Count = 0


class Job(Wire):
    """A job. `id` is "" when there is none; `ttl`: seconds until it is given to another worker."""

    id: str = ""
    ids: Items[str] = ()
    model: str = ""
    ttl: Count = 0
    messages: Items[WorkerMessage] = ()
