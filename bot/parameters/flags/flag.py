"""The definition of a flag, and the usual kinds of flags."""

from dataclasses import dataclass
from typing import Any, Literal

from bot.domain.requests import NO_CHOICES, ImageChoices
from bot.domain.requests.image import ImageFields
from bot.parameters.flags.limits import field_limits
from bot.parameters.flags.value_types import Number, ValueType

Searched = Literal["", "models", "styles", "loras", "embeddings"]


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag: `--name VALUE`.

    fields   the choices it sets: a value each when there are several
    kind     type of its value; None for a switch
    alone    choices without a value; empty: it needs one
    away     choices of `--no-name`; empty: there is no such flag
    also     further choices that it sets
    many     it may be repeated: each value is added to a list
    searched the catalog's list that completes its value
    examples suggested values without such a list
    """

    name: str
    fields: tuple[str, ...]
    help: str
    kind: ValueType | None = None
    aliases: tuple[str, ...] = ()
    alone: ImageChoices = NO_CHOICES
    away: ImageChoices = NO_CHOICES
    also: ImageChoices = NO_CHOICES
    many: bool = False
    searched: Searched = ""
    examples: tuple[str, ...] = ()

    def sets(self, value: Any) -> ImageChoices:
        """The choices that a value sets."""
        values = value if len(self.fields) > 1 else (value,)
        own = dict(zip(self.fields, values, strict=True))
        return ImageChoices.model_construct(**own, **self.also.values())


def field_number(name: str) -> Number:
    """A number within the limits of that field."""
    return Number(field_limits(name))


def flag(
    name: str,
    says: str,
    kind: ValueType,
    *,
    to: str = "",
    aliases: str = "",
    also: ImageChoices = NO_CHOICES,
    away: ImageChoices | None = None,
    many: bool = False,
    searched: Searched = "",
    shown: str = "",
) -> Flag:
    """A flag with a value, for the field `to`.

    `--no-name` sets the field's default, if that means "not chosen". `aliases` are separated by
    blanks, `shown` examples by bars.
    """
    own = to or name.replace("-", "_")
    default = ImageChoices.model_fields[own].default
    if away is None:
        is_kept = own in ImageFields.model_fields and not default
        away = ImageChoices.model_validate({own: default}) if is_kept else NO_CHOICES
    return Flag(
        *(name, (own,), says, kind, tuple(aliases.split())),
        away=away,
        also=also,
        many=many,
        searched=searched,
        examples=tuple(filter(None, shown.split("|"))),
    )


def switch(name: str, says: str, *, to: str = "", aliases: str = "", on: bool = True) -> Flag:
    """A flag without a value: the field `to` becomes `on`, and the opposite with `--no-name`."""
    own = to or name.replace("-", "_")
    aliases_ = tuple(aliases.split())
    alone, away = (ImageChoices.model_validate({own: value}) for value in (on, not on))
    return Flag(name, (own,), says, None, aliases_, alone=alone, away=away)
