"""The file of a preview: written before its card is edited, replaced, and deleted at the end."""

import asyncio
import logging

from bot.backends.inline_results import inline_content
from bot.domain.results import Status
from bot.errors import BadReply, PictureError, SpoolError
from bot.pipeline.tracking.result_download import without_metadata
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)
SIZE_MAX = 4 * 1024 * 1024  # bytes; previews are smaller than results


class PreviewFiles:
    """Writes the previews of open requests, one file for each request."""

    def __init__(self, files: ResultFiles) -> None:
        self._files = files

    async def stored(self, number: int, status: Status) -> Status:
        """The status with the file of its preview; without a preview when it cannot be used."""
        if status.preview is None:
            return status
        name = _name(number)
        try:
            data = inline_content(status.preview.url, SIZE_MAX) or b""
            _facts, plain = await asyncio.to_thread(without_metadata, data)
            await self._files.put(name, plain)
        except (BadReply, PictureError, SpoolError) as error:
            log.debug("#%d: its preview cannot be shown: %s", number, error)
            return status.model_copy(update={"preview": None})
        return status.with_preview(status.preview.model_copy(update={"file": name, "url": ""}))

    async def drop(self, number: int) -> None:
        """Delete the preview of a request that has ended."""
        try:
            await self._files.drop([_name(number)])
        except SpoolError as error:  # the sweep deletes it later
            log.info("#%d: its preview could not be deleted: %s", number, error)


def _name(number: int) -> str:
    return f"{number}-preview"
