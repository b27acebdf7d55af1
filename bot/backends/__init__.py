"""The backends, by the `type` of a `[backends.NAME]` table."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import aiohttp

from bot.backends.a1111.backend import TITLE as A1111_TITLE
from bot.backends.a1111.backend import A1111Backend
from bot.backends.a1111.client import WebuiClient
from bot.backends.aipg.backend import TITLE as AIPG_TITLE
from bot.backends.aipg.backend import AipgBackend
from bot.backends.aipg.client import AipgClient
from bot.backends.algovera.backend import TITLE as ALGOVERA_TITLE
from bot.backends.algovera.backend import AlgoveraBackend
from bot.backends.algovera.client import AlgoveraClient
from bot.backends.base import Backend
from bot.backends.horde.backend import HordeBackend
from bot.backends.horde.server_profiles import PROFILES
from bot.backends.openai.backend import TITLE, OpenAIBackend
from bot.backends.openai.client import OpenAIClient
from bot.backends.timing import CallTimer, untimed
from bot.domain.requests import Kind
from bot.errors import SettingsError
from bot.horde.client import HordeClient
from bot.horde.downloads import Downloads
from bot.settings import ANONYMOUS_KEY, BackendSettings
from bot.version import CLIENT_AGENT


@dataclass(frozen=True, slots=True)
class Address:
    """Name, title ("" for the usual one) and address of a backend, and the sessions for its calls.

    `links`: for addresses that come from other people; without it they are not followed.
    `settings`: what else the table says.
    """

    name: str
    title: str
    url: str
    session: aiohttp.ClientSession
    links: aiohttp.ClientSession | None
    settings: BackendSettings

    @property
    def key(self) -> str:
        """The operator's key, for calls that no requester pays; "" for none."""
        key = self.settings.api_key.get_secret_value()
        return "" if key == ANONYMOUS_KEY else key


@dataclass(frozen=True, slots=True)
class BackendType:
    """One type of backend. `url`: the usual address, "" when there is none.

    `profiles`: names of servers of this type that differ, "" for the usual one. `legacy`: its API
    is not maintained any more, and was not tried with the real server.
    """

    make: Callable[[Address], Backend]
    url: str = ""
    profiles: Collection[str] = ("",)
    legacy: bool = False


def _horde(at: Address) -> Backend:
    profile = PROFILES[at.settings.profile]
    client = HordeClient(
        at.session,
        at.url,
        client_agent=CLIENT_AGENT,
        links=at.links,
        retired=profile.retired,
    )
    return HordeBackend(at.name, client, title=at.title, profile=profile)


def _a1111(at: Address) -> Backend:
    client = WebuiClient(
        at.session,
        at.url,
        title=at.title or A1111_TITLE,
        key=at.key,
        seconds=at.settings.call_seconds,
    )
    return A1111Backend(at.name, client, previews=at.settings.previews)


def _algovera(at: Address) -> Backend:
    return AlgoveraBackend(at.name, AlgoveraClient(at.session, at.url, at.title or ALGOVERA_TITLE))


def _openai(at: Address) -> Backend:
    return OpenAIBackend(
        at.name,
        OpenAIClient(at.session, at.url, at.title or TITLE, seconds=at.settings.call_seconds),
        kinds=[Kind(kind) for kind in at.settings.kinds or ("text",)],
        own_key=at.key,
        priced=at.settings.priced,
        downloads=Downloads(at.session, at.url, at.links),
    )


def _aipg(at: Address) -> Backend:
    downloads = Downloads(at.session, at.url, at.links, user_agent=CLIENT_AGENT)
    seconds = at.settings.call_seconds
    client = AipgClient(at.session, at.url, at.title or AIPG_TITLE, seconds=seconds)
    return AipgBackend(at.name, client, downloads)


BACKENDS: dict[str, BackendType] = {
    "a1111": BackendType(_a1111, "http://127.0.0.1:7860"),
    "aipg": BackendType(_aipg, "https://api.aipowergrid.io/v1"),
    "algovera": BackendType(_algovera, "https://api.algovera.ai", legacy=True),
    "horde": BackendType(_horde, "https://aihorde.net/api/v2", PROFILES),
    "openai": BackendType(_openai),
}


def open_backend(
    name: str,
    settings: BackendSettings,
    *,
    session: aiohttp.ClientSession,
    links: aiohttp.ClientSession | None = None,
    timer: CallTimer = untimed,
) -> Backend:
    """The backend of those settings. The caller closes the sessions.

    `links`: for addresses that come from other people; without it they are not followed.
    `timer`: measures each call.

    Raises SettingsError for a type that is not in BACKENDS, a profile that it does not have, and
    for an address that is missing: no profile has the usual address of its type.
    """
    found = BACKENDS.get(settings.type)
    if found is None:
        allowed = ", ".join(sorted(BACKENDS))
        raise SettingsError(
            f"[backends.{name}] type: {settings.type!r} is unknown; allowed: {allowed}"
        )
    if settings.profile not in found.profiles:
        known = ", ".join(filter(None, sorted(found.profiles))) or "none"
        raise SettingsError(
            f"[backends.{name}] profile: {settings.profile!r} is unknown; allowed for the type"
            f" {settings.type}: {known}"
        )
    url = settings.url or ("" if settings.profile else found.url)
    if not url:
        named = settings.profile or settings.type
        raise SettingsError(f"[backends.{name}] url: {named} needs an address")
    backend = found.make(Address(name, settings.title, url, session, links, settings))
    backend.timer = timer
    if settings.safe:
        backend.capabilities = replace(backend.capabilities, censors=True)
    return backend
