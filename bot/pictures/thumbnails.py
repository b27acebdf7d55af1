"""Small pictures of results for lists. Made once, then kept in memory for a while."""

from collections.abc import Collection

from cachetools import LRUCache

from bot.domain.records import Record
from bot.errors import PictureError, SpoolError
from bot.pictures import Converter
from bot.storage.files import ResultFiles

SIDE = 320  # pixels of the longer side: what a phone shows sharp in a list
KEPT = 400  # thumbnails of about 10 kB each
PICTURES = (".webp", ".png", ".jpg", ".gif")  # not what only a vector program opens


class Thumbnails:
    """From the spool's files, as long as they are there."""

    def __init__(self, spool: ResultFiles, converter: Converter) -> None:
        self._spool = spool
        self._converter = converter
        self._made: LRUCache[str, bytes] = LRUCache(KEPT)

    async def of(self, record: Record) -> bytes | None:
        """A WebP of its first picture; None when it has none, or not any more."""
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

    def forget(self, record: Record) -> None:
        """Its person deleted it."""
        self._made.pop(thumbnail_source(record), None)

    def forget_all(self, numbers: Collection[int]) -> None:
        """The same, for the requests with those numbers."""
        starts = {str(number) for number in numbers}
        for name in [name for name in self._made if name.partition("-")[0] in starts]:
            del self._made[name]


def thumbnail_source(record: Record) -> str:
    """The spool's file of the first picture that it came back with; "" for none."""
    status = record.status
    made = (*status.pictures, *status.forms) if status is not None else ()
    return next((one.file for one in made if one.arrived and one.file.endswith(PICTURES)), "")
