"""Cards onto Discord while the interaction's token lives."""

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.results import Phase, Status
from bot.errors import Undeliverable
from tests.support.bots.bot_on_discord import BotOnDiscord, fault
from tests.support.bots.deliveries import WAITING, card_of, count, ref_id, routes
from tests.support.builders import FOX_REQUEST, webp
from tests.support.discord.client import Person
from tests.support.discord.routes import EDIT_ANSWER

# While the token lives


async def test_an_edit_goes_through_the_token(live: BotOnDiscord, ada: Person) -> None:
    record, before = await live.ask(ada), await count(live)
    assert await live.show(record, WAITING) is None
    assert await routes(live, before) == [EDIT_ANSWER]
    assert "position 3" in (await card_of(live, record)).text


async def test_an_edit_that_changes_nothing_is_not_made(live: BotOnDiscord, ada: Person) -> None:
    record, before = await live.ask(ada), await count(live)
    for _ in range(3):
        await live.show(record, WAITING)
    assert await routes(live, before) == [EDIT_ANSWER]


async def test_the_first_card_counts_as_shown(live: BotOnDiscord, ada: Person) -> None:
    record, before = await live.ask(ada), await count(live)
    await live.show(record, Status(phase=Phase.QUEUED))
    assert await routes(live, before) == []


async def test_pictures_arrive_with_the_outcome(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    pictures = [webp(64), webp(96)]
    record, status = await live.finish(record, *pictures)
    await live.show(record, status)
    card = await card_of(live, record)
    assert [await live.control.fetch(url) for url in card.pictures] == pictures
    assert "Cancel" not in card.buttons


async def test_partial_results_are_replaced_not_piled_up(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada, FOX_REQUEST.model_copy(update={"n": 2}))
    record, status = await live.finish(record, webp(64), webp(96))
    first = status.model_copy(
        update={"phase": Phase.PROCESSING, "generations": status.generations[:1]}
    )
    running = replace(record, phase=Phase.PROCESSING)
    await live.show(running, first)
    assert len((await card_of(live, record)).pictures) == 1
    await live.show(record, status)
    assert len((await card_of(live, record)).pictures) == 2


async def test_a_picture_too_large_for_the_place_is_shrunk(live: BotOnDiscord, ada: Person) -> None:
    limit = 40_000
    await live.control.post("knobs", upload_limit=limit)
    record = await live.ask(ada)
    large = webp(256, noise=True)
    assert len(large) > limit
    record, status = await live.finish(record, large)
    await live.show(record, status)
    (url,) = (await card_of(live, record)).pictures
    assert len(await live.control.fetch(url)) <= limit


async def test_a_limit_that_shrank_meanwhile(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)  # told us 10 MiB
    picture = webp(256, noise=True)
    assert 50_000 < len(picture) < 110_000
    record, status = await live.finish(record, picture)
    ref = replace(record.messages[-1], upload_limit=120_000)
    record = replace(record, messages=(ref,))
    await live.control.post("knobs", upload_limit=50_000)
    await live.show(record, status)
    assert len((await card_of(live, record)).pictures) == 1


async def test_a_file_that_is_not_kept_is_said(live: BotOnDiscord, ada: Person) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    await live.spool.drop(["1-1.webp"])
    await live.show(record, status)
    card = await card_of(live, record)
    assert card.pictures == []
    assert "no longer stored" in card.text


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("drop", {}),
        ("drop_after", {}),
        ("truncate", {}),
        ("html", {"status": 502}),
        ("rate_limit", {"seconds": 0.1}),
    ],
)
async def test_trouble_on_the_way_is_tried_again(
    live: BotOnDiscord, ada: Person, kind: str, more: dict[str, Any]
) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    await fault(live.control, EDIT_ANSWER, kind, **more)
    assert await live.show(record, status) is None
    assert len((await card_of(live, record)).pictures) == 1


async def test_what_discord_dislikes_is_shown_in_words(
    live: BotOnDiscord, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    await fault(
        live.control, EDIT_ANSWER, "status", status=400, body={"code": 50035, "message": "Invalid"}
    )
    await live.show(record, status)
    card = await card_of(live, record)
    assert card.pictures == []
    assert "a fox" in card.text
    assert "Discord refuses its card" in caplog.text


async def test_bytes_that_cannot_be_read_just_now_are_waited_for(
    live: BotOnDiscord, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", too_many_open_files)
        with pytest.raises(Undeliverable) as caught:
            await live.show(record, status)
    assert not caught.value.gone
    assert not caught.value.shut
    await live.show(record, status)
    assert len((await card_of(live, record)).pictures) == 1


def too_many_open_files(_path: Path) -> bytes:
    raise OSError(errno.EMFILE, "Too many open files")


async def test_a_deleted_message_is_not_posted_again(live: BotOnDiscord, ada: Person) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    await live.control.call("DELETE", f"messages/{ref_id(record)}")
    with pytest.raises(Undeliverable) as caught:
        await live.show(record, status)
    assert caught.value.gone
    assert caught.value.deleted
