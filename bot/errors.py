"""Every error this project raises on purpose.

BotError                       its text is written for a person
|-- UserError                  the person can mend it; shown privately, as it is
|   |-- BadOption              an option or a combination of options
|   `-- NotAllowed             a rule of the place, or somebody else's request
|-- SettingsError              config.toml or the environment; exit 2
|-- StoreError                 the database
|   |-- DatabaseTooNew         written by a newer version
|   `-- StoreBusy              locked or full: try again
|-- VaultError                 a key file is missing, wrong or unreadable
|-- SpoolError                 result bytes could not be kept
|-- PictureError               bytes that are no picture, or too large a one
|-- Undeliverable              nobody can see the card now
`-- BackendError               the Horde or another server
    |-- Transient              the same call may work later
    |   |-- BackendDown        unreachable, time-out, 5xx, a page instead of JSON
    |   |-- BackendPaused      maintenance, or our address is in time-out
    |   |-- RateLimited        a limiter's 429
    |   `-- TooManyPrompts     the account's waiting places are taken
    |-- RequestRejected        refused for good, with the server's rc
    |-- RequestGone            404: expired or never known
    `-- BadReply               a success that makes no sense
"""

import os


class BotError(Exception):
    """Base of all. `str(error)` is a sentence for a person and never holds a secret."""


class UserError(BotError):
    """What the person asked for cannot be done as it is; the text says what to do instead."""


class BadOption(UserError):
    """An option, or options that do not go together."""


class NotAllowed(UserError):
    """A rule of the place, or a request that belongs to somebody else."""


class SettingsError(BotError):
    """A setting that is wrong or unknown: one line with its name, its place, what is allowed."""


class StoreError(BotError):
    """The database could not do it."""


class DatabaseTooNew(StoreError):
    """The database was written by a newer version of the bot."""


class StoreBusy(StoreError):
    """The database is locked or its disk is full; nothing was written."""


class VaultError(BotError):
    """The keys that seal API keys are missing, wrong or unreadable."""


class SpoolError(BotError):
    """Result bytes could not be kept or read: disk full, over quota, a failing disk.

    `gone`: there are none; else they may be read, or kept, later.
    """

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


class PictureError(BotError):
    """Bytes that are not a picture we handle, or one that is too large."""


class Undeliverable(BotError):
    """Nobody can see the card now. `gone`: and never will, do not try again.

    `deleted`: gone since somebody took it away, or its place; else the bot may not change it.
    `shut`: Discord was reached and every door refused, so waiting alone will not help.
    """

    def __init__(
        self, message: str, *, gone: bool = False, deleted: bool = False, shut: bool = False
    ) -> None:
        super().__init__(message)
        self.gone = gone or deleted
        self.deleted = deleted
        self.shut = shut


class BackendError(BotError):
    """A backend did not do what it was asked. `rc`: its own word for it, "" without one."""

    def __init__(self, message: str, *, rc: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.rc = rc
        self.status = status


class Transient(BackendError):
    """The same call may work later. `retry_after`: seconds the server asked for, or None."""

    def __init__(
        self, message: str, *, rc: str = "", status: int = 0, retry_after: float | None = None
    ) -> None:
        super().__init__(message, rc=rc, status=status)
        self.retry_after = retry_after


class BackendDown(Transient):
    """Unreachable, too slow, 5xx or not JSON.

    `in_doubt`: the call had left and may have been carried out (only matters for a submit).
    """

    def __init__(
        self,
        message: str,
        *,
        rc: str = "",
        status: int = 0,
        retry_after: float | None = None,
        in_doubt: bool = False,
    ) -> None:
        super().__init__(message, rc=rc, status=status, retry_after=retry_after)
        self.in_doubt = in_doubt


class BackendPaused(Transient):
    """Up, but takes nothing now: MaintenanceMode, TimeoutIP. Everybody waits, nobody fails."""


class RateLimited(Transient):
    """A limiter's 429 (no rc). The request keeps its place."""


class TooManyPrompts(Transient):
    """The account's waiting places are taken (429 with that rc)."""


class RequestRejected(BackendError):
    """Refused for good. `private`: the reason is about an account, not for the channel.

    `kudos`: the price that the refusal names, 0 where it names none.
    """

    def __init__(
        self,
        message: str,
        *,
        rc: str = "",
        status: int = 0,
        private: bool = False,
        kudos: float = 0.0,
    ) -> None:
        super().__init__(message, rc=rc, status=status)
        self.private = private
        self.kudos = kudos


class RequestGone(BackendError):
    """The backend does not know this request (any more)."""


class BadReply(BackendError):
    """The server said yes, with a body that cannot be used."""


def reason_of(error: OSError) -> str:
    """The operating system's words for it; asyncio puts a whole sentence into `strerror`."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno).lower()
    return str(error.strerror or type(error).__name__)
