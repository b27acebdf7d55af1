"""The spool: whole files under our own names, within a quota."""

import asyncio
import errno
import os
import time
from pathlib import Path

import pytest

from bot.errors import SpoolError
from bot.storage.atomic_file import write_whole
from bot.storage.files import ResultFiles

DAY = 86_400.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def spool(folder: Path) -> ResultFiles:
    return ResultFiles(folder, quota=1000, days=2)


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


async def test_what_was_put_comes_back(spool: ResultFiles, folder: Path) -> None:
    await spool.put("12-0.webp", b"bytes\r\n")
    assert await spool.get("12-0.webp") == b"bytes\r\n"
    await spool.put("12-0.webp", b"others")
    assert await spool.get("12-0.webp") == b"others"
    assert [path.name for path in folder.iterdir()] == ["12-0.webp"]


async def test_a_dropped_file_is_gone(spool: ResultFiles) -> None:
    await spool.put("a", b"x")
    await spool.drop(["a", "never-there"])
    with pytest.raises(SpoolError, match="not kept any more"):
        await spool.get("a")


async def test_all_files_of_some_requests_are_dropped(spool: ResultFiles, folder: Path) -> None:
    for name in ("1-0.webp", "1-source", "11-0.webp", "2-1.png", "21-x"):
        await spool.put(name, b"x")
    await spool.drop_of([1, 2])
    assert sorted(path.name for path in folder.iterdir()) == ["11-0.webp", "21-x"]
    assert await spool.size() == 2


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "a\\b", ".part-1", "A", "a" * 82, "a\n", "a\x00"]
)
async def test_other_names_are_refused(spool: ResultFiles, name: str) -> None:
    with pytest.raises(SpoolError, match="no name"):
        await spool.put(name, b"x")
    with pytest.raises(SpoolError, match="no name"):
        await spool.get(name)
    with pytest.raises(SpoolError, match="no name"):
        await spool.drop([name])


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
async def test_results_are_private(spool: ResultFiles, folder: Path) -> None:
    await spool.put("a", b"x")
    assert (folder / "a").stat().st_mode & 0o077 == 0


async def test_the_quota_holds_also_for_many_at_once(spool: ResultFiles, folder: Path) -> None:
    puts = [spool.put(f"file-{n}", b"x" * 300) for n in range(6)]
    results = await asyncio.gather(*puts, return_exceptions=True)
    refused = [result for result in results if isinstance(result, SpoolError)]
    assert len(refused) == 3
    assert "spool_megabytes" in str(refused[0])
    assert sum(path.stat().st_size for path in folder.iterdir()) == 900


async def test_the_quota_counts_what_is_there_and_what_goes(
    spool: ResultFiles, folder: Path
) -> None:
    write_whole(folder / "old", b"x" * 800)
    with pytest.raises(SpoolError, match="no room"):
        await spool.put("new", b"x" * 300)
    await spool.drop(["old"])
    await spool.put("new", b"x" * 900)
    await spool.drop(["new"])
    await spool.put("new", b"x" * 400)
    await spool.put("new", b"x" * 500)  # 400 of these 900 are freed
    await spool.put("more", b"x" * 500)


