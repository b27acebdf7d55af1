"""Every error this project raises on purpose.

BotError                       its text is a sentence for a person
|-- UserError                  the user can correct it; shown privately, unchanged
|   |-- BadOption              an option or a combination of options
|   |-- CardError              a file of a character, a lorebook or a chat that cannot be read
|   `-- NotAllowed             a rule of the place, or a request of another user
|-- SettingsError              config.toml or the environment; exit 2
|-- StoreError                 the database
|   |-- DatabaseTooNew         written by a newer version
|   `-- StoreBusy              locked or full: retry
|-- VaultError                 a key file is missing, wrong or unreadable
|   `-- SecretKeyError         no secret key, or one of another form; for operators
|-- SpoolError                 result bytes could not be kept
|-- PictureError               bytes that are no picture, or too large a one
|-- Undeliverable              the card cannot be shown now
`-- BackendError               the Horde or another server
    |-- Transient              the same call may work later
    |   |-- BackendDown        unreachable, time-out, 5xx, a page instead of JSON
    |   |   `-- BackendRetired the API does not exist any more; down until the settings change
    |   |-- BackendPaused      maintenance
    |   |   `-- AddressBlocked our address is in time-out, but for alchemy
    |   |-- RateLimited        a limiter's 429
    |   `-- TooManyPrompts     the account has no free slot
    |-- RequestRejected        refused for good, with the server's rc
    |   `-- SharedKeyLow       the shared key has too few kudos; another key may pay
    |-- RequestGone            404: expired or never known
    |-- FeatureMissing         the server is older than this function
    `-- BadReply               success with an unusable body
        `-- ResultTooLarge     a result with more bytes than were allowed
"""

import os


class BotError(Exception):
    """Base of all. `str(error)` is a sentence for a person and never holds a secret."""


class UserError(BotError):
    """The request cannot be done; the text says what to do instead."""


class BadOption(UserError):
    """An option, or options that do not go together."""


class CardError(UserError):
    """A file of a character, a lorebook or a chat that cannot be read; one sentence per fault."""


class NotAllowed(UserError):
    """A rule of the place, or a request of another user."""


class SettingsError(BotError):
    """A wrong or unknown setting: one line with its name, its place, the allowed values."""


class StoreError(BotError):
    """The database failed."""


class DatabaseTooNew(StoreError):
    """The database was written by a newer version of the bot."""


class StoreBusy(StoreError):
    """The database is locked or its disk is full; nothing was written."""


class VaultError(BotError):
    """The keys that seal API keys are missing, wrong or unreadable."""


class SecretKeyError(VaultError):
    """There is no secret key, or it has another form. The message is for operators."""


class SpoolError(BotError):
    """Result bytes could not be kept or read: disk full, over quota, a failing disk.

    `gone`: there are none; else they may be read, or kept, later.
    """

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


class PictureError(BotError):
    """Bytes that are not a picture we handle, or one that is too large."""


class NothingMarked(PictureError):
    """A mask, or the transparent part of a picture, marks nothing."""


class Undeliverable(BotError):
    """The card cannot be shown now. `gone`: never again, do not retry.

    `deleted`: a person deleted the message, or its channel is gone; else the bot may not change it.
    `shut`: Discord was reached and every route refused, so waiting alone does not help.
    """

    def __init__(
        self, message: str, *, gone: bool = False, deleted: bool = False, shut: bool = False
    ) -> None:
        super().__init__(message)
        self.gone = gone or deleted
        self.deleted = deleted
        self.shut = shut


class BackendError(BotError):
    """A call of a backend failed. `rc`: the backend's error code, "" without one."""

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

    `in_doubt`: the call was sent and may have been carried out (matters for a submit only).
    `title`: the backend's name for people, "" for a Horde.
    """

    def __init__(
        self,
        message: str,
        *,
        rc: str = "",
        status: int = 0,
        retry_after: float | None = None,
        in_doubt: bool = False,
        title: str = "",
    ) -> None:
        super().__init__(message, rc=rc, status=status, retry_after=retry_after)
        self.in_doubt = in_doubt
        self.title = title


class BackendRetired(BackendDown):
    """The API does not exist any more. The backend stays down until the settings change."""


class BackendPaused(Transient):
    """The backend is up but refuses all submits: MaintenanceMode, TimeoutIP. Requests wait."""


class AddressBlocked(BackendPaused):
    """The bot's address is in time-out: no images and texts, but alchemy, for a while."""


class RateLimited(Transient):
    """A rate limiter's 429 (no rc). The request keeps its queue position."""


class TooManyPrompts(Transient):
    """The account has no free slot (429 with that rc)."""


class RequestRejected(BackendError):
    """Refused for good. `private`: the reason concerns an account and is not shown in the channel.

    `kudos`: the price in the refusal, 0 for none.
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


class SharedKeyLow(RequestRejected):
    """The shared key that pays has too few kudos for the request. `rc` SharedKeyEmpty: none."""


class RequestGone(BackendError):
    """The backend does not know this request, or no longer."""


class FeatureMissing(BackendError):
    """The server is older than this function. `feature`: its name, for logs."""

    def __init__(self, message: str, *, feature: str) -> None:
        super().__init__(message, status=404)
        self.feature = feature


class BadReply(BackendError):
    """The backend reported success with an unusable body."""


class ResultTooLarge(BadReply):
    """A result has more bytes than the caller allowed; it was not read further."""


def reason_of(error: OSError) -> str:
    """The operating system's reason; asyncio puts a whole sentence into `strerror`."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno).lower()
    return str(error.strerror or type(error).__name__)


def clearest(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first BotError inside, the clearest message; else the group unchanged."""
    errors = group.split(BotError)[0]
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return errors or group
