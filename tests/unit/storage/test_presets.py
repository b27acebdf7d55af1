"""Presets, defaults, people's own rules, favourites, and a history that can be searched."""

import asyncio
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Notify, PersonSettings, Preset, Scope
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Kind, Request, Source, TextRequest
from bot.domain.results import Phase
from bot.storage import Store
from bot.storage.database import Database
from bot.storage.tables.rows import search_words, searchable
from tests.support.cpu_time import cpu_limit
from tests.support.fakes.storage import connection
from tests.support.stored_records import add

SNOW_FOX_REQUEST = ImageRequest(prompt="a fox in SNOW", models=("Deliberate",))
DUSK = Preset(Scope.USER, 7, "Dusk", '{"steps": 9}', 7, 10.0, 10.0)


async def stored_finished(
    store: Store, number: int, request: Request = SNOW_FOX_REQUEST, user: int = 7
) -> Record:
    """A request that is over."""
    record = await add(store, number, request, user)
    closed = await store.requests.change(record.id, phase=Phase.DONE, closed_at=float(number))
    assert closed is not None
    return closed


async def history_ids(store: Store, search: str, **rules: object) -> list[int]:
    return [one.id for one in await store.history.page(7, search=search, **rules)]  # type: ignore[arg-type]  # options by name


async def test_a_preset_comes_back_whatever_the_case_of_its_name(store: Store) -> None:
    assert await store.presets.put(DUSK, 50)
    assert await store.presets.of(Scope.USER, 7) == (DUSK,)
    louder = replace(DUSK, name="DUSK", choices="{}")
    assert await store.presets.put(louder, 50)
    assert await store.presets.of(Scope.USER, 7) == (louder,)
    assert await store.presets.of(Scope.GUILD, 7) == ()
    assert await store.presets.of(Scope.USER, 8) == ()
    assert await store.presets.delete(Scope.USER, 7, " dusk ")
    assert not await store.presets.delete(Scope.USER, 7, "dusk")
    assert await store.presets.of(Scope.USER, 7) == ()


async def test_the_last_used_preset_comes_first(store: Store) -> None:
    dawn = replace(DUSK, name="dawn", used_at=5.0)
    for preset in (DUSK, dawn):
        await store.presets.put(preset, 50)
    assert [one.name for one in await store.presets.of(Scope.USER, 7)] == ["Dusk", "dawn"]
    await store.presets.mark_used(dawn, 20.0)
    assert [one.name for one in await store.presets.of(Scope.USER, 7)] == ["dawn", "Dusk"]


async def test_presets_are_limited_also_when_saved_at_once(store: Store) -> None:
    many = [replace(DUSK, name=f"preset {number}") for number in range(8)]
    kept = await asyncio.gather(*(store.presets.put(one, 5) for one in many))
    assert sum(kept) == 5
    assert len(await store.presets.of(Scope.USER, 7)) == 5
    assert await store.presets.put(many[0], 5)  # an old one may be replaced


async def test_defaults_by_place(store: Store) -> None:
    assert await store.defaults.get(Scope.CHANNEL, 4) == ""
    await store.defaults.put(Scope.CHANNEL, 4, '{"steps": 1}')
    await store.defaults.put(Scope.CHANNEL, 4, '{"steps": 2}')
    assert await store.defaults.get(Scope.CHANNEL, 4) == '{"steps": 2}'
    assert await store.defaults.get(Scope.GUILD, 4) == ""
    await store.defaults.put(Scope.CHANNEL, 4, "")
    assert await store.defaults.get(Scope.CHANNEL, 4) == ""


async def test_how_a_person_wants_to_hear(store: Store) -> None:
    assert await store.person_settings.get(7) == PersonSettings()
    await store.person_settings.put(7, PersonSettings(notify=Notify.DM))
    assert (await store.person_settings.get(7)).notify is Notify.DM
    assert (await store.person_settings.get(8)).notify is Notify.OFF


async def test_what_is_set_while_it_is_read_is_found(store: Store) -> None:
    for number in range(20):
        text = f'{{"steps": {number + 1}}}'
        await asyncio.gather(
            store.defaults.get(Scope.USER, 7),
            store.presets.of(Scope.USER, 7),
            store.defaults.put(Scope.USER, 7, text),
            store.presets.put(replace(DUSK, choices=text), 50),
        )
        assert await store.defaults.get(Scope.USER, 7) == text
        assert (await store.presets.of(Scope.USER, 7))[0].choices == text


async def test_memory_is_on_the_disk(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "bot.db") as first:
        await first.presets.put(DUSK, 50)
        await first.defaults.put(Scope.USER, 7, "{}")
        await first.person_settings.put(7, PersonSettings(notify=Notify.MENTION))
        record = await stored_finished(first, 1)
        assert await first.history.add_favourite(record, 1.0, 5)
    async with Store.open(tmp_path / "bot.db") as again:
        assert await again.presets.of(Scope.USER, 7) == (DUSK,)
        assert await again.defaults.get(Scope.USER, 7) == "{}"
        assert (await again.person_settings.get(7)).notify is Notify.MENTION
        assert await again.history.favourites_among([record.id]) == {record.id}


