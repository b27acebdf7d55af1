"""Rows of requests: stored, changed by one winner, deleted after their time."""

import asyncio

import pytest

from bot.domain.generations import ImageGeneration
from bot.domain.people import Credential
from bot.domain.records import MessageAccess, MessageRef, Payer
from bot.domain.requests import AlchemyRequest, Kind, Request, Source, TextRequest
from bot.domain.results import OPEN, Phase, Status
from bot.storage import Store
from bot.storage.tables.history import A_FEW
from tests.support.builders import FOX_BY_ANY_MODEL
from tests.support.stored_records import GUILD_MESSAGE, add


@pytest.mark.parametrize(
    "request_",
    [
        FOX_BY_ANY_MODEL,
        TextRequest(prompt="once upon", temperature=0.3),
        AlchemyRequest(source=Source(url="https://x/y.png"), forms=("caption", "GFPGAN")),
    ],
    ids=lambda r: r.kind,
)
async def test_a_request_comes_back_as_it_was(store: Store, request_: Request) -> None:
    record = await add(store, request=request_)
    assert record.phase is Phase.QUEUED
    assert not record.acked
    assert record == await store.requests.get(record.id)
    assert record.request == request_
    assert record.messages == (GUILD_MESSAGE,)


async def test_the_same_interaction_is_one_request(store: Store) -> None:
    first = await add(store, 1)
    again = await add(store, 1)
    assert again.id == first.id
    assert len(await store.requests.unfinished()) == 1


async def test_two_at_once_with_the_same_interaction(store: Store) -> None:
    records = await asyncio.gather(*(add(store, 1) for _ in range(10)))
    assert len({record.id for record in records}) == 1


async def test_the_ack_names_the_message(store: Store) -> None:
    record = await add(store)
    acked = await store.requests.ack(record.id, 4242)
    assert acked is not None
    assert acked.acked
    assert acked.messages[0].message_id == 4242
    assert acked == await store.requests.get(record.id)


async def test_only_one_claim_wins(store: Store) -> None:
    record = await add(store)
    claims = await asyncio.gather(
        *(
            store.requests.change(record.id, when={Phase.QUEUED}, phase=Phase.SENDING)
            for _ in range(8)
        )
    )
    assert sum(claim is not None for claim in claims) == 1


async def test_a_closed_request_cannot_be_changed(store: Store) -> None:
    record = await add(store)
    await store.requests.change(record.id, phase=Phase.DONE, closed_at=200.0)
    assert await store.requests.change(record.id, cancel_at=201.0) is None
    assert await store.requests.unfinished() == []


async def test_unknown_columns_are_a_bug(store: Store) -> None:
    record = await add(store)
    with pytest.raises(TypeError, match="no such columns"):
        await store.requests.change(
            record.id, when=OPEN, unsettled=False, **{"phase = 'done' --": 1}
        )


async def test_a_status_comes_back_with_its_pictures(store: Store) -> None:
    record = await add(store)
    picture = ImageGeneration(id="g", file="1-g.webp", seed="42", width=64, height=64)
    status = Status(phase=Phase.PARTIAL, generations=(picture,), warnings=("slow",))
    await store.requests.change(record.id, status=status, outcome_at=150.0)
    found = await store.requests.get(record.id)
    assert found is not None
    assert found.status == status
    assert found.outcome_at == 150.0


async def test_a_moved_message_is_the_newest(store: Store) -> None:
    record = await add(store)
    moved = MessageRef(channel_id=11, message_id=99, reach=MessageAccess.DM)
    await store.requests.move(record.id, moved)
    found = await store.requests.get(record.id)
    assert found is not None
    assert found.messages == (GUILD_MESSAGE, moved)


async def test_history_goes_backwards_in_pages(store: Store) -> None:
    for number in range(1, 8):
        record = await add(store, number)
        await store.requests.change(record.id, phase=Phase.DONE, closed_at=float(number))
    await add(store, 100, user=8)
    first = await store.history.page(7, limit=3)
    then = await store.history.page(7, before=first[-1].id, limit=3)
    assert [r.id for r in (*first, *then)] == [7, 6, 5, 4, 3, 2]
    assert await store.history.page(8) == []


async def test_held_results_are_found_and_released(store: Store) -> None:
    record = await add(store)
    await store.requests.change(record.id, phase=Phase.HELD, closed_at=1.0)
    assert [r.id for r in await store.requests.held_of(7)] == [record.id]
    assert await store.requests.change(record.id, when={Phase.HELD}, phase=Phase.DONE) is not None
    assert await store.requests.held_of(7) == []


async def test_others_write_while_much_is_forgotten(store: Store) -> None:
    for n in range(3 * A_FEW):
        record = await add(store, n)
        await store.requests.change(record.id, phase=Phase.DONE, closed_at=10.0)
    forgetting = asyncio.create_task(store.history.forget_before(500.0))
    await asyncio.sleep(0)
    await store.notes.write("key", "value")
    assert not forgetting.done()
    assert len(await forgetting) == 3 * A_FEW
    assert await store.history.page(7) == []


async def test_old_requests_are_forgotten_with_their_messages(store: Store) -> None:
    old, young, open_ = [await add(store, n) for n in (1, 2, 3)]
    await store.requests.change(old.id, phase=Phase.DONE, closed_at=10.0)
    await store.requests.change(young.id, phase=Phase.DONE, closed_at=1000.0)
    assert await store.history.forget_before(500.0) == [old.id]
    assert await store.requests.get(old.id) is None
    assert {r.id for r in (young, open_)} == {
        *(r.id for r in await store.history.page(7)),
        *(r.id for r in await store.requests.unfinished()),
    }


async def test_which_remote_ids_are_ours(store: Store) -> None:
    record = await add(store)
    await store.requests.change(record.id, remote_id="ours")
    assert await store.requests.known_remote_ids(["ours", "foreign"]) == {"ours"}
    assert await store.requests.known_remote_ids([]) == set()


async def test_keys_are_kept_by_owner(store: Store) -> None:
    def credential(sealed: bytes) -> Credential:
        return Credential(
            owner=Payer.USER, owner_id=7, backend="horde", sealed=sealed, username="ada#7",
            pays=frozenset({Kind.IMAGE, Kind.TEXT}), created_at=5.0,
        )  # fmt: skip

    assert await store.credentials.get(Payer.USER, 7, "horde") is None
    await store.credentials.put(credential(b"old"))
    await store.credentials.put(credential(b"new"))
    assert await store.credentials.get(Payer.USER, 7, "horde") == credential(b"new")
    assert await store.credentials.get(Payer.GUILD, 7, "horde") is None
    assert await store.credentials.delete(Payer.USER, 7, "horde")
    assert not await store.credentials.delete(Payer.USER, 7, "horde")


async def test_a_key_that_is_given_while_it_is_looked_up_is_found(store: Store) -> None:
    given = Credential(owner=Payer.USER, owner_id=7, backend="horde", sealed=b"new", created_at=5.0)
    for _ in range(20):
        await asyncio.gather(
            store.credentials.get(Payer.USER, 7, "horde"), store.credentials.put(given)
        )
        assert await store.credentials.get(Payer.USER, 7, "horde") == given
        await asyncio.gather(
            store.credentials.get(Payer.USER, 7, "horde"),
            store.credentials.delete(Payer.USER, 7, "horde"),
        )
        assert await store.credentials.get(Payer.USER, 7, "horde") is None


async def test_words_of_our_own(store: Store) -> None:
    assert await store.notes.read("commands") is None
    await store.notes.write("commands", "one")
    await store.notes.write("commands", "two")
    assert await store.notes.read("commands") == "two"
