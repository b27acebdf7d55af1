"""The prompt guidance of the host of the model reference. It is optional: many hosts have none."""

import logging
from pathlib import Path

import aiohttp

from bot.catalog.cached_file import PublicFile
from bot.errors import BackendError
from bot.horde.model_reference.client import ModelReferenceClient
from bot.version import CLIENT_AGENT

log = logging.getLogger(__name__)


class HostedGuidance(PublicFile):
    """The whole catalogue, with a copy in `folder`. A host without it has not changed."""

    def __init__(self, session: aiohttp.ClientSession, url: str, folder: Path, name: str) -> None:
        super().__init__(session, url, folder, name)
        self._client = ModelReferenceClient(session, url, client_agent=CLIENT_AGENT)

    async def fresh(self) -> tuple[bytes, str] | None:
        """The catalogue and its revision; None when it has not changed, or there is none."""
        try:
            found = await self._client.export_guidance()
        except BackendError as error:
            log.info("the host of the model reference has no guidance: %s", type(error).__name__)
            return None
        mark = str(found.metadata.revision)
        if mark == self._tag:
            return None
        return found.model_dump_json().encode(), mark
