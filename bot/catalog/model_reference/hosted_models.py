"""The image models of the host of the model reference, which changes hours before the files do."""

import json
from pathlib import Path

import aiohttp

from bot.catalog.cached_file import PublicFile
from bot.errors import BadReply
from bot.horde.model_reference.client import ModelReferenceClient
from bot.i18n import _
from bot.version import CLIENT_AGENT

CATEGORY = "image_generation"


class HostedModels(PublicFile):
    """The records of all image models, downloaded only after a change, with a copy in `folder`.

    The mark of the copy is the time of the last change: the host ignores the mark of a file.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, folder: Path, name: str) -> None:
        super().__init__(session, url, folder, name)
        self._client = ModelReferenceClient(session, url, client_agent=CLIENT_AGENT)

    async def fresh(self) -> tuple[bytes, str] | None:
        """The records and their mark; None when they have not changed. Raises BackendError."""
        changed = (await self._client.get_last_updated(CATEGORY)).last_updated
        mark = "" if changed is None else str(changed)
        if mark and mark == self._tag:
            return None
        records = await self._client.list_records(CATEGORY)
        if not records:
            raise BadReply(_("The file could not be read."))
        known = {name: record.model_dump(mode="json") for name, record in records.items()}
        return json.dumps(known).encode(), mark
