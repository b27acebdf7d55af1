"""What the web UI answers. Programs with this API leave out fields, so nearly all are optional."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bot.backends.inline_results import plain_answer
from bot.http.schema import Count, Items, Wire

NAME_MAX = 300  # characters of the name of a model, a LoRA or an upscaler
INFO_MAX = 1024 * 1024  # characters of the facts about images
Seed = Annotated[int, Field(ge=-1, le=2**64)]
# A name for people alone, which is not sent back.
Shown = Annotated[
    str, Field(max_length=NAME_MAX), AfterValidator(lambda name: plain_answer(name, NAME_MAX))
]


class JobState(Wire):
    """The job that runs. `job`: "" when none does."""

    job: str = Field(default="", max_length=NAME_MAX)
    job_timestamp: str = Field(default="", max_length=40)
    sampling_steps: Count = 0
    interrupted: bool = False


class WebuiProgress(Wire):
    """The answer of /progress. `current_image`: base64, "" for none."""

    progress: float = Field(default=0.0, ge=0, le=1)
    eta_relative: float = Field(default=0.0, ge=-1e7, le=1e7)
    state: JobState = JobState()
    current_image: str = ""


class Images(Wire):
    """The answer of /txt2img and /img2img. `info`: JSON as a text."""

    images: Items[str]
    info: str = Field(default="", max_length=INFO_MAX)


class Info(Wire):
    """Facts about the images. `all_seeds`: the seed of each."""

    all_seeds: tuple[Seed, ...] = ()  # none of them when one is wrong: they go by position
    sd_model_name: Shown = ""


class Extras(Wire):
    """The answer of /extra-single-image."""

    image: str


class Caption(Wire):
    """The answer of /interrogate."""

    caption: str


class Checkpoint(Wire):
    """A model file. `title`: its name with its hash."""

    title: str = Field(max_length=NAME_MAX)
    model_name: str = Field(default="", max_length=NAME_MAX)
    filename: str = ""
    hash: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names that the web UI accepts for it."""
        return frozenset({self.title, self.model_name, self.hash or self.title}) - {""}


class WebuiSampler(Wire):
    """A sampler. `aliases`: other names that the web UI accepts."""

    name: str = Field(max_length=NAME_MAX)
    aliases: Items[str] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the web UI accepts for it."""
        return (self.name, *self.aliases)


class Scheduler(Wire):
    """A scheduler. `label`: its name for people; the web UI accepts both."""

    name: str = Field(max_length=NAME_MAX)
    label: str = Field(default="", max_length=NAME_MAX)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the web UI accepts for it."""
        return (self.name, self.label)


class Named(Wire):
    """An upscaler, a LoRA or a face restorer. `alias`: another name of a LoRA."""

    name: str = Field(max_length=NAME_MAX)
    alias: str = Field(default="", max_length=NAME_MAX)


class Embeddings(Wire):
    """The embeddings by their names. `loaded`: those that suit the loaded model."""

    loaded: dict[str, Any] = Field(default_factory=dict[str, Any])


class Fault(Wire):
    """An error of the web UI. Forge has `detail` alone, a list for an invalid value."""

    error: str = Field(default="", max_length=200)
    detail: Any = ""
    errors: str = ""
