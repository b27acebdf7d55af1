"""What a card says about a request that another backend makes."""

from collections.abc import Iterable
from enum import StrEnum

from bot.i18n import N_, _


class Cause(StrEnum):
    """Why another backend makes a request."""

    DOWN = N_("Made by {fallback}, because {backend} is not available.")
    NO_WORKER = N_("Made by {fallback}, because no worker of {backend} can take the request.")
    UNABLE = N_("Made by {fallback}, because {backend} does not have a function for it.")


OTHER_MODEL = N_("{fallback} chose the model, since yours belongs to the other backend.")
NO_KEY = N_("{fallback} takes the request without a key, for free.")
STARTED = N_(
    "A worker of {backend} started the request while it was moved to another backend. Press "
    "**Again** to send it again."
)


def warnings_of_move(
    earlier: Iterable[str],
    cause: Cause,
    title: str,
    fallback: str,
    titles: Iterable[str],
    *more: str,
) -> tuple[str, ...]:
    """The warnings of a moved request, without those of an earlier move.

    `title` and `fallback`: of the two backends; `titles`: of all. `more`: further messages.
    """
    old = _about_moves(tuple(titles))
    kept = [each for each in earlier if each not in old]
    said = [_(each).format(fallback=fallback, backend=title) for each in (cause, *more)]
    return (*said, *kept)


def _about_moves(titles: tuple[str, ...]) -> set[str]:
    messages = (*Cause, OTHER_MODEL, NO_KEY)
    return {
        _(message).format(fallback=fallback, backend=title)
        for message in messages
        for fallback in titles
        for title in titles
    }
