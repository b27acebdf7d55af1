"""What the Horde answers about a request: taken, how far it is, what was made."""

from typing import Any

from pydantic import Field

from bot.http.schema import Amount, Count, Items, Wire

ID = r"^[A-Za-z0-9_.:-]{1,200}$"  # UUIDs here; other servers have other ones


class SubmitWarning(Wire):
    """One remark about a request that was taken."""

    code: str = ""
    message: str = ""


class Submitted(Wire):
    """A request was taken, or priced.

    `kudos` of a picture is the price of one of them before model and number count; of a dry run
    it is the whole price. `rate_limit`: how many calls the limiter of this route allows, which is
    the only way to learn that an address has the trusted limits.
    """

    id: str = Field(default="", pattern=ID)
    kudos: Amount = 0.0
    message: str = ""
    warnings: Items[SubmitWarning] = ()
    rate_limit: int | None = None


class Check(Wire):
    """How far a request is. `done` alone proves nothing; times in seconds.

    The three first are insisted on: a body without them must not look like an end.
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


class Metadata(Wire):
    """A worker's remark about one thing it made."""

    type: str = ""
    value: str = ""
    ref: str = ""


class ImageResult(Wire):
    """One picture. `img` is a link most of the time, "N/A" or garbage otherwise."""

    id: str = ""
    img: str = ""
    seed: str = ""
    model: str = ""
    worker_id: str = ""
    worker_name: str = ""
    censored: bool = False
    gen_metadata: Items[Metadata] = ()
    state: str = "ok"  # always this


class ImageStatus(Check):
    """`check` and the pictures that were delivered, in any order."""

    generations: Items[ImageResult] = ()
    shared: bool = False


class TextResult(Wire):
    """One text. Here `state` is meant: ok, censored or csam."""

    text: str = ""
    seed: str = ""
    model: str = ""
    worker_id: str = ""
    worker_name: str = ""
    gen_metadata: Items[Metadata] = ()
    state: str = "ok"


class TextStatus(Check):
    """How far a text request is, and the texts."""

    generations: Items[TextResult] = ()


class FormStatus(Wire):
    """One alchemy form. `result` is there once it is done: {form: anything}."""

    form: str
    state: str = "waiting"
    result: dict[str, Any] = Field(default_factory=dict[str, Any])


class AlchemyStatus(Wire):
    """All forms of a request, in an order that changes from one look to the next."""

    state: str = ""
    forms: Items[FormStatus]
