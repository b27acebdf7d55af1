"""The bytes of a result: links that lead nowhere, storages that are down, disks that are full."""

from bot.aio.clock import ticks
from bot.domain.results import Phase
from bot.errors import BackendDown, BadReply
from bot.pipeline.tracking.endings import NO_ROOM
from bot.pipeline.tracking.result_download import BROKEN, LOST
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import FOUR_FOXES, webp
from tests.support.virtual_clock import virtual

# Bytes


@virtual
async def test_a_link_that_leads_nowhere_is_named_and_the_rest_is_handed_out() -> None:
    bot = InMemoryBot().start()

    def bytes_of(url: str) -> bytes:
        if url.endswith("-2"):
            raise BadReply("The result is not there.", status=404)
        return webp()

    bot.horde.bytes_of = bytes_of
    record = await bot.ask(FOUR_FOXES)
    outcome = await bot.outcome(record)
    assert (outcome.phase, outcome.arrived) == (Phase.PARTIAL, 3)
    assert [p.problem for p in outcome.pictures] == ["", "", LOST, ""]
    assert bot.horde.count("fetch") == 3 + 3
    assert any(s.arrived == 3 for s in bot.presenter.of(record.id) if s.phase.is_open)
    await bot.kill()


@virtual
async def test_a_storage_that_is_down_for_a_minute_loses_nothing() -> None:
    bot = InMemoryBot().start()
    began = ticks()

    def bytes_of(_url: str) -> bytes:
        if ticks() - began < 75:
            raise BackendDown("The storage does not answer.", status=503)
        return webp()

    bot.horde.bytes_of = bytes_of
    assert (await bot.outcome(await bot.ask(FOUR_FOXES))).arrived == 4
    await bot.kill()


@virtual
async def test_a_full_disk_uses_up_no_tries() -> None:
    bot = InMemoryBot().start()
    bot.spool.full = 5
    missing = [BadReply("404"), BadReply("404")]

    def bytes_of(_url: str) -> bytes:
        if not bot.spool.full and missing:
            raise missing.pop()
        return webp()

    bot.horde.bytes_of = bytes_of
    assert (await bot.outcome(await bot.ask())).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_a_full_disk_is_waited_for() -> None:
    bot = InMemoryBot().start()
    bot.spool.full = 30
    record = await bot.ask()
    outcome = await bot.outcome(record, within=1200)
    assert outcome.phase is Phase.DONE
    assert [status.detail for status in bot.presenter.of(record.id)].count(NO_ROOM) == 1
    assert outcome.detail == ""
    await bot.kill()


@virtual
async def test_bytes_that_are_no_picture() -> None:
    bot = InMemoryBot().start()
    bot.horde.bytes_of = lambda _url: b"\xff\x00 no picture"
    outcome = await bot.outcome(await bot.ask())
    assert outcome.phase is Phase.FAULTED
    assert [p.problem for p in outcome.pictures] == [BROKEN]
    assert bot.spool.files == {}
    await bot.kill()
