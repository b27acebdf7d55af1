"""Named entries in memory, found by typed text."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process, utils

NAME_MAX = 100  # characters of a Discord choice: a longer name cannot be chosen
_CLOSE = 70.0  # of 100: below it, rapidfuzz finds everything similar
_WORDS, _LIKE = 3, 4

T = TypeVar("T")


def mark(name: str) -> str:
    """Twelve letters that identify a name where the name itself may be too long."""
    return hashlib.blake2s(name.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _nothing(_: object) -> str:
    return ""


def _anything(_: object) -> bool:
    return True


class SearchIndex(Generic[T]):
    """Entries, the best first. A search takes a few milliseconds for 2,000 of them.

    `name`: typed and chosen; `words`: further words for the search; `key`: distinguishes two
    entries of one name.
    """

    def __init__(
        self,
        entries: Iterable[T],
        *,
        name: Callable[[T], str],
        words: Callable[[T], str] = _nothing,
        key: Callable[[T], str] | None = None,
    ) -> None:
        key = key or name
        fit = {key(e): e for e in entries if _can_be_chosen(name(e)) and _can_be_chosen(key(e))}
        self.entries = tuple(fit.values())
        self._by_key = fit
        self._by_name = {name(entry): entry for entry in reversed(self.entries)}
        keyed = {key(entry).casefold(): entry for entry in reversed(self.entries)}
        named = {name(entry).casefold(): entry for entry in reversed(self.entries)}
        self._by_case = keyed | named
        self._by_mark = {mark(each): entry for each, entry in fit.items()}
        self._plain = [utils.default_process(name(entry)) for entry in self.entries]
        self._words = [utils.default_process(words(entry)) for entry in self.entries]

    def search(self, typed: str, limit: int, fits: Callable[[T], bool] = _anything) -> list[T]:
        """Matches, the best first: names that begin with the text, contain it, have it in their
        words, are similar.

        Without text the best entries first.
        """
        query = utils.default_process(typed)
        ranked = self._ranked(query) if query else range(len(self.entries))
        found: list[T] = []
        for at in ranked:
            if len(found) >= limit:
                break
            if fits(self.entries[at]):
                found.append(self.entries[at])
        return found

    def find(self, name: str) -> T | None:
        """The entry of exactly that key or name, or in another case."""
        found = self._by_key.get(name) or self._by_name.get(name)
        return found or self._by_case.get(name.strip().casefold())

    def marked(self, text: str) -> T | None:
        """The entry whose key has that `mark`."""
        return self._by_mark.get(text)

    def _ranked(self, query: str) -> list[int]:
        close = process.extract(
            query, self._plain, scorer=fuzz.WRatio, processor=None, score_cutoff=_CLOSE, limit=None
        )
        ranks: dict[int, tuple[int, float]] = {}
        for plain, score, at in close:
            level = _level(query, plain)
            ranks[at] = (level, at if level < _LIKE else -score)
        for at, words in enumerate(self._words):
            if words and query in words and ranks.get(at, (_LIKE, 0))[0] == _LIKE:
                ranks[at] = (_WORDS, at)
        return sorted(ranks, key=lambda at: (ranks[at], at))


def _can_be_chosen(name: str) -> bool:
    return 0 < len(name) <= NAME_MAX and name.isprintable()


def _level(query: str, plain: str) -> int:
    """0: begins with it; 1: a word begins with it; 2: contains it; else it is only similar."""
    if plain.startswith(query):
        return 0
    return 1 if f" {query}" in plain else 2 if query in plain else _LIKE
