"""Answers of the Horde about a request: receipt, counts, results."""

from typing import Any

from pydantic import Field

from bot.http.schema import Amount, Count, Items, Wire

ID = r"^[A-Za-z0-9_.:-]{1,200}$"  # UUIDs on the Horde; other servers use other ids


class SubmitWarning(Wire):
    """One warning about an accepted request."""

    code: str = ""
    message: str = ""


class ResolvedStyle(Wire):
    """The style that a dry run used; a real request with a collection may get another one."""

    id: str = ""
    name: str = ""


class Resolved(Wire):
    """A request after its style, its template and a larger context. Texts have no negative prompt,
    images no estimate.
    """

    prompt: str = ""
    negative_prompt: str | None = None
    params: dict[str, Any] = Field(default_factory=dict[str, Any])
    models: Items[str] = ()
    style: ResolvedStyle | None = None
    estimated_prompt_tokens: int | None = None
    context_fit: str | None = None


class Submitted(Wire):
    """A request was accepted, or priced.

    `kudos` of an image is the price of one of them without the factors; of a dry run it is the
    total. `rate_limit`: the limit of this route, the only sign that an address has the trusted
    limits. `resolved`: only for a dry run, since 5.1.13.
    """

    id: str = Field(default="", pattern=ID)
    kudos: Amount = 0.0
    message: str = ""
    warnings: Items[SubmitWarning] = ()
    resolved: Resolved | None = None
    rate_limit: int | None = None


class Check(Wire):
    """Counts of a request. `done` alone proves nothing; times in seconds.

    The first three are required: a body without them must not look like an end. The last three are
    sent by newer servers only: docs/horde-api.md#newer-servers.
    """

    finished: Count
    processing: Count
    waiting: Count
    restarted: Count = 0
    done: bool = False
    faulted: bool = False
    wait_time: Count = 0
    queue_position: Count = 0
    kudos: Amount = 0.0
    is_possible: bool = True
    eligible_workers: int | None = None
    eligible_worker_threads: int | None = None
    might_stall: bool = False


class Metadata(Wire):
    """A worker's remark about one result."""

    type: str = ""
    value: str = ""
    ref: str = ""


class ImageResult(Wire):
    """One image. `img` is usually a link, else "N/A" or garbage."""

    id: str = ""
    img: str = ""
    seed: str = ""
    model: str = ""
    worker_id: str = ""
    worker_name: str = ""
    censored: bool = False
    gen_metadata: Items[Metadata] = ()
    state: str = "ok"  # always this value


class ImageStatus(Check):
    """`check` and the delivered images, in any order."""

    generations: Items[ImageResult] = ()
    shared: bool = False


class TextResult(Wire):
    """One text. Here `state` is meaningful: ok, censored or csam."""

    text: str = ""
    seed: str = ""
    model: str = ""
    worker_id: str = ""
    worker_name: str = ""
    gen_metadata: Items[Metadata] = ()
    state: str = "ok"


class TextStatus(Check):
    """Counts of a text request, and the texts."""

    generations: Items[TextResult] = ()


class FormPayload(Wire):
    """Parameters of an alchemy form, which newer servers repeat in the status."""

    control_type: str = ""


class FormStatus(Wire):
    """One alchemy form. `result` is there once it is done: {form: anything}."""

    form: str
    state: str = "waiting"
    payload: FormPayload = Field(default_factory=FormPayload)
    result: dict[str, Any] = Field(default_factory=dict[str, Any])


class AlchemyStatus(Wire):
    """All forms of a request, in an order that changes between polls."""

    state: str = ""
    forms: Items[FormStatus]


class Rewarded(Wire):
    """Kudos for a rating, or for a job that a worker did."""

    reward: Amount = 0.0
