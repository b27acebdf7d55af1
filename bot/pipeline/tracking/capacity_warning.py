"""Whether a card warns that the workers for a request have too much work."""

from dataclasses import dataclass

from bot.domain.results import Status

POLLS = 3  # equal polls that change the warning: the Horde's figures change from poll to poll


@dataclass(slots=True)
class CapacityWarning:
    """The warning of one request. Older servers report nothing, so that it never appears."""

    shown: bool = False
    _differing: int = 0  # polls in a row

    def after(self, status: Status) -> bool:
        """Whether to warn after that poll."""
        if status.processing > 0:  # progress counts more than figures that may be a minute old
            self.shown, self._differing = False, 0
            return False
        limited = status.waiting > 0 and status.is_possible and status.might_stall
        self._differing = self._differing + 1 if limited is not self.shown else 0
        if self._differing >= POLLS:
            self.shown, self._differing = limited, 0
        return self.shown
