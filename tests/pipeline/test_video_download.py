"""Videos of a request: stored, linked where they are too large, refused where they are none."""

from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO, cast

import pytest

from bot.backends.base import Backend
from bot.domain.generations import VideoGeneration
from bot.domain.results import Phase
from bot.errors import ResultTooLarge
from bot.pipeline.tracking.result_download import (
    BROKEN_VIDEO,
    LARGE_VIDEO,
    SMALL,
    Downloaded,
    download_budget,
    download_results,
)
from bot.storage.files import ResultFiles
from tests.support.builders import message_ref, record, status, video_generation, video_request

VIDEO = b"\x00\x00\x00\x14ftypisom\x00\x00\x02\x00mp41\x00\x00\x00\x08moov\x00\x00\x00\x00mdat"
LINK = "https://media.example/1.mp4"


async def downloaded(
    data: bytes, folder: Path, *, most: int = 10 * SMALL, may_link: bool = True
) -> Downloaded:
    async def save(url: str, into: BinaryIO, limit: int) -> None:
        assert url == LINK
        into.write(data[:limit])
        if len(data) > limit:
            raise ResultTooLarge("The result is too large.")

    files = ResultFiles(folder, quota=100 * SMALL, days=1)
    backend = cast("Backend", SimpleNamespace(save=save))
    shown = record(request=video_request(), messages=(message_ref(upload_limit=most),))
    made = status(video_generation(file="", url=LINK, may_link=may_link))
    return await download_results(shown, made, backend, files, download_budget())


def video_of(found: Downloaded) -> VideoGeneration:
    [video] = found.status.videos
    return video


async def test_a_video_is_stored(tmp_path: Path) -> None:
    video = video_of(await downloaded(VIDEO, tmp_path))
    assert (video.file, video.arrived, video.linked) == ("1-1.mp4", True, False)
    assert (tmp_path / video.file).read_bytes() == VIDEO


@pytest.mark.parametrize("most", [SMALL, 100 * SMALL])
async def test_a_video_above_the_limit_is_linked(tmp_path: Path, most: int) -> None:
    data = VIDEO + bytes(2 * SMALL if most == SMALL else 41 * SMALL)
    found = await downloaded(data, tmp_path, most=most)
    video = video_of(found)
    assert (video.file, video.linked, video.url) == ("", True, LINK)
    assert found.status.phase is Phase.DONE
    assert found.failure is None
    assert list(tmp_path.iterdir()) == []


async def test_a_large_video_of_an_unknown_host_is_not_linked(tmp_path: Path) -> None:
    data = VIDEO + bytes(2 * SMALL)
    found = await downloaded(data, tmp_path, most=SMALL, may_link=False)
    assert (video_of(found).problem, video_of(found).arrived) == (LARGE_VIDEO, False)
    assert found.status.phase is Phase.FAULTED


async def test_a_file_that_is_no_video_is_refused(tmp_path: Path) -> None:
    found = await downloaded(b"<html>", tmp_path)
    assert video_of(found).problem == BROKEN_VIDEO
    assert found.status.phase is Phase.FAULTED
