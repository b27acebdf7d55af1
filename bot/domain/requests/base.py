"""Fields and checks that all kinds of requests share."""

from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import BadOption
from bot.i18n import N_, _
from bot.i18n.formats import number

PROMPT_MAX = 4_000  # characters; the Horde's filter ends at 7,000: docs/horde-api.md#error-codes
SIDE_STEP = 64  # pixels: docs/horde-api.md#image-requests
SIDE_MIN, SIDE_MAX = 64, 3072  # pixels
IMAGES_MAX = 20  # `n` of image and text requests
EMPTY = frozenset({"missing", "string_too_short"})  # errors of pydantic for a missing text
LIMITED = {  # errors of pydantic, the message for each, and where pydantic has the number
    "string_too_long": (N_("`{option}` takes at most {number} characters."), "max_length"),
    "too_long": (N_("`{option}` takes at most {number} values."), "max_length"),
    "greater_than_equal": (N_("`{option}` must be {number} or more."), "ge"),
    "less_than_equal": (N_("`{option}` must be {number} or less."), "le"),
    "multiple_of": (N_("`{option}` must be a multiple of {number}."), "multiple_of"),
}
NEGATIVE_SPLIT = "###"  # separates the prompt from the negative prompt


class Kind(StrEnum):
    """The kinds of requests."""

    IMAGE = "image"
    TEXT = "text"
    ALCHEMY = "alchemy"
    VIDEO = "video"


class Source(BaseModel):
    """A source picture. `file`: its stored bytes, "" while only the URL is known.

    The URL is Discord's own and came with the interaction; no other is fetched. Sides in pixels as
    Discord reports them, 0 for unknown. `spoiler`: it was hidden behind one.
    """

    model_config = ConfigDict(frozen=True)

    url: str
    filename: str = "picture"
    size: int = 0
    file: str = ""
    width: int = 0
    height: int = 0
    spoiler: bool = False


class BaseRequest(BaseModel):
    """`private`: only the requester sees the answer.

    `ignored`: names of chosen fields that the backend does not use, for people.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    private: bool = False
    ignored: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The source pictures."""
        return ()


def printable(text: object) -> object:
    """Text without control characters except line ends (the Horde refuses NUL).

    Runs before the lengths are checked, so that the rest of a prompt must not be empty.
    """
    if not isinstance(text, str):
        return text
    kept = (c for c in text.replace("\r\n", "\n") if c in "\n\t" or (c >= " " and c != "\x7f"))
    cleaned = "".join(kept).strip()
    return cleaned.encode("utf-8", "replace").decode()  # lone surrogates are not valid in JSON


# Words of a user, cleaned before their length is checked.
Words = Annotated[str, Field(max_length=PROMPT_MAX), BeforeValidator(printable)]
SomeWords = Annotated[str, Field(min_length=1, max_length=PROMPT_MAX), BeforeValidator(printable)]
R = TypeVar("R", bound=BaseModel)


def build(kind: type[R], **fields: object) -> R:
    """A checked value of that kind. Raises BadOption with one sentence for the requester."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise BadOption(_refusal(error.errors()[0])) from None


def _refusal(error: ErrorDetails) -> str:
    """A sentence about the first wrong field, which is named as its option."""
    option = str(error["loc"][0]) if error["loc"] else "request"
    limits, kind = error.get("ctx", {}), error["type"]
    if kind in EMPTY:
        return _("`{option}` is empty. Enter a text.").format(option=option)
    if kind == "value_error":
        return str(limits["error"])
    if kind in LIMITED:
        message, name = LIMITED[kind]
        return _(message).format(option=option, number=number(limits[name]))
    reason = error["msg"][:1].lower() + error["msg"][1:]
    return _("`{option}` has a wrong value: {reason}.").format(option=option, reason=reason)
