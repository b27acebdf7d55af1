"""/queue and /history on the sandbox's Discord, with a service that only remembers."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.cards.custom_ids import CANCEL_REQUEST
from bot.domain.records import Record
from bot.domain.requests import ImageRequest, Kind
from bot.domain.results import Phase, Status
from bot.errors import UserError
from bot.pictures import inspect
from sandbox import Sandbox
from tests.support.bots.bot_on_discord import BotOnDiscord, bot_on
from tests.support.builders import FOX_REQUEST, webp
from tests.support.discord.client import Person
from tests.support.discord.messages import Message
from tests.support.fakes.submission import FakeService
from tests.support.waiting import eventually

COGS = ("cogs.components", "cogs.queue", "cogs.history", "tests.support.bots.ask_cog")


@dataclass
class Listing(FakeService):
    """One that lists, too."""

    async def open_of(self, user_id: int) -> list[Record]:
        queued = Status(phase=Phase.QUEUED, queue_position=1)
        own = [r for r in self.records.values() if r.user_id == user_id and r.phase.is_open]
        return [replace(record, status=record.status or queued) for record in own]

    async def ended_of(
        self,
        user_id: int,
        *,
        before: int | None = None,
        limit: int = 10,
        search: str = "",
        kind: Kind | None = None,
        favourites: bool = False,
    ) -> list[Record]:
        found = [
            one
            for one in self.records.values()
            if not one.phase.is_open
            and one.user_id == user_id
            and (before is None or one.id < before)
            and (kind is None or one.kind is kind)
            and search in getattr(one.request, "prompt", "")
            and (not favourites or one.id in await self.favoured([one]))
        ]
        return sorted(found, key=lambda one: -one.id)[:limit]

    async def delete(self, record_id: int, user_id: int) -> Record:
        await super().delete(record_id, user_id)
        return self.records.pop(record_id)

    async def cancel(self, record_id: int, user_id: int) -> Record:
        record = await super().cancel(record_id, user_id)
        if not record.phase.is_open:
            raise UserError("This request has already ended.")
        self.records[record_id] = replace(record, phase=Phase.CANCELLED)
        return self.records[record_id]

    async def cancel_all(self, user_id: int) -> int:
        return len([await self.cancel(one.id, user_id) for one in await self.open_of(user_id)])


@pytest.fixture
async def live(tmp_path: Path) -> AsyncGenerator[BotOnDiscord]:
    async with (
        Sandbox(horde=None) as box,
        bot_on(box, tmp_path, service=Listing(), extensions=COGS) as found,
    ):
        yield found


async def listed(live: BotOnDiscord, ada: Person, name: str) -> Message:
    answer = await ada.command(name)
    message = await live.control.message(answer.message_id)
    assert message.is_private
    return message


async def test_the_queue_is_private_and_stops_one(live: BotOnDiscord, ada: Person) -> None:
    for _ in range(2):
        await live.ask(ada)
    queue = await listed(live, ada, "queue")
    assert "**#1** · 1st in the queue of the bot" in queue.text
    await ada.act("component", message_id=queue.id, custom_id="hcq:cancel:1")
    after = await live.control.message(queue.id)
    assert "#1" not in after.text
    assert "**#2**" in after.text
    assert ("cancel", 1) in live.service.asked


async def test_all_are_stopped_at_once(live: BotOnDiscord, ada: Person) -> None:
    for _ in range(3):
        await live.ask(ada)
    ben = await live.control.person("ben")
    await live.ask(ben)
    queue = await listed(live, ada, "queue")
    await ada.press(queue, "Cancel all")
    after = await live.control.message(queue.id)
    assert "3 requests were cancelled." in after.text
    assert live.service.records[4].phase is Phase.QUEUED


async def test_one_that_ended_meanwhile_is_said(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    queue = await listed(live, ada, "queue")
    await live.finish(record, webp())
    await ada.press(queue, "Cancel")
    assert "already ended" in (await live.control.message(queue.id)).text


async def test_refresh_shows_what_is_new(live: BotOnDiscord, ada: Person) -> None:
    queue = await listed(live, ada, "queue")
    assert "no open requests" in queue.text
    await live.ask(ada)
    await ada.press(queue, "Refresh")
    assert "**#1**" in (await live.control.message(queue.id)).text


async def thumbnail_widths(live: BotOnDiscord, message: Message) -> list[int]:
    """Widths of the thumbnails that its files really have."""
    urls = [part["media"]["url"] for part in message.parts if part["type"] == 11]
    return [inspect(await live.control.fetch(url)).width for url in urls]


async def pressed(ada: Person, message: Message, words: str, **details: Any) -> Message:
    """What the message shows after a press of a button, or a choice in its menu."""
    await ada.act("component", message_id=message.id, **details)
    return await ada.sees(message.id, lambda m: words in m.text, f"{words} after a press")


async def test_history_turns_pages(live: BotOnDiscord, ada: Person) -> None:
    for _ in range(7):
        await live.finish(await live.ask(ada), webp())
    page = await ada.ask("history")
    assert page.is_private
    assert "**#7** · finished" in page.text
    assert "**#2**" not in page.text
    assert await thumbnail_widths(live, page) == [64] * 5
    second = await pressed(ada, page, "**#2**", custom_id="hch:page:0:3:--:")
    assert await thumbnail_widths(live, second) == [64] * 2
    await pressed(ada, second, "**#7**", custom_id="hch:page:0:0:--:")


async def test_history_is_searched_and_shows_one_close_up(live: BotOnDiscord, ada: Person) -> None:
    hare = ImageRequest(prompt="a hare", models=("Deliberate",))
    await live.finish(await live.ask(ada), webp())
    await live.finish(await live.ask(ada, hare), webp())
    page = await ada.ask("history", "", search="hare", kind="images")
    assert "**#2**" in page.text
    assert "**#1**" not in page.text
    close = await pressed(ada, page, "Deliberate", custom_id="hch:pick:0:0:i-:hare", values=["2"])
    assert len(close.pictures) == 1
    saved = await pressed(ada, close, "saved", custom_id="hch:save:2:0:i-:hare")
    assert "Unsave" in saved.buttons
    await ada.ask("history", "", favourites=True)
    asked = await pressed(ada, saved, "permanently?", custom_id="hch:delete:2:0:i-:hare")
    assert ("delete", 2) not in live.service.asked
    await pressed(ada, asked, "No request matches", custom_id="hch:erase:2:0:i-:hare")
    assert ("delete", 2) in live.service.asked


async def test_a_page_without_files_has_buttons_instead(live: BotOnDiscord, ada: Person) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    await live.spool.drop([status.pictures[0].file])
    page = await ada.ask("history")
    assert await thumbnail_widths(live, page) == []
    assert "Show" in page.buttons
    assert f"**#{record.id}**" in page.text


async def test_history_shows_a_result_in_private(live: BotOnDiscord, ada: Person) -> None:
    record, _ = await live.finish(await live.ask(ada), webp())
    live.service.records[record.id] = held = replace(record, phase=Phase.HELD)
    live.service.held.append(held)
    page = await ada.ask("history")
    assert "finished, not delivered yet" in page.text
    close = await pressed(ada, page, "1024", custom_id="hch:pick:0:0:--:", values=[str(record.id)])
    await ada.press(close, "Show")

    async def shown() -> Message | None:
        seen = await live.control.messages(ada.channel_id, ada.id)
        return next((message for message in seen if message.pictures), None)

    card = await eventually(shown, "the result")
    assert card.is_private
    assert live.service.held == []


async def test_history_makes_one_again(live: BotOnDiscord, ada: Person) -> None:
    record, _ = await live.finish(await live.ask(ada), webp())
    page = await ada.ask("history")
    close = await pressed(ada, page, "1024", custom_id="hch:pick:0:0:--:", values=[str(record.id)])
    await ada.press(close, "Again")
    assert live.service.records[2].parent == record.id
    assert live.service.records[2].request == FOX_REQUEST


async def test_a_list_from_before_a_restart_still_works(
    live: BotOnDiscord, ada: Person, tmp_path: Path
) -> None:
    await live.ask(ada)
    queue = await listed(live, ada, "queue")
    items = live.client._connection._view_store._dynamic_items
    del items[CANCEL_REQUEST.pattern]  # this bot does not route it
    async with bot_on(live.box, tmp_path / "next", service=live.service, extensions=COGS):
        await ada.press(queue, "Cancel")
    assert ("cancel", 1) in live.service.asked
