"""Sentences about keys of a backend: where they are made, and where none is stored. Pure."""

from bot.domain.capabilities import Capabilities
from bot.errors import UserError
from bot.i18n import _


def check_takes_keys(able: Capabilities) -> None:
    """Raises UserError for a backend without keys of members."""
    if able.keys == "none":
        raise UserError(not_logged_in(able))


def check_takes_server_keys(able: Capabilities) -> None:
    """Raises UserError for a backend without keys of servers."""
    if able.keys == "none":
        raise UserError(no_server_key(able))


def where_made(able: Capabilities) -> str:
    """Where a key of the backend comes from."""
    if able.keys_from:
        return _("Keys are made at {place}.").format(place=able.keys_from)
    return _("Ask the operator of this bot for a key.")


def not_logged_in(able: Capabilities) -> str:
    """The user has no key there."""
    if able.keys == "none":
        return _("Requests at {backend} need no key of yours.").format(backend=able.title)
    text = _("The bot has no key of yours for {backend}. Add one with `/account login`. {where}")
    return text.format(backend=able.title, where=where_made(able))


def no_server_key(able: Capabilities) -> str:
    """The server has no key there."""
    if able.keys == "none":
        return _("Requests at {backend} need no key of this server.").format(backend=able.title)
    if able.has_kudos:
        return _(
            "This server has no key: members pay with their own keys or wait without kudos. Add a "
            "shared key, made with `/kudos share`, with `/server key set`."
        )
    text = _("This server has no key for {backend}. Add one with `/server key set`. {where}")
    return text.format(backend=able.title, where=where_made(able))
