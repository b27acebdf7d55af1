"""Downloads of files that members uploaded to Discord, and of nothing else."""

import aiohttp
from yarl import URL

from bot.errors import BadOption
from bot.http.client import Reply, exchange

UPLOADS = frozenset({"https://cdn.discordapp.com", "https://media.discordapp.net"})
# Where Discord passes on pictures that messages link to from elsewhere.
PROXIES = frozenset({"https://images-ext-1.discordapp.net", "https://images-ext-2.discordapp.net"})
SECONDS = 30.0
STRANGE = "Only files that were uploaded to Discord can be used. Upload it and try again."


class DiscordFiles:
    """Fetches from Discord's hosts. `others`: origins allowed besides, as `http://127.0.0.1:80`."""

    def __init__(
        self, session: aiohttp.ClientSession, others: frozenset[str] = frozenset()
    ) -> None:
        self._session = session
        self._uploads = UPLOADS | others
        self._all = self._uploads | PROXIES

    async def fetch(self, url: str, cap: int, *, proxied: bool = False) -> Reply:
        """The answer of Discord's storage, `raw` None for more than `cap` bytes. No redirection.

        `proxied`: also what Discord only passes on. Raises BadOption for an address elsewhere,
        BackendDown when no whole answer came.
        """
        self.check(url, proxied=proxied)
        return await exchange(self._session, "GET", url, headers={}, seconds=SECONDS, cap=cap)

    def check(self, url: str, *, proxied: bool = False) -> None:
        """Raise BadOption for what does not lead to Discord's storage."""
        try:
            link = URL(url, encoded=True)
            origin = str(link.origin())
        except ValueError:
            raise BadOption(STRANGE) from None
        known = self._all if proxied else self._uploads
        if origin not in known or link.user is not None or link.password is not None:
            raise BadOption(STRANGE)
