"""Lenient reading of the Horde's JSON: unknown fields are ignored, wrong ones become their default.

The server adds fields, its forks drop some, and workers send anything. Only fields without a
default are required: without them the object means nothing.
"""

import logging
import math
from collections.abc import Iterator
from typing import Annotated, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)

from bot.errors import BadReply

log = logging.getLogger(__name__)


class Sent(BaseModel):
    """An object sent to the Horde. None is left out: the server answers 400 to null."""

    # Built when first used: most runs need few of these, and it makes the start faster.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class Wire(BaseModel):
    """An object received from the Horde."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        allow_inf_nan=False,
        coerce_numbers_to_str=True,
        defer_build=True,
    )

    @field_validator("*", mode="wrap")
    @classmethod
    def _tolerate(
        cls, value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> object:
        try:
            return handler(value)
        except ValidationError:
            field = cls.model_fields[info.field_name or ""]
            if field.is_required():
                raise
            return field.get_default(call_default_factory=True)


def _whole(value: object) -> object:
    """4.2 seconds are 4: forks of the server send fractions where this one sends integers."""
    return int(value) if isinstance(value, float) and math.isfinite(value) else value


def _good_items(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    """The list or mapping without its bad entries; a list is cut to a maximum."""
    if isinstance(value, list):
        value = cast("list[object]", value)[:LIST_MAX]
    try:
        return handler(value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        bad = {item["loc"][0] for item in faults if item["loc"]}
        if isinstance(value, list):
            items = cast("list[object]", value)
            return handler([item for i, item in enumerate(items) if i not in bad])
        if isinstance(value, dict):
            pairs = cast("dict[object, object]", value).items()
            return handler({key: item for key, item in pairs if key not in bad})
        raise


LIST_MAX = 20_000  # entries; all workers of the Horde are three thousand
T = TypeVar("T")
Count = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=10**9)]
Amount = Annotated[float, Field(ge=-1e15, le=1e15)]  # kudos and the like, never inf or nan
Items = Annotated[tuple[T, ...], WrapValidator(_good_items)]
Tally = Annotated[dict[str, Count], WrapValidator(_good_items)]
Named = Annotated[dict[str, T], WrapValidator(_good_items)]

M = TypeVar("M", bound=Wire)


def read_as(model: type[M], body: object) -> M:
    """That object. Raises BadReply when a required field is missing."""
    try:
        return model.model_validate(body)
    except ValidationError:
        # Not chained: pydantic quotes the input, which may hold secrets.
        raise BadReply("The Horde gave an answer that makes no sense.") from None


def read_list(model: type[M], body: object) -> tuple[M, ...]:
    """Those objects, without unreadable ones. Raises BadReply when it is not a list."""
    if not isinstance(body, list):
        raise BadReply("The Horde gave an answer that makes no sense.")
    return tuple(_readable(model, cast("list[object]", body)))


def read_named(model: type[M], body: object) -> dict[str, M]:
    """Those objects by name, without unreadable ones. Raises BadReply when it is no object."""
    if not isinstance(body, dict):
        raise BadReply("The Horde gave an answer that makes no sense.")
    named = cast("dict[str, object]", body)
    found = {name: tuple(_readable(model, [item])) for name, item in named.items()}
    return {name: items[0] for name, items in found.items() if items}


def _readable(model: type[M], items: list[object]) -> Iterator[M]:
    for item in items:
        try:
            yield model.model_validate(item)
        except ValidationError:
            log.debug("skipped an unreadable %s", model.__name__)
