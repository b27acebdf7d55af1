"""The files of a card: read from disk, made small enough for the place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from bot.cards.card import Attachment, Block, Card, Gallery, Picture, TextBlock
from bot.errors import PictureError, SpoolError
from bot.i18n import _
from bot.pictures import inspect
from bot.pictures.converter import Converter
from bot.pictures.formats.mp4 import ENDINGS
from bot.storage.files import ResultFiles
from bot.ui.components.views import Upload

PNG_SIDE_MAX = 16_384  # pixels: more than any result has, so that nothing is reduced
ROOM = 4 * 1024  # bytes of an upload's limit for the form around the file


@dataclass(frozen=True, slots=True)
class PackedCard:
    """A card and its files, ready to be sent repeatedly."""

    card: Card
    uploads: tuple[Upload, ...] = ()


async def pack(card: Card, spool: ResultFiles, converter: Converter, limit: int) -> PackedCard:
    """The card with its files, none over `limit` bytes; a missing one is noted on the card.

    Pictures are shrunk if that helps. Raises SpoolError if they may be readable later.
    """
    blocks: list[Block] = []
    uploads: list[Upload] = []
    for block in card.blocks:
        if not isinstance(block, Gallery | Attachment):
            blocks.append(block)
            continue
        kept, found = await _fill(block, spool, converter, max(1, limit - ROOM))
        blocks += kept
        uploads += found
    return PackedCard(replace(card, blocks=tuple(blocks)), tuple(uploads))


def loaded_files(card: Card) -> tuple[str, ...]:
    """The stored files that the card shows and that are loaded into memory: all but videos."""
    parts = [
        part
        for block in card.blocks
        if isinstance(block, Gallery | Attachment)
        for part in (block.pictures if isinstance(block, Gallery) else (block,))
    ]
    return tuple(part.file for part in parts if part.file and not _is_video(part.file))


def without_files(card: Card) -> Card:
    """The card with its text only."""
    blocks = tuple(b for b in card.blocks if not isinstance(b, Gallery | Attachment))
    if blocks != card.blocks:
        galleries = (block for block in card.blocks if isinstance(block, Gallery))
        texts = [each.instead for one in galleries for each in one.pictures if each.instead]
        blocks = (*blocks, *map(TextBlock, texts or [_too_large()]))
    return replace(card, blocks=blocks)


def _too_large() -> str:
    return "-# " + _("A file is not shown: it is larger than Discord allows here.")


async def _fill(
    block: Gallery | Attachment, spool: ResultFiles, converter: Converter, limit: int
) -> tuple[Sequence[Block], Sequence[Upload]]:
    parts = block.pictures if isinstance(block, Gallery) else (block,)
    kept: list[Picture | Attachment] = []
    uploads: list[Upload] = []
    remarks: set[str] = set()
    for part in parts:
        if isinstance(part, Picture) and part.url:
            kept.append(part)
            continue
        try:
            upload = await _load(part, spool, converter, limit)
        except SpoolError as error:
            if not error.gone:
                raise
            remarks.add("-# " + _("A file is no longer stored."))
        except PictureError:
            remarks.add((isinstance(part, Picture) and part.instead) or _too_large())
        else:
            kept.append(replace(part, filename=upload.filename))
            uploads.append(upload)
    said = [TextBlock(remark) for remark in sorted(remarks)]
    if isinstance(block, Gallery):
        pictures = tuple(part for part in kept if isinstance(part, Picture))
        return [*([Gallery(pictures)] if pictures else []), *said], uploads
    return [*(part for part in kept if isinstance(part, Attachment)), *said], uploads


async def _load(
    part: Picture | Attachment, spool: ResultFiles, converter: Converter, limit: int
) -> Upload:
    """Raises SpoolError without the bytes, PictureError when they cannot be made small enough."""
    if isinstance(part, Picture) and _is_video(part.file):
        return await _from_disk(part, spool, limit)
    made_here = part.data if isinstance(part, Attachment) else b""
    data = made_here or await spool.get(part.file)
    if isinstance(part, Picture) and part.as_png:
        data = await _as_png(data, converter, limit)
    if len(data) <= limit:
        if isinstance(part, Picture) and part.as_png:
            return Upload(_renamed(part.filename, data), data)
        return Upload(_named(part.filename, data), data)
    if isinstance(part, Attachment) or part.instead:
        raise PictureError(_("This file is too large for Discord."))
    small = await converter.shrink(data, limit)
    return Upload(_renamed(part.filename, small), small)


async def _from_disk(video: Picture, spool: ResultFiles, limit: int) -> Upload:
    """A video, which is not loaded."""
    size = await spool.total([video.file])
    if not size:
        raise SpoolError("This result is not kept any more.", gone=True)
    if size > limit:
        raise PictureError(_("This file is too large for Discord."))
    return Upload(video.filename, path=spool.path_of(video.file))


def _is_video(file: str) -> bool:
    return PurePath(file).suffix in ENDINGS


async def _as_png(data: bytes, converter: Converter, limit: int) -> bytes:
    """The picture as a PNG; unchanged if that is too large or cannot be made."""
    if inspect(data).format == "png":
        return data
    try:
        found = await converter.as_source(data, max_side=PNG_SIDE_MAX, lossless=True)
    except PictureError:
        return data
    return found if len(found) <= limit else data


def _renamed(filename: str, data: bytes) -> str:
    return str(PurePath(filename).with_suffix(_suffix(data)))


def _named(filename: str, data: bytes) -> str:
    """The file name with an ending, which tells Discord the type; a source is stored
    without one.
    """
    return filename if PurePath(filename).suffix else filename + _suffix(data)


def _suffix(data: bytes) -> str:
    """Raises PictureError for bytes that are no picture."""
    return {"jpeg": ".jpg"}.get(kind := inspect(data).format, f".{kind}")
