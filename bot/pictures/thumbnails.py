"""Thumbnails of results for lists. Made once, then cached."""

from collections.abc import Collection

from cachetools import LRUCache

from bot.domain.records import Record
from bot.errors import PictureError, SpoolError
from bot.pictures import Converter
from bot.storage.files import ResultFiles

SIDE = 320  # pixels of the longer side: sharp in a list on a phone
KEPT = 400  # thumbnails of about 10 kB each
PICTURES = (".webp", ".png", ".jpg", ".gif")  # without formats that only vector programs open


class Thumbnails:
    """Made from the stored result files, while they exist."""

    def __init__(self, spool: ResultFiles, converter: Converter) -> None:
        self._spool = spool
        self._converter = converter
        self._made: LRUCache[str, bytes] = LRUCache(KEPT)

    async def of(self, record: Record) -> bytes | None:
        """A WebP of its first picture; None without one."""
        name = thumbnail_source(record)
        if not name:
            return None
        if (made := self._made.get(name)) is not None:
            return made
        try:
            data = await self._spool.get(name)
            made = self._made[name] = await self._converter.of(record.user_id).as_source(
                data, max_side=SIDE
            )
        except (SpoolError, PictureError):
            return None
        return made

    async def of_file(self, name: str, owner: int, side: int) -> bytes | None:
        """A PNG of a stored file with that longest side, not cached; None without the file."""
        try:
            data = await self._spool.get(name)
            return await self._converter.of(owner).as_source(data, max_side=side, lossless=True)
        except (SpoolError, PictureError):
            return None

    def forget(self, record: Record) -> None:
        """Remove the thumbnail of a deleted request."""
        self._made.pop(thumbnail_source(record), None)

    def forget_all(self, numbers: Collection[int]) -> None:
        """The same, for the requests with those numbers."""
        starts = {str(number) for number in numbers}
        for name in [name for name in self._made if name.partition("-")[0] in starts]:
            del self._made[name]


def thumbnail_source(record: Record) -> str:
    """The stored file of its first picture; "" for none."""
    status = record.status
    made = (*status.pictures, *status.forms) if status is not None else ()
    return next((one.file for one in made if one.arrived and one.file.endswith(PICTURES)), "")
