"""Previews of unfinished images: shown while the job runs, one file, gone at the end."""

import base64
from dataclasses import replace

from bot.domain.results import Phase, Preview, Status
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import png
from tests.support.fakes.blocking_backend import FREE, FakeBlocking
from tests.support.virtual_clock import virtual

WITH_PROGRESS = replace(FREE, progress=True)
SECONDS = 40


def previews(data: bytes = b"") -> tuple[Status, ...]:
    """One status for each second, each with another preview."""
    url = "data:;base64," + base64.b64encode(data or png(8, 8)).decode()
    return tuple(
        Status(
            phase=Phase.PROCESSING,
            processing=1,
            share=(n + 1) / SECONDS,
            preview=Preview(url=url, version=f"{n}"),
        )
        for n in range(SECONDS)
    )


def bot_with(*steps: Status) -> InMemoryBot:
    backend = FakeBlocking(capabilities=WITH_PROGRESS, seconds=SECONDS, steps=steps)
    return InMemoryBot(backend).start()


@virtual
async def test_a_preview_is_shown_at_most_every_five_seconds() -> None:
    bot = bot_with(*previews())
    record = await bot.ask()
    await bot.outcome(record)
    shown = [status.preview for status in bot.presenter.of(record.id) if status.preview]
    assert 5 <= len(shown) <= 9
    assert {each.file for each in shown} == {f"{record.id}-preview"}
    assert all(not each.url for each in shown)
    await bot.kill()


@virtual
async def test_the_file_of_a_preview_is_deleted_at_the_end() -> None:
    bot = bot_with(*previews())
    record = await bot.ask()
    await bot.until(lambda _row: f"{record.id}-preview" in bot.spool.files, record)
    outcome = await bot.outcome(record)
    assert outcome.preview is None
    assert f"{record.id}-preview" not in bot.spool.files
    await bot.kill()


@virtual
async def test_a_preview_is_not_stored_with_its_request() -> None:
    bot = bot_with(*previews())
    record = await bot.ask()
    await bot.until(lambda _row: f"{record.id}-preview" in bot.spool.files, record)
    row = await bot.store.requests.get(record.id)
    assert row is not None
    assert row.status is not None
    assert (row.status.preview, row.status.share) == (None, 0.0)
    await bot.kill()


@virtual
async def test_a_preview_that_is_no_picture_is_left_out() -> None:
    bot = bot_with(*previews(b"\x89PNG and nothing else"))
    record = await bot.ask()
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert all(status.preview is None for status in bot.presenter.of(record.id))
    await bot.kill()


@virtual
async def test_a_full_disk_costs_the_preview_alone() -> None:
    bot = bot_with(*previews())
    bot.spool.full = 2
    record = await bot.ask()
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()
