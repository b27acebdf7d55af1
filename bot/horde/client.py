"""HordeClient: all calls to a Horde."""

import aiohttp

from bot.horde.accounts import AccountCalls
from bot.horde.downloads import SIZE_MAX, Downloads
from bot.horde.job_calls import JobCalls
from bot.horde.server_info import ServerInfoCalls
from bot.horde.styles import StyleCalls
from bot.horde.transport import Transport
from bot.horde.workers import WorkerCalls


class HordeClient(JobCalls, AccountCalls, WorkerCalls, StyleCalls, ServerInfoCalls):
    """One Horde at `url`. The caller closes the sessions.

    `links`: for results that workers put elsewhere (`public_addresses.open_links`); without it they
    are not downloaded.

    Every method raises BackendError and nothing else; no error contains a key or a request's id.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        client_agent: str,
        links: aiohttp.ClientSession | None = None,
    ) -> None:
        super().__init__(Transport(session, url, client_agent=client_agent))
        self._downloads = Downloads(session, url, links)

    async def fetch(self, url: str, limit: int = SIZE_MAX) -> bytes:
        """The bytes of a result's link. Raises BackendDown, or BadReply when there are none."""
        return await self._downloads.fetch(url, limit)
