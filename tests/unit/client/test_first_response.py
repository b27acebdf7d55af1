"""The first card: once it is up its request is sent, and cancelled when it is not."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.aio.clock import ticks
from bot.client.first_response import CardDelivery, acknowledge
from bot.domain.records import Record
from bot.errors import StoreBusy
from bot.services.submission import Submission
from tests.support import builders
from tests.support.virtual_clock import virtual


@dataclass
class Desk:
    """As Cards and as Service: the answers, and a database that is locked for so long."""

    locked: float = 0.0  # seconds
    fault: Exception | None = None
    began: float = field(default_factory=ticks)
    said: list[str] = field(default_factory=list[str])

    async def parent_link(self, _record: Record) -> str:
        return ""

    async def open(self, _interaction: Any, _record: Record, *, parent_link: str = "") -> int:
        assert not parent_link
        if self.fault is not None:
            raise self.fault
        return 5

    async def card_exists(self, _record: Record) -> None:
        return None

    async def acked(self, _record: Record, message_id: int) -> None:
        self._write(f"acked {message_id}")

    async def unacked(self, _record: Record) -> None:
        self._write("unacked")

    def _write(self, what: str) -> None:
        if ticks() - self.began < self.locked:
            raise StoreBusy("The database is locked by another program. Try again.")
        self.said.append(what)

    async def answer(self) -> None:
        await acknowledge(
            cast("CardDelivery", self),
            cast("Submission", self),
            cast("Any", None),
            builders.record(),
        )


@virtual
async def test_a_database_that_is_locked_for_a_minute_loses_no_answer() -> None:
    desk = Desk(locked=60.0)
    await desk.answer()
    assert desk.said == ["acked 5"]


@virtual
async def test_what_discord_did_not_take_is_cancelled_then_too() -> None:
    desk = Desk(locked=60.0, fault=TimeoutError())
    await desk.answer()
    assert desk.said == ["unacked"]


@virtual
async def test_a_bug_in_a_card_leaves_no_request_that_waits_for_ever() -> None:
    desk = Desk(fault=AttributeError("oops"))
    with pytest.raises(AttributeError):
        await desk.answer()
    assert desk.said == ["unacked"]
