"""Answers of the API. Unknown fields are ignored, wrong ones become their default."""

import math
from typing import Annotated

from pydantic import Field

from bot.http.schema import Amount, Count, Items, Named, Wire

MICRO = 1_000_000  # micro-USD in a US dollar
Short = Annotated[str, Field(max_length=300)]
Link = Annotated[str, Field(max_length=4096)]
Micro = Annotated[int, Field(ge=-(10**15), le=10**15)]
Dollars = Annotated[float, Field(ge=0, le=10**6)]


class Prices(Wire):
    """The prices of a model in US dollars; 0 where it has no such price."""

    input_per_mtok_usd: Dollars = 0.0  # of a million tokens
    output_per_mtok_usd: Dollars = 0.0
    per_image_usd: Dollars = 0.0
    per_video_second_usd: Dollars = 0.0

    @property
    def image(self) -> int:
        """The price of an image in micro-USD, rounded up as the server does it."""
        return math.ceil(self.per_image_usd * MICRO - 1e-6)

    def video(self, seconds: float) -> int:
        """The price in micro-USD of a video of that duration."""
        return math.ceil(self.per_video_second_usd * seconds * MICRO - 1e-6)

    def text(self, prompt: int, answer: int) -> int:
        """The price in micro-USD of that many tokens."""
        cost = prompt * self.input_per_mtok_usd + answer * self.output_per_mtok_usd
        return math.ceil(cost - 1e-6)


class ModelOffer(Wire):
    """A model that has workers now. `avg_latency_s`: seconds of a job, 0 is unknown."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    type: Short
    count: Count = 0
    avg_latency_s: Annotated[float, Field(ge=0, le=10**6)] = 0.0
    tokens_per_s: Annotated[float, Field(ge=0, le=10**6)] = 0.0
    pricing: Prices = Prices()


class Parameter(Wire):
    """The accepted values of one parameter of a model."""

    minimum: Amount | None = None
    maximum: Amount | None = None
    multiple_of: Annotated[int, Field(ge=1, le=1024)] = 1
    options: Items[Short] = ()


class Parameters(Wire):
    """The parameters of a model by their names. Empty: they are unknown."""

    params: Named[Parameter] = Field(default_factory=dict[str, Parameter])


class Credits(Wire):
    """The money that an account can spend."""

    total_spendable_micro: Micro


class Owner(Wire):
    """The owner of a key."""

    username: Short = ""


class MediaProgress(Wire):
    """Percent of a job that is done; None for an unknown one."""

    progress: Annotated[float, Field(ge=0, le=100)] | None = None


class MediaItem(Wire):
    """One file of a result."""

    url: Link = ""
    seed: Short = ""


class Grid(Wire):
    """Facts about a job that has ended."""

    job_id: Short = ""
    worker: Short = ""
    model: Short = ""


class MediaAnswer(Wire):
    """The answer of a call for media."""

    data: Items[MediaItem] = ()
    grid: Grid = Grid()


class MediaOutput(Wire):
    """The result of a job that was asked for later."""

    media: Items[MediaItem] = ()
    worker: Short = ""
    model: Short = ""


class RecoveredJob(Wire):
    """A job whose answer was lost. `state`: pending, completed or closed_without_result."""

    state: Short
    actual_micro: Micro | None = None
    result: MediaOutput | None = None
