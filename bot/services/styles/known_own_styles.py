"""The styles of users that the bot knows, in memory for a while."""

import time
from dataclasses import dataclass

from cachetools import TTLCache

from bot.services.styles.style_bodies import Style
from bot.services.styles.style_values import StyleKind

KNOWN_FOR = 3600.0  # seconds that a list of styles is kept for autocomplete
READ_FOR = 60.0  # seconds
USERS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class OwnStyle:
    """A style of a user, as an option offers it."""

    id: str
    name: str
    kind: StyleKind


class KnownOwnStyles:
    """The lists of the users' styles, and the styles that were read."""

    def __init__(self) -> None:
        self._listed: TTLCache[int, dict[str, OwnStyle]] = TTLCache(
            USERS_MAX, KNOWN_FOR, time.monotonic
        )
        # By user and id. At 5.1.5 one style may be read 20 times an hour and twice a second.
        self._styles: TTLCache[tuple[int, str], Style] = TTLCache(
            USERS_MAX, READ_FOR, time.monotonic
        )

    def named(self, user_id: int, typed: str) -> list[OwnStyle]:
        """The user's styles whose name contains the text, by name."""
        found = self._listed.get(user_id, {}).values()
        wanted = typed.strip().casefold()
        matching = (style for style in found if wanted in style.name.casefold())
        return sorted(matching, key=lambda style: style.name.casefold())

    def add(self, user_id: int, style: OwnStyle) -> None:
        """Add a style to the list of the user."""
        self._listed[user_id] = {**self._listed.get(user_id, {}), style.id: style}

    def remove(self, user_id: int, style_id: str) -> None:
        """Forget a style that was deleted."""
        self._listed.get(user_id, {}).pop(style_id, None)
        self._styles.pop((user_id, style_id), None)

    def read(self, user_id: int, style_id: str) -> Style | None:
        """The style as it was read or changed within the last minute."""
        return self._styles.get((user_id, style_id))

    def keep(self, user_id: int, style: Style) -> Style:
        """Keep a style that was read or changed."""
        self._styles[user_id, style.id] = style
        return style
