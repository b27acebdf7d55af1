"""The bytes of a result: stored files, their names, and problems of the others."""

import asyncio
from dataclasses import replace

import pytest

from bot.aio.byte_budget import ByteBudget
from bot.backends.base import Backend
from bot.domain.generations import FormResult, ImageGeneration, TextGeneration
from bot.domain.records import Record
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BadReply, ResultTooLarge, SpoolError
from bot.pipeline.tracking.result_download import (
    BROKEN,
    COPIES,
    DOWN_TRIES,
    LARGE,
    LOST,
    LOST_TRIES,
    MEMORY,
    MEMORY_OF_HOST,
    SMALL,
    Downloaded,
    with_missing_results,
)
from bot.pipeline.tracking.result_download import download_results as download_within
from bot.storage.files import ResultFiles
from tests.support import builders
from tests.support.builders import webp
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.storage import InMemorySpool

SVG_FILE = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
RECORD = builders.record(
    id=12, request=builders.image_request(n=4), phase=Phase.WAITING, messages=()
)


async def download_results(
    record: Record, status: Status, backend: Backend, files: ResultFiles, *, tries: int = 0
) -> Downloaded:
    """With memory for all."""
    memory = ByteBudget(MEMORY, MEMORY_OF_HOST)
    return await download_within(record, status, backend, files, memory, tries=tries)


def undownloaded(*ids: str) -> tuple[ImageGeneration, ...]:
    return tuple(ImageGeneration(id=own, url=f"https://r2/{own}") for own in ids)


def answering(error: Exception | None = None, data: bytes = b"") -> FakeHorde:
    horde = FakeHorde()

    def bytes_of(_url: str) -> bytes:
        if error is not None:
            raise error
        return data or webp()

    horde.bytes_of = bytes_of
    return horde


async def test_pictures_are_kept_under_names_of_our_own() -> None:
    shelf = InMemorySpool()
    found = await download_results(
        RECORD, builders.status(*undownloaded("A-1", "../b/2")), answering(), shelf
    )
    assert found.failure is None
    assert found.status.files == ("12-a-1.webp", "12-b-2.webp")
    assert set(shelf.files) == set(found.status.files)
    assert [(p.width, p.height) for p in found.status.pictures] == [(64, 64)] * 2


async def test_what_was_kept_is_not_fetched_again() -> None:
    shelf, horde = InMemorySpool(), answering()
    first = await download_results(
        RECORD, builders.status(*undownloaded("a", "b"), phase=Phase.PROCESSING), horde, shelf
    )
    again = replace(RECORD, status=first.status)
    whole = await download_results(
        again, builders.status(*undownloaded("b", "c", "a")), horde, shelf
    )
    assert horde.count("fetch") == 3
    assert [p.file for p in whole.status.pictures] == ["12-b.webp", "12-c.webp", "12-a.webp"]


async def test_pictures_without_an_id_are_not_taken_for_each_other() -> None:
    found = await download_results(
        RECORD, builders.status(*undownloaded("", "")), answering(), InMemorySpool()
    )
    assert found.status.files == ("12-0.webp", "12-1.webp")
    again = replace(RECORD, status=found.status)
    second = await download_results(
        again, builders.status(*undownloaded("", "")), answering(), InMemorySpool()
    )
    assert second.status.files == ("12-0.webp", "12-1.webp")


@pytest.mark.parametrize(
    ("error", "tries"),
    [(BadReply("404"), LOST_TRIES), (BackendDown("503"), DOWN_TRIES)],
    ids=["lost", "down"],
)
async def test_a_download_is_tried_so_often_and_no_more(error: Exception, tries: int) -> None:
    found = await download_results(
        RECORD,
        builders.status(*undownloaded("a")),
        answering(error),
        InMemorySpool(),
        tries=tries - 1,
    )
    assert found.failure is error
    assert (found.status.pictures[0].file, found.status.pictures[0].problem) == ("", "")
    last = await download_results(
        RECORD, builders.status(*undownloaded("a")), answering(error), InMemorySpool(), tries=tries
    )
    assert last.failure is None
    assert last.status.phase is Phase.FAULTED
    assert last.status.pictures[0].problem == LOST


async def test_while_it_is_open_nothing_is_given_up() -> None:
    found = await download_results(
        RECORD,
        builders.status(*undownloaded("a"), phase=Phase.PROCESSING),
        answering(BadReply("404")),
        InMemorySpool(),
    )
    assert found.failure is not None
    assert found.status.pictures[0].problem == ""


async def test_one_that_fails_does_not_keep_the_others_away() -> None:
    shelf, horde = InMemorySpool(), FakeHorde()

    def bytes_of(url: str) -> bytes:
        if url.endswith("b"):
            raise BackendDown("503")
        return webp()

    horde.bytes_of = bytes_of
    found = await download_results(
        RECORD, builders.status(*undownloaded("a", "b", "c")), horde, shelf, tries=1
    )
    assert [bool(p.file) for p in found.status.pictures] == [True, False, True]
    assert found.status.phase is Phase.DONE  # not with_missing_results before all is known
    assert isinstance(found.failure, BackendDown)


