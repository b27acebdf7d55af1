"""Functions that a server does not have, so that they are not asked for again for an hour.

A server answers a route that it does not know with a page, so a 404 without an rc on a route that
is newer than 5.1.5 means: docs/horde-api.md#newer-servers.
"""

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import cast

from bot.errors import FeatureMissing
from bot.i18n import _

REMEMBERED = 3600.0  # seconds; after an update of the server the function is there within an hour


class Feature(StrEnum):
    """A function that some servers do not have. Its routes came, and go, together."""

    REQUEST_PARAMETERS = "parameters of a request"
    SAMPLER_CONSTRAINTS = "sampler constraints"
    STYLE_CONTRACT = "style contract"
    RATING = "rating of images"
    # Of the host of the model reference:
    MODEL_RECORDS = "records of models"
    MODEL_SEARCH = "search for models"
    POPULAR_MODELS = "popular models"
    LAST_UPDATED = "time of the last update"
    BASELINES = "baselines"
    PROMPT_GUIDANCE = "prompt guidance"


class MissingFeatures:
    """The functions that one server did not have when they were last asked for.

    `clock`: seconds; only differences count.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._found: dict[Feature, float] = {}

    def check(self, feature: Feature) -> None:
        """Raises FeatureMissing when it was found missing within the last hour."""
        found = self._found.get(feature)
        if found is not None and self._clock() - found < REMEMBERED:
            raise _missing(feature)

    def learn(self, feature: Feature, status: int, body: object) -> None:
        """Note what an answer says about it. Raises FeatureMissing when the route is unknown."""
        if is_unknown_route(status, body):
            self._found[feature] = self._clock()
            raise _missing(feature)
        self._found.pop(feature, None)


def is_unknown_route(status: int, body: object) -> bool:
    """Whether an answer concerns the route and not the object that was named.

    `body`: its JSON, None for a page. The host of the model reference answers with JSON in both
    cases; its framework's text for an unknown route is fixed.
    """
    if status != 404:
        return False
    if not isinstance(body, dict):
        return True
    fields = cast("Mapping[str, object]", body)
    return "rc" not in fields and fields.get("detail", "Not Found") == "Not Found"


def _missing(feature: Feature) -> FeatureMissing:
    text = _("The Horde does not have this function yet. Try again after its next update.")
    return FeatureMissing(text, feature=feature)
