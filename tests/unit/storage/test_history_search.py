"""A search of a long history goes on in parts, and gives the same."""

import pytest

from bot.domain.records import MessageRef, Payer
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase
from bot.storage import Store


@pytest.mark.parametrize("part", [1, 3, 1_000])
async def test_search_in_parts_finds_all_newest_first(
    store: Store, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.tables.history.SEARCHED", part)
    for number in range(20):
        record = await store.requests.add(
            interaction_id=number,
            backend="horde",
            user_id=7 + number % 2,
            guild_id=None,
            payer=Payer.ANONYMOUS,
            request=ImageRequest(prompt=f"a {'fox' if number % 3 else 'hare'}"),
            message=MessageRef(channel_id=1),
            now=1.0,
        )
        await store.requests.change(record.id, phase=Phase.DONE, closed_at=2.0)
    hares = [record.id for record in await store.history.page(7, search="hare")]
    assert hares == [19, 13, 7, 1]
    assert [r.id for r in await store.history.page(7, search="hare", limit=2)] == [19, 13]
    assert [r.id for r in await store.history.page(7, search="hare", before=13)] == [7, 1]
    assert [r.id for r in await store.history.page(7, limit=3)] == [19, 17, 15]
    assert await store.history.page(7, search="whale") == []
