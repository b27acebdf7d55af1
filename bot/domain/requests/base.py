"""What all kinds of requests share."""

from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import BadOption

PROMPT_MAX = 4_000  # characters; the Horde's filter ends at 7,000: docs/horde-api.md#error-codes
SIDE_STEP = 64  # pixels: docs/horde-api.md#image-requests
SIDE_MIN, SIDE_MAX = 64, 3072  # ... between these
IMAGES_MAX = 20  # n of both image and text requests
EMPTY = frozenset({"missing", "string_too_short"})  # what pydantic calls a text without letters
NEGATIVE_SPLIT = "###"  # what follows it in a prompt is the negative prompt


class Kind(StrEnum):
    """The three things the Horde makes."""

    IMAGE = "image"
    TEXT = "text"
    ALCHEMY = "alchemy"


class Source(BaseModel):
    """A picture to work on. `file`: its bytes in the spool, "" while only the URL is known.

    The URL is Discord's own, given with the interaction; no other is ever fetched. Sides in pixels
    as Discord says they are, 0 where it did not say. `spoiler`: it was hidden behind one.
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
    """`private`: the answer is for its person alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    private: bool = False

    @property
    def sources(self) -> tuple[Source, ...]:
        """The pictures that it starts from."""
        return ()


def printable(text: object) -> object:
    """Without NUL (the Horde answers 400 to it) and other control characters but line ends.

    Before the lengths are checked: what is left of a prompt must not be empty.
    """
    if not isinstance(text, str):
        return text
    kept = (c for c in text.replace("\r\n", "\n") if c in "\n\t" or (c >= " " and c != "\x7f"))
    cleaned = "".join(kept).strip()
    return cleaned.encode("utf-8", "replace").decode()  # lone surrogates cannot cross JSON


R = TypeVar("R", bound=BaseRequest)


def build(kind: type[R], **fields: object) -> R:
    """A checked request of that kind. Raises BadOption with one sentence for the person."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "request"
        if first["type"] in EMPTY:
            raise BadOption(f"`{name}` is empty: say something there.") from None
        reason = first["msg"].removeprefix("Value error, ")
        raise BadOption(f"`{name}`: {reason[:1].lower()}{reason[1:]}.") from None
