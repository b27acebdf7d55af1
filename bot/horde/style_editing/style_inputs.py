"""Styles as they are sent. None means: use the server's default."""

from typing import Literal

from pydantic import Field

from bot.horde.job_payloads import ImageSettings, TextSettings
from bot.http.schema import Sent


class PolicyInput(Sent):
    """Parameters of a request that a style accepts; `overridable` only with `listed`."""

    override: Literal["none", "listed", "all"]
    overridable: tuple[str, ...] | None = None
    ceilings: dict[str, int] | None = None


class TemplateFieldInput(Sent):
    """A text that a request fills into the prompt of a style."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    description: str = Field(min_length=1, max_length=200)
    required: bool | None = None


class ImageStyleParamsInput(ImageSettings):
    """Parameters of an image style. There is no seed and no number of images."""

    workflow: str | None = None


class TextStyleParamsInput(TextSettings):
    """Parameters of a text style. There is no length."""


class _StyleInput(Sent):
    """`prompt` has to contain {p}; at most 10 tags and 5 models.

    An update has to hold the whole style: before 5.1.13 a missing field is reset.
    """

    name: str = Field(min_length=1, max_length=100)
    info: str | None = Field(default=None, min_length=10, max_length=1000)
    public: bool | None = None
    nsfw: bool | None = None
    tags: tuple[str, ...] | None = Field(default=None, max_length=10)
    models: tuple[str, ...] = Field(min_length=1, max_length=5)
    parameter_policy: PolicyInput | None = None
    template_fields: tuple[TemplateFieldInput, ...] | None = Field(default=None, max_length=16)


class ImageStyleInput(_StyleInput):
    """`prompt` has to contain {np} too. `sharedkey` pays the requests with this style."""

    prompt: str | None = Field(default=None, min_length=7)
    params: ImageStyleParamsInput | None = None
    sharedkey: str | None = None


class TextStyleInput(_StyleInput):
    """A text style."""

    prompt: str | None = Field(default=None, min_length=3)
    params: TextStyleParamsInput | None = None


class ExampleInput(Sent):
    """A picture that shows a style, at an https address."""

    url: str = Field(pattern=r"^https://")
    primary: bool | None = None


class CollectionInput(Sent):
    """A collection of styles of one kind, by their ids or names."""

    name: str = Field(min_length=1, max_length=100)
    info: str | None = Field(default=None, min_length=1, max_length=1000)
    public: bool | None = None
    styles: tuple[str, ...] = Field(min_length=1)
