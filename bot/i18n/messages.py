"""Messages in the language of their reader, as gettext does it.

`_("...")` translates where the message is said, `N_("...")` marks one that is said elsewhere. The
language is that of the current task: set for an interaction, or while a card is built.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.i18n.catalogs import catalog
from bot.i18n.languages import ENGLISH, Language

_current: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def current_language() -> Language:
    """The language of this task; English where none was set."""
    return _current.get()


def set_language(language: Language) -> None:
    """Say everything in that language for the rest of this task."""
    _current.set(language)


@contextmanager
def in_language(language: Language) -> Generator[None]:
    """Say everything inside the block in that language."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def _(message: str, /) -> str:
    """The message in the current language; placeholders as `{name}` are filled by the caller."""
    return catalog(_current.get()).gettext(message)


def ngettext(singular: str, plural: str, number: float, /) -> str:
    """The form of the message for that number in the current language."""
    return catalog(_current.get()).ngettext(singular, plural, int(number))


def N_(message: str, /) -> str:  # noqa: N802 - gettext's name
    """The message itself; marks it for the catalogues, `_` translates it where it is said."""
    return message
