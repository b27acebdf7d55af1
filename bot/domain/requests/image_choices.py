"""The choices about an image in one layer: an option, a flag, a preset, a style or a default."""

from collections.abc import Collection
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from bot.domain.requests.base import Words
from bot.domain.requests.image import ImageFields
from bot.domain.requests.image_values import Shape

SIZES = frozenset({"shape", "width", "height"})  # one of them chosen replaces weaker ones
SCHEDULES = frozenset({"scheduler", "karras"})  # the same


class ImageChoices(ImageFields):
    """The fields in `names` are chosen; the others are unset and have their defaults.

    `shape` becomes a size once the model is known, `image_strengths` are those of the extra images.
    `preset`: the name of saved choices. `only`: neither a preset nor defaults count.
    """

    model_config = ConfigDict(extra="forbid")

    prompt: Words = ""
    shape: Shape | None = None
    preset: str = ""
    only: bool = False
    image_strengths: tuple[Annotated[float, Field(ge=0, le=1)], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The fields that are chosen."""
        return frozenset(self.model_fields_set)

    def values(self) -> dict[str, Any]:
        """The chosen values by the names of their fields."""
        return {name: getattr(self, name) for name in self.model_fields_set}

    def only_of(self, names: Collection[str]) -> Self:
        """Those of the choices that are in these fields."""
        kept = self.model_fields_set & set(names)
        return self.model_construct(**{name: getattr(self, name) for name in kept})

    def without(self, names: Collection[str]) -> Self:
        """The choices that are in other fields."""
        return self.only_of(self.model_fields_set - set(names))

    def __bool__(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.model_fields_set)

    def __eq__(self, other: object) -> bool:
        """Whether the same fields are chosen with the same values."""
        return isinstance(other, ImageChoices) and self.values() == other.values()

    def __hash__(self) -> int:
        return hash(frozenset(self.values().items()))


NO_CHOICES = ImageChoices()


def merged(*layers: ImageChoices) -> ImageChoices:
    """All choices in one. The layers come strongest first."""
    found: dict[str, Any] = {}
    for layer in reversed(layers):
        for group in (SIZES, SCHEDULES):
            if group & layer.model_fields_set:
                found = {name: value for name, value in found.items() if name not in group}
        found |= layer.values()
    return ImageChoices.model_construct(**found)
