"""The servers that make things, by the `type` of a `[backends.NAME]` table."""

from collections.abc import Callable

import aiohttp

from bot import CLIENT_AGENT
from bot.backends.base import Backend
from bot.backends.horde import HordeBackend
from bot.errors import SettingsError
from bot.horde.client import HordeClient


def _horde(name: str, url: str, session: aiohttp.ClientSession) -> Backend:
    return HordeBackend(name, HordeClient(session, url, client_agent=CLIENT_AGENT))


BACKENDS: dict[str, Callable[[str, str, aiohttp.ClientSession], Backend]] = {"horde": _horde}


def open_backend(
    name: str,
    *,
    type: str,  # noqa: A002  (the word of config.toml)
    url: str,
    session: aiohttp.ClientSession,
) -> Backend:
    """The backend of that type at `url`; the session stays the caller's.

    Raises SettingsError for a type that is not in BACKENDS.
    """
    maker = BACKENDS.get(type)
    if maker is None:
        allowed = ", ".join(sorted(BACKENDS))
        raise SettingsError(f"[backends.{name}] type: {type!r} is unknown; allowed: {allowed}")
    return maker(name, url, session)