async def test_a_full_disk_is_never_given_up() -> None:
    shelf = InMemorySpool()
    shelf.full = 1
    found = await download_results(
        RECORD, builders.status(*undownloaded("a")), answering(), shelf, tries=100
    )
    assert isinstance(found.failure, SpoolError)
    assert found.status.pictures[0].problem == ""


@pytest.mark.parametrize("data", [b"no picture", b"\x89PNG\r\n\x1a\n", b"<svg/>"])
async def test_bytes_that_are_no_picture(data: bytes) -> None:
    found = await download_results(
        RECORD, builders.status(*undownloaded("a")), answering(data=data), InMemorySpool()
    )
    assert found.status.pictures[0].problem == BROKEN
    assert found.status.phase is Phase.FAULTED


def form(name: str, url: str = "https://r2/x") -> FormResult:
    return FormResult(form=name, state="done", url=url)


async def test_drawings_and_pictures_of_alchemy() -> None:
    shelf = InMemorySpool()
    drawn = await download_results(
        RECORD, builders.status(form("vectorize")), answering(data=SVG_FILE), shelf
    )
    assert drawn.status.files == ("12-vectorize.svg",)
    fixed = await download_results(RECORD, builders.status(form("GFPGAN")), answering(), shelf)
    assert fixed.status.files == ("12-gfpgan.webp",)
    broken = await download_results(
        RECORD, builders.status(form("vectorize")), answering(data=b"GIF89a"), shelf
    )
    assert broken.status.forms[0].problem == BROKEN


async def test_words_have_no_bytes() -> None:
    horde = answering()
    text, flag = TextGeneration(text="once"), FormResult(form="nsfw", state="done", flag=True)
    found = await download_results(
        RECORD, builders.status(text, flag), horde, InMemorySpool(), tries=1
    )
    assert found == Downloaded(builders.status(text, flag))
    assert horde.count("fetch") == 0


@pytest.mark.parametrize(
    ("phase", "problems", "files", "judgement"),
    [
        (Phase.DONE, ["", ""], ["a", "b"], Phase.DONE),
        (Phase.DONE, ["", "lost"], ["a", ""], Phase.PARTIAL),
        (Phase.DONE, ["lost", "lost"], ["", ""], Phase.FAULTED),
        (Phase.PARTIAL, ["lost"], [""], Phase.FAULTED),
        (Phase.PARTIAL, [""], ["a"], Phase.PARTIAL),
        (Phase.FAULTED, ["censored"], [""], Phase.FAULTED),
        (Phase.CANCELLED, ["lost"], [""], Phase.CANCELLED),
        (Phase.PROCESSING, ["lost"], [""], Phase.PROCESSING),
    ],
)
def test_what_the_bytes_make_of_an_outcome(
    phase: Phase, problems: list[str], files: list[str], judgement: Phase
) -> None:
    pictures = (
        ImageGeneration(id=str(n), problem=problem, file=file)
        for n, (problem, file) in enumerate(zip(problems, files, strict=True))
    )
    assert with_missing_results(builders.status(*pictures, phase=phase)).phase is judgement


def test_a_record_without_status_has_no_files() -> None:
    assert replace(RECORD, status=None).files == ()


class MeteredHorde(FakeHorde):
    """File servers that send `size` bytes, and the most that was allowed at one moment."""

    size = LARGE - 1000
    allowed = most = 0
    endless = ""  # a host that never sends the end

    async def fetch(self, url: str, limit: int) -> bytes:
        if self.size > limit:
            raise ResultTooLarge("large")
        self.allowed += limit
        self.most = max(self.most, self.allowed)
        try:
            await asyncio.sleep(0.001)
            if self.endless and self.endless in url:
                await asyncio.Event().wait()
        finally:
            self.allowed -= limit
        return webp()


async def downloads_of(
    horde: FakeHorde, hosts: list[str], memory: ByteBudget, first: int = 1
) -> list[Downloaded]:
    """Downloads of one request of a person of its own for each host."""
    return await asyncio.gather(
        *(
            download_within(
                replace(RECORD, id=number, user_id=number),
                builders.status(ImageGeneration(id="a", url=f"https://{host}/{number}")),
                horde,
                InMemorySpool(),
                memory,
            )
            for number, host in enumerate(hosts, first)
        )
    )


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_downloads_of_all_requests_hold_bounded_memory_together(size: int) -> None:
    horde, memory = MeteredHorde(), ByteBudget(MEMORY, MEMORY_OF_HOST)
    horde.size = size
    found = await downloads_of(horde, [f"r{n % 9}.test" for n in range(200)], memory)
    assert all(one.failure is None and len(one.status.files) == 1 for one in found)
    assert COPIES * horde.most <= MEMORY
    horde.most = 0
    await downloads_of(horde, ["r2.test"] * 50, memory)
    assert COPIES * horde.most <= MEMORY_OF_HOST


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_file_server_that_never_ends_does_not_hold_up_another(size: int) -> None:
    horde, memory = MeteredHorde(), ByteBudget(MEMORY, MEMORY_OF_HOST)
    horde.size, horde.endless = size, "evil"
    evil = asyncio.create_task(downloads_of(horde, ["evil.test"] * 200, memory, 2))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        (mine,) = await downloads_of(horde, ["r2.test"], memory)
    assert len(mine.status.files) == 1
    evil.cancel()
    await asyncio.gather(evil, return_exceptions=True)
