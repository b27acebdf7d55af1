"""The backends, by the `type` of a `[backends.NAME]` table."""

from collections.abc import Callable

import aiohttp

from bot.backends.base import Backend
from bot.backends.horde.backend import HordeBackend
from bot.backends.timing import CallTimer, untimed
from bot.errors import SettingsError
from bot.horde.client import HordeClient
from bot.version import CLIENT_AGENT

Session = aiohttp.ClientSession


def _horde(name: str, url: str, session: Session, links: Session | None) -> Backend:
    client = HordeClient(session, url, client_agent=CLIENT_AGENT, links=links)
    return HordeBackend(name, client)


BACKENDS: dict[str, Callable[[str, str, Session, Session | None], Backend]] = {"horde": _horde}


def open_backend(
    name: str,
    *,
    type: str,  # noqa: A002  (the word of config.toml)
    url: str,
    session: Session,
    links: Session | None = None,
    timer: CallTimer = untimed,
) -> Backend:
    """The backend of that type at `url`. The caller closes the sessions.

    `links`: for addresses that come from other people; without it they are not followed.
    `timer`: measures each call.

    Raises SettingsError for a type that is not in BACKENDS.
    """
    maker = BACKENDS.get(type)
    if maker is None:
        allowed = ", ".join(sorted(BACKENDS))
        raise SettingsError(f"[backends.{name}] type: {type!r} is unknown; allowed: {allowed}")
    backend = maker(name, url, session, links)
    backend.timer = timer
    return backend
