"""Small pictures for lists: made once, small, and gone with what they show."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from cachetools import LRUCache

from bot.domain.generations import FormResult, ImageGeneration
from bot.domain.records import Record
from bot.domain.results import Phase, Status
from bot.pictures import Converter, inspect
from bot.pictures.thumbnails import SIDE, Thumbnails, thumbnail_source
from bot.storage.files import ResultFiles
from tests.support import builders
from tests.support.builders import webp


@pytest.fixture
def thumbnail_spool(tmp_path: Path) -> ResultFiles:
    return ResultFiles(tmp_path / "spool", quota=10_000_000, days=1)


@pytest.fixture
async def small(thumbnail_spool: ResultFiles) -> AsyncGenerator[Thumbnails]:
    async with Converter() as converter:
        yield Thumbnails(thumbnail_spool, converter)


def with_files(*names: str, number: int = 1) -> Record:
    made = tuple(ImageGeneration(id=name, file=name) for name in names)
    return builders.record(id=number, status=Status(phase=Phase.DONE, generations=made))


async def test_a_thumbnail_is_small_and_made_once(
    small: Thumbnails, thumbnail_spool: ResultFiles
) -> None:
    await thumbnail_spool.put("1-a.webp", webp(1024, noise=True))
    record = with_files("1-a.webp")
    found = await small.of(record)
    assert found is not None
    assert (inspect(found).width, inspect(found).height) == (SIDE, SIDE)
    await thumbnail_spool.drop(["1-a.webp"])
    assert await small.of(record) == found
    small.forget(record)
    assert await small.of(record) is None


async def test_what_cannot_be_shown_has_none(
    small: Thumbnails, thumbnail_spool: ResultFiles
) -> None:
    await thumbnail_spool.put("1-b.webp", b"no picture")
    for record in (
        builders.record(),
        with_files("1-b.webp"),
        with_files("1-gone.webp"),
        with_files(""),
    ):
        assert await small.of(record) is None


async def test_not_all_are_kept(
    small: Thumbnails, thumbnail_spool: ResultFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small, "_made", LRUCache[str, bytes](2))
    for name in ("1.webp", "2.webp", "3.webp"):
        await thumbnail_spool.put(name, webp())
    one, two, three = (with_files(name) for name in ("1.webp", "2.webp", "3.webp"))
    for record in (one, two, one, three):  # the one that was not asked for again goes
        assert await small.of(record) is not None
    await thumbnail_spool.drop(["1.webp", "2.webp", "3.webp"])
    assert await small.of(two) is None
    assert await small.of(one) is not None
    assert await small.of(three) is not None


def test_a_drawing_is_no_picture_for_a_list() -> None:
    forms = (
        FormResult(form="vectorize", state="done", file="1-v.svg"),
        FormResult(form="GFPGAN", state="done", file="1-g.png"),
    )
    record = builders.record(status=Status(phase=Phase.DONE, generations=forms))
    assert thumbnail_source(record) == "1-g.png"