async def test_history_is_searched_by_words_in_any_case(store: Store) -> None:
    fox = await stored_finished(store, 1)
    hare = await stored_finished(
        store, 2, ImageRequest(prompt="Ein HASE im Grünen: 100% wild_life")
    )
    text = await stored_finished(store, 3, TextRequest(prompt="the fox and the hare"))
    form = AlchemyRequest(source=Source(url="", filename="fox.png"), forms=("caption",))
    alchemy = await stored_finished(store, 4, form)
    await stored_finished(store, 5, user=8)
    assert await history_ids(store, "fox") == [alchemy.id, text.id, fox.id]
    assert await history_ids(store, "snow FOX") == [fox.id]
    assert await history_ids(store, "deliberate") == [fox.id]
    assert await history_ids(store, "GRÜN") == [hare.id]
    assert await history_ids(store, "100%") == [hare.id]
    assert await history_ids(store, "d_l") == [hare.id]
    assert await history_ids(store, "%") == [hare.id]
    assert await history_ids(store, "a' OR 1=1 --") == []
    assert await history_ids(store, "fox", kind=Kind.TEXT) == [text.id]
    assert await history_ids(store, "fox", before=text.id) == [fox.id]
    assert await history_ids(store, "", kind=Kind.ALCHEMY) == [alchemy.id]


async def test_what_is_open_is_no_history(store: Store) -> None:
    record = await stored_finished(store, 1)
    await store.requests.change(record.id, when={Phase.DONE}, phase=Phase.PROCESSING)
    assert await history_ids(store, "fox") == []


@given(st.text(min_size=1, max_size=60).map(lambda text: f"x {text}"))
def test_each_word_of_a_prompt_finds_it(text: str) -> None:
    request = ImageRequest(prompt=text)
    known = searchable(request)
    for word in request.prompt.split():
        assert all(part in known for part in search_words(word).split())


async def test_favourites_outlive_what_is_forgotten(store: Store) -> None:
    saved, plain = await stored_finished(store, 1), await stored_finished(store, 2)
    assert await store.history.add_favourite(saved, 5.0, 3)
    assert await store.history.add_favourite(saved, 6.0, 3)
    assert await history_ids(store, "", favourites=True) == [saved.id]
    assert [one.id for one in await store.history.favourites()] == [saved.id]
    assert await store.history.forget_before(50.0) == [plain.id]
    assert await history_ids(store, "") == [saved.id]
    await store.history.remove_favourite(saved.id)
    assert await store.history.forget_before(50.0) == [saved.id]
    assert await history_ids(store, "") == []


async def test_favourites_are_limited_for_each_person(store: Store) -> None:
    records = [await stored_finished(store, number) for number in range(1, 6)]
    saved = await asyncio.gather(*(store.history.add_favourite(one, 1.0, 3) for one in records))
    assert sum(saved) == 3
    other = await stored_finished(store, 9, user=8)
    assert await store.history.add_favourite(other, 1.0, 3)
    assert await store.history.add_favourite(
        records[saved.index(True)], 2.0, 3
    )  # it is one of the three


async def test_what_was_deleted_is_in_no_list(store: Store) -> None:
    record = await stored_finished(store, 1)
    await store.history.add_favourite(record, 1.0, 3)
    await store.history.remove(record.id)
    assert await history_ids(store, "") == []
    assert await store.history.favourites_among([record.id]) == set()
    assert await store.requests.get(record.id) is not None  # its buttons elsewhere still know it


def test_a_hundred_thousand_requests_are_searched_in_a_moment() -> None:
    disk = connection()
    words = "a lighthouse on a cliff at dusk, oil on canvas, thick strokes, a storm far away; "
    body = SNOW_FOX_REQUEST.model_dump_json()
    disk.raw.execute("BEGIN")
    disk.raw.executemany(
        "INSERT INTO requests (id, interaction_id, backend, user_id, channel_id, payer, kind, "
        "request, phase, created_at) VALUES (?1, ?1, 'horde', 7, 1, 'bot', 'image', ?2, 'done', 1)",
        ((number, body) for number in range(1, 100_001)),
    )
    disk.raw.executemany(
        "INSERT INTO history VALUES (7, ?, 'image', ?)",
        ((number, f"{words}{number}") for number in range(1, 100_001)),
    )
    disk.raw.execute("COMMIT")
    store = Store(Database(disk, disk))
    for search, count in (("lighthouse storm", 10), ("dusk 77777", 1), ("nowhere", 0)):
        with cpu_limit(1):  # 30 ms where it was measured
            records = asyncio.run(store.history.page(7, search=search))
        assert len(records) == count
