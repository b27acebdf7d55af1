"""The files of a card: their format and their size."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.cards.card import Card, Colour, Gallery, Picture, TextBlock
from bot.errors import SpoolError
from bot.pictures import Converter, inspect
from bot.storage.files import ResultFiles
from bot.ui.components.views import Upload, files_of_card
from bot.ui.delivery.attachments import ROOM, loaded_files, pack, without_files
from tests.support.builders import webp
from tests.support.fakes.storage import InMemorySpool

LIMIT = 10 * 1024 * 1024  # bytes, Discord's


async def uploads(data: bytes, limit: int = LIMIT, *, as_png: bool = True) -> tuple[Upload, ...]:
    spool = InMemorySpool()
    spool.files["1-0.webp"] = data
    picture = Picture("1-0.webp", "hordecord-1-1.webp", as_png=as_png)
    async with Converter() as converter:
        packed = await pack(Card(Colour.QUIET, (Gallery((picture,)),)), spool, converter, limit)
    return packed.uploads


async def test_image_is_shown_as_png_on_request() -> None:
    (one,) = await uploads(webp())
    assert one.filename == "hordecord-1-1.png"
    assert inspect(one.data).format == "png"
    with Image.open(io.BytesIO(webp())) as before, Image.open(io.BytesIO(one.data)) as after:
        assert after.size == before.size
        assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()


async def test_image_stays_as_it_is_without_request() -> None:
    (one,) = await uploads(webp(), as_png=False)
    assert (one.filename, one.data) == ("hordecord-1-1.webp", webp())


async def test_png_over_the_limit_stays_as_it_was() -> None:
    noise = Image.effect_noise((256, 256), 80).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, "WEBP", quality=30)
    (one,) = await uploads(buffer.getvalue(), len(buffer.getvalue()) + ROOM)
    assert (one.filename, one.data) == ("hordecord-1-1.webp", buffer.getvalue())


async def test_a_file_that_cannot_be_made_smaller_is_replaced_by_its_text() -> None:
    spool, video = (
        InMemorySpool(),
        Picture("1-1.mp4", "hordecord-1-1.mp4", instead="[Download](<x>)"),
    )
    spool.files["1-1.mp4"] = b"x" * (ROOM + 11)
    card = Card(Colour.DONE, (Gallery((video,)),))
    async with Converter() as converter:
        fits = await pack(card, spool, converter, 2 * ROOM + 11)
        large = await pack(card, spool, converter, ROOM + 10)
    assert [upload.filename for upload in fits.uploads] == ["hordecord-1-1.mp4"]
    assert (large.uploads, large.card.blocks) == ((), (TextBlock("[Download](<x>)"),))
    assert without_files(card).blocks == (TextBlock("[Download](<x>)"),)


VIDEO = Card(Colour.QUIET, (Gallery((Picture("1-1.mp4", "hordecord-1-1.mp4"),)),))


async def test_video_is_sent_from_the_disk(tmp_path: Path) -> None:
    spool = ResultFiles(tmp_path, quota=10_000, days=1)
    await spool.put("1-1.mp4", b"video")
    async with Converter() as converter:
        packed = await pack(VIDEO, spool, converter, LIMIT)
        small = await pack(VIDEO, spool, converter, ROOM + 4)
    (upload,) = packed.uploads
    assert (upload.data, loaded_files(VIDEO)) == (b"", ())
    for _attempt in range(2):
        (file,) = files_of_card(packed.uploads)
        assert (file.filename, file.fp.read()) == ("hordecord-1-1.mp4", b"video")
        file.close()
    assert small.uploads == ()
    await spool.drop(["1-1.mp4"])
    with pytest.raises(SpoolError) as gone:
        files_of_card(packed.uploads)
    assert gone.value.gone