async def test_a_full_disk_is_said_and_leaves_nothing(
    spool: ResultFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for _ in range(3):
            with pytest.raises(SpoolError, match="disk is full"):
                await spool.put("a", b"x" * 600)
    assert not list(folder.iterdir())
    await spool.put("a", b"x" * 1000)  # a failed put used nothing up


async def test_a_sweep_takes_the_old_but_not_the_wanted(spool: ResultFiles, folder: Path) -> None:
    for name in ("wanted", "old", "young", ".part-crashed", ".part-now"):
        write_whole(folder / name, b"x")
    for name in ("wanted", "old", ".part-crashed"):
        age(folder / name, 3 * DAY)
    assert await spool.sweep({"wanted"}) == 2
    assert {path.name for path in folder.iterdir()} == {"wanted", "young", ".part-now"}


async def test_a_file_that_goes_while_they_are_counted_is_not_counted(
    spool: ResultFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("1-0.webp", "2-0.webp", "3-0.webp"):
        write_whole(folder / name, b"x" * 10)
    scandir = os.scandir

    class Scanned:
        """As os.scandir: one of the files goes right after they were listed."""

        def __init__(self, path: Path) -> None:
            with scandir(path) as entries:
                self._entries = list(entries)
            (folder / "2-0.webp").unlink(missing_ok=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self._entries

        def __exit__(self, *_error: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", Scanned)
    assert await spool.size() == 20
    write_whole(folder / "2-0.webp", b"x" * 10)
    assert await spool.sweep(()) == 0
    write_whole(folder / "2-0.webp", b"x" * 10)
    await spool.drop_of([1, 2])
    assert [path.name for path in folder.iterdir()] == ["3-0.webp"]


async def test_a_sweep_over_quota_takes_the_oldest(spool: ResultFiles, folder: Path) -> None:
    for hours in range(1, 7):
        write_whole(folder / f"h{hours}", b"x" * 200)
        age(folder / f"h{hours}", hours * 3600)
    await spool.sweep({"h6"})
    assert {path.name for path in folder.iterdir()} == {"h6", "h3", "h2", "h1"}
    await spool.put("new", b"x" * 200)


async def test_what_somebody_saved_goes_last_and_never_of_age(
    spool: ResultFiles, folder: Path
) -> None:
    for name in ("saved", "saved-too", "other", "old"):
        write_whole(folder / name, b"x" * 400)
    for name, days in (("saved", 1000), ("saved-too", 900), ("old", 3)):
        age(folder / name, days * DAY)
    age(folder / "other", 3600)
    saved = ("saved", "saved-too")
    assert await spool.sweep((), saved) == 2
    assert {path.name for path in folder.iterdir()} == set(saved)
    assert await spool.sweep((), saved) == 0
    write_whole(folder / "new", b"x" * 300)
    assert await spool.sweep((), saved) == 1  # nothing else is left to go
    assert {path.name for path in folder.iterdir()} == {"saved-too", "new"}


async def test_what_found_no_room_asks_for_a_sweep(spool: ResultFiles, folder: Path) -> None:
    for hours in range(1, 5):
        await spool.put(f"h{hours}", b"x" * 240)
        age(folder / f"h{hours}", hours * 3600)
    assert not spool.crowded.is_set()
    with pytest.raises(SpoolError, match="no room"):
        await spool.put("new", b"x" * 100)
    assert spool.crowded.is_set()
    await spool.sweep({"h4"})
    assert not spool.crowded.is_set()
    assert {path.name for path in folder.iterdir()} == {"h4", "h2", "h1"}
    await spool.put("new", b"x" * 100)


async def test_a_sweep_spares_the_newest_even_over_quota(spool: ResultFiles, folder: Path) -> None:
    write_whole(folder / "new", b"x" * 5000)
    assert await spool.sweep(()) == 0
    assert (folder / "new").exists()


async def test_a_sweep_of_nothing(spool: ResultFiles) -> None:
    assert await spool.sweep(()) == 0


async def test_trouble_with_the_folder_is_a_spool_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    spool = ResultFiles(tmp_path / "file", quota=1000, days=1)
    with pytest.raises(SpoolError):
        await spool.put("a", b"x")
    with pytest.raises(SpoolError):
        await spool.get("a")


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    path = tmp_path / "file"
    write_whole(path, b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


async def test_received_file_is_kept_under_its_name(spool: ResultFiles, folder: Path) -> None:
    await spool.put("12-1.mp4", b"older")
    async with spool.receiving() as file:
        file.write(b"video")
        await spool.keep("12-1.mp4", file)
    assert await spool.get("12-1.mp4") == b"video"
    assert [path.name for path in folder.iterdir()] == ["12-1.mp4"]
    assert await spool.size() == 5
    if os.name == "posix":
        assert spool.path_of("12-1.mp4").stat().st_mode & 0o777 == 0o600


async def test_received_file_over_the_quota_leaves_nothing(
    spool: ResultFiles, folder: Path
) -> None:
    async with spool.receiving() as file:
        file.write(bytes(1001))
        with pytest.raises(SpoolError, match="spool_megabytes"):
            await spool.keep("12-1.mp4", file)
    async with spool.receiving() as file:
        file.write(b"not wanted")
    assert list(folder.iterdir()) == []
    assert await spool.size() == 0
