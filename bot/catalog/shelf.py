"""The models of one kind, best served first."""

from collections.abc import Iterable

from bot.backends.base import Model
from bot.catalog.finder import Finder


class Shelf(Finder[Model]):
    """Finds them by name; without anything typed, the best-served first."""

    def __init__(self, models: Iterable[Model] = ()) -> None:
        served = sorted(models, key=lambda m: (-m.workers, m.wait, m.name))
        super().__init__(served, name=lambda model: model.name)

    @property
    def models(self) -> tuple[Model, ...]:
        """All of them."""
        return self.entries
