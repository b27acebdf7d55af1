"""Models in memory, found by what somebody typed."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

from bot.backends.base import Model

NAME_MAX = 100  # characters of a Discord choice: a longer name could not be chosen
_CLOSE = 70.0  # of 100: below it, rapidfuzz finds likeness in anything


class Shelf:
    """The models of one kind. Looking costs about a millisecond for 500."""

    def __init__(self, models: Iterable[Model] = ()) -> None:
        named = {m.name: m for m in models if 0 < len(m.name) <= NAME_MAX and m.name.isprintable()}
        self.models = tuple(sorted(named.values(), key=lambda m: (-m.workers, m.wait, m.name)))
        self._by_name = named
        self._by_case = {model.name.casefold(): model for model in reversed(self.models)}
        self._plain = {model.name: utils.default_process(model.name) for model in self.models}

    def search(self, typed: str, limit: int) -> list[Model]:
        """The likeliest first: what begins so, what contains it, what looks like it.

        Without anything typed, the best-served first.
        """
        query = utils.default_process(typed)
        if not query:
            return list(self.models[:limit])
        found = process.extract(
            query, self._plain, scorer=fuzz.WRatio, processor=None, score_cutoff=_CLOSE, limit=None
        )

        def rank(hit: tuple[str, float, str]) -> tuple[int, float, str]:
            plain, score, name = hit
            level = _level(query, plain)
            return level, -self._by_name[name].workers if level < _LIKE else -score, name

        return [self._by_name[name] for _, _, name in sorted(found, key=rank)[:limit]]

    def find(self, name: str) -> Model | None:
        """The model of exactly that name, or of that name in other case."""
        return self._by_name.get(name) or self._by_case.get(name.strip().casefold())


_LIKE = 3


def _level(query: str, plain: str) -> int:
    """0: begins with it; 1: a word begins with it; 2: contains it; 3: only looks like it."""
    if plain.startswith(query):
        return 0
    return 1 if f" {query}" in plain else 2 if query in plain else _LIKE
