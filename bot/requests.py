"""What people ask for. Frozen, complete in itself, stored as JSON; `kind` tells which."""

from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from bot.alchemy import FORMS
from bot.errors import BadOption

PROMPT_MAX = 4_000  # PRODUCT: prompts up to 4,000 characters; the Horde's filter ends at 7,000
SIDE_STEP = 64  # HORDE 1.1: sides are multiples of 64 ...
SIDE_MIN, SIDE_MAX = 64, 3072  # ... between these
IMAGES_MAX = 20  # n of both image and text requests
NEGATIVE_SPLIT = "###"  # what follows it in a prompt is the negative prompt


class Kind(StrEnum):
    """The three things the Horde makes."""

    IMAGE = "image"
    TEXT = "text"
    ALCHEMY = "alchemy"


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    private: bool = False  # the answer is for its person alone


class Source(BaseModel):
    """A picture somebody uploaded. `file`: its bytes in the spool, "" while only the URL is known.

    The URL is Discord's own, given with the interaction; no other is ever fetched.
    """

    model_config = ConfigDict(frozen=True)

    url: str
    filename: str = "picture"
    size: int = 0
    file: str = ""


class ImageRequest(_Request):
    """A picture, with every parameter that is always sent (PRODUCT) plus those that were chosen."""

    kind: Literal["image"] = "image"
    prompt: str = Field(min_length=1, max_length=PROMPT_MAX)
    negative: str = Field(default="", max_length=PROMPT_MAX)
    models: tuple[str, ...] = ()  # empty: any
    width: int = Field(default=1024, ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)
    height: int = Field(default=1024, ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)
    steps: int = Field(default=30, ge=1, le=500)
    cfg_scale: float = Field(default=7.0, ge=0, le=100)
    sampler: str = "k_euler_a"
    karras: bool = True
    n: int = Field(default=1, ge=1, le=IMAGES_MAX)
    seed: str = Field(default="", max_length=100)  # "": the worker rolls one
    nsfw: bool = False
    censor_nsfw: bool = True
    allow_downgrade: bool = True

    @field_validator("prompt", "negative", mode="before")
    @classmethod
    def _printable(cls, text: object) -> object:
        return _clean(text)

    @property
    def count(self) -> int:
        """How many results are expected; also what it costs in waiting places."""
        return self.n


class TextRequest(_Request):
    """A text that goes on from the prompt. Lengths in tokens."""

    kind: Literal["text"] = "text"
    prompt: str = Field(min_length=1, max_length=PROMPT_MAX)
    models: tuple[str, ...] = ()
    max_length: int = Field(default=240, ge=16, le=4096)
    max_context_length: int = Field(default=4096, ge=80, le=1_048_576)
    temperature: float = Field(default=0.8, ge=0, le=5)
    n: int = Field(default=1, ge=1, le=IMAGES_MAX)
    spoiler: bool = True  # the place is not age-restricted: hide the answer on a word match
    allow_downgrade: bool = True

    @field_validator("prompt", mode="before")
    @classmethod
    def _printable(cls, text: object) -> object:
        return _clean(text)

    @property
    def count(self) -> int:
        """How many results are expected."""
        return self.n


class AlchemyRequest(_Request):
    """One or more forms over one picture.

    `withhold`: the place is not age-restricted, so a form that returns a picture also asks `nsfw`
    and the picture is kept back when that says yes.
    """

    kind: Literal["alchemy"] = "alchemy"
    source: Source
    forms: tuple[str, ...] = Field(min_length=1, max_length=len(FORMS))
    withhold: bool = True

    @field_validator("forms")
    @classmethod
    def _known(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        for form in forms:
            if form not in FORMS:
                raise ValueError(f"there is no alchemy form {form!r}")
        return tuple(dict.fromkeys(forms))  # the Horde would make and charge duplicates twice

    @property
    def asked(self) -> tuple[str, ...]:
        """The forms to send: the chosen ones, and `nsfw` where a picture might be withheld."""
        makes_picture = any(FORMS[form].returns in {"picture", "svg"} for form in self.forms)
        extra = ("nsfw",) if self.withhold and makes_picture and "nsfw" not in self.forms else ()
        return self.forms + extra

    @property
    def count(self) -> int:
        """How many forms are sent."""
        return len(self.asked)


Request = Annotated[ImageRequest | TextRequest | AlchemyRequest, Field(discriminator="kind")]
REQUEST: TypeAdapter[Request] = TypeAdapter(Request)


def _clean(text: object) -> object:
    """Without NUL (the Horde answers 400 to it) and other control characters but line ends.

    Before the lengths are checked: what is left of a prompt must not be empty.
    """
    if not isinstance(text, str):
        return text
    kept = (c for c in text.replace("\r\n", "\n") if c in "\n\t" or (c >= " " and c != "\x7f"))
    cleaned = "".join(kept).strip()
    return cleaned.encode("utf-8", "replace").decode()  # lone surrogates cannot cross JSON


R = TypeVar("R", ImageRequest, TextRequest, AlchemyRequest)


def build(kind: type[R], **fields: object) -> R:
    """A checked request of that kind. Raises BadOption with one sentence for the person."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "request"
        reason = first["msg"].removeprefix("Value error, ")
        raise BadOption(f"`{name}`: {reason[:1].lower()}{reason[1:]}.") from None
