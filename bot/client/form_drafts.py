"""What people typed into a form that could not be used: kept, so that nobody types it twice."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import cast

LIFE = 15 * 60.0  # s
KEPT = 1_024  # drafts of at most a few thousand characters each

Fields = Mapping[str, str]


class FormDrafts:
    """The newest drafts, each by a key; in memory alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._drafts: OrderedDict[Hashable, tuple[float, Fields]] = OrderedDict()

    def keep(self, key: Hashable, fields: Fields) -> None:
        """Remember what was typed, for fifteen minutes."""
        self._drafts.pop(key, None)
        self._drafts[key] = (self._clock(), fields)
        if len(self._drafts) > KEPT:
            self._drafts.popitem(last=False)

    def get(self, key: Hashable) -> Fields | None:
        """What was typed there, if it is still remembered."""
        at, fields = self._drafts.get(key, (float("-inf"), {}))
        return fields if self._clock() - at < LIFE else None

    def drop(self, key: Hashable) -> None:
        """It was used."""
        self._drafts.pop(key, None)

    def forget(self, user_id: int) -> None:
        """Nothing that this person typed is remembered: their id is part of their keys."""
        for key in list(self._drafts):
            if isinstance(key, tuple) and user_id in cast("tuple[object, ...]", key):
                del self._drafts[key]
