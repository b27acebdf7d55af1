"""The bytes of a result: links that lead nowhere, storages that are down, disks that are full."""

from bot.aio.clock import ticks
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase
from bot.errors import BackendDown, BadReply
from bot.pipeline.tracking.poll_step import NO_ROOM
from bot.pipeline.tracking.result_download import BROKEN, LOST
from tests.support.bots.in_memory_bot import House
from tests.support.fakes.jobs import picture
from tests.support.virtual_clock import virtual

FOUR = ImageRequest(prompt="four foxes", n=4)


# Bytes


@virtual
async def test_a_link_that_leads_nowhere_is_named_and_the_rest_is_handed_out() -> None:
    house = House().start()

    def bytes_of(url: str) -> bytes:
        if url.endswith("-2"):
            raise BadReply("The result is not there.", status=404)
        return picture()

    house.horde.bytes_of = bytes_of
    record = await house.ask(FOUR)
    outcome = await house.outcome(record)
    assert (outcome.phase, outcome.arrived) == (Phase.PARTIAL, 3)
    assert [p.problem for p in outcome.pictures] == ["", "", LOST, ""]
    assert house.horde.count("fetch") == 3 + 3
    assert any(s.arrived == 3 for s in house.stage.of(record.id) if s.phase.is_open)
    await house.kill()


@virtual
async def test_a_storage_that_is_down_for_a_minute_loses_nothing() -> None:
    house = House().start()
    began = ticks()

    def bytes_of(_url: str) -> bytes:
        if ticks() - began < 75:
            raise BackendDown("The storage does not answer.", status=503)
        return picture()

    house.horde.bytes_of = bytes_of
    assert (await house.outcome(await house.ask(FOUR))).arrived == 4
    await house.kill()


@virtual
async def test_a_full_disk_uses_up_no_tries() -> None:
    house = House().start()
    house.shelf.full = 5
    missing = [BadReply("404"), BadReply("404")]

    def bytes_of(_url: str) -> bytes:
        if not house.shelf.full and missing:
            raise missing.pop()
        return picture()

    house.horde.bytes_of = bytes_of
    assert (await house.outcome(await house.ask())).phase is Phase.DONE
    await house.kill()


@virtual
async def test_a_full_disk_is_waited_for() -> None:
    house = House().start()
    house.shelf.full = 30
    record = await house.ask()
    outcome = await house.outcome(record, within=1200)
    assert outcome.phase is Phase.DONE
    assert [status.detail for status in house.stage.of(record.id)].count(NO_ROOM) == 1
    assert outcome.detail == ""
    await house.kill()


@virtual
async def test_bytes_that_are_no_picture() -> None:
    house = House().start()
    house.horde.bytes_of = lambda _url: b"\xff\x00 no picture"
    outcome = await house.outcome(await house.ask())
    assert outcome.phase is Phase.FAULTED
    assert [p.problem for p in outcome.pictures] == [BROKEN]
    assert house.shelf.files == {}
    await house.kill()
