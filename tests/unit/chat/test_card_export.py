"""An exported card contains all that was imported, in both versions."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.files import CARD_BYTES, card_json, card_png, read_card
from bot.domain.chat.characters import Character, CharacterNote
from bot.errors import CardError
from bot.pictures import inspect
from tests.support.character_cards import (
    DATA,
    ENTRY,
    V2,
    V3,
    charx,
    chunk,
    image,
    packed,
    png,
    text_chunk,
)

texts = st.text(
    st.characters(blacklist_characters="\0\r", blacklist_categories=("Cs",)), max_size=30
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
).filter(lambda value: "inf" not in repr(value))
keys = texts.filter(str.strip)
extensions = st.dictionaries(st.sampled_from(["a", "b/c", "fav", "depth", "position"]), values)


def _entry(known: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    return {**ENTRY, **known, "extensions": kept}


def _card(
    data: dict[str, Any], kept: dict[str, Any], book: list[Any], shell: dict[str, Any]
) -> dict[str, Any]:
    inside: dict[str, Any] = {
        "extensions": kept,
        "character_book": {"entries": book, "extensions": {}},
    }
    return {**shell, **V2, "data": {**data, **inside}}


entries = st.builds(
    _entry,
    st.fixed_dictionaries(
        {
            "keys": st.lists(keys, max_size=3),
            "secondary_keys": st.lists(keys, max_size=3),
            "content": texts,
            "enabled": st.booleans(),
            "constant": st.booleans(),
            "selective": st.booleans(),
            "insertion_order": st.integers(-1000, 1000),
            "position": st.sampled_from(["before_char", "after_char"]),
            "id": st.integers(0, 5000),
        }
    ),
    extensions,
)
cards = st.builds(
    _card,
    st.fixed_dictionaries(
        {name: texts for name, value in DATA.items() if isinstance(value, str) and name != "name"}
        | {
            "name": st.just("Mira"),
            "first_mes": keys,
            "alternate_greetings": st.lists(keys, max_size=3),
            "tags": st.lists(keys, max_size=3),
        }
    ),
    extensions,
    st.lists(entries, max_size=3),
    st.dictionaries(st.sampled_from(["fav", "create_date", "chat"]), values),
)


def data_of(exported: bytes) -> dict[str, Any]:
    return json.loads(exported)["data"]


@pytest.mark.parametrize("version", [2, 3])
def test_card_json_of_an_imported_card_has_all_its_fields(version: int) -> None:
    character = read_card(packed(V3)).character
    found = data_of(card_json(character, version))
    wanted = {name: value for name, value in V3["data"].items() if name != "assets"}
    book = {**wanted.pop("character_book")}
    kept = {**found.pop("character_book")}
    assert found == wanted
    assert kept.pop("entries") == book.pop("entries")
    assert kept == book


def test_card_png_version_3_contains_version_2_for_older_programs() -> None:
    data = card_png(read_card(packed(V3)).character, image())
    assert inspect(data).complete
    assert read_card(data).format == "V3"
    older = data.replace(b"ccv3", b"nope")
    assert read_card(older).format == "V2"
    assert read_card(older).character.nickname == "Mira"


def test_card_png_replaces_the_card_that_the_image_had() -> None:
    character = read_card(packed(V2)).character.model_copy(update={"name": "New"})
    old = png(text_chunk(packed(V3), "ccv3"), text_chunk(packed(V2), "CHARA"))
    data = card_png(character, old, 2)
    assert read_card(data).character.name == "New"
    assert data.count(b"tEXt") == 1


def test_card_png_without_an_avatar_is_a_complete_image() -> None:
    data = card_png(Character(name="Mira"), None)
    assert inspect(data).complete
    assert read_card(data).character.name == "Mira"


def test_card_png_other_format_of_the_avatar_is_refused() -> None:
    with pytest.raises(CardError, match="not a PNG"):
        card_png(Character(name="Mira"), image("JPEG"))


def test_card_json_changed_note_replaces_that_of_the_file() -> None:
    character = read_card(packed(V2)).character
    note = CharacterNote(text="Fog.", depth=0)
    changed = data_of(card_json(character.model_copy(update={"note": note})))["extensions"]
    assert changed["depth_prompt"] == {"prompt": "Fog.", "depth": 0, "role": "system"}
    removed = data_of(card_json(character.model_copy(update={"note": None})))["extensions"]
    assert "depth_prompt" not in removed
    assert removed["author/tool"] == DATA["extensions"]["author/tool"]


def test_card_json_version_2_repeats_the_fields_of_version_1() -> None:
    found = json.loads(card_json(read_card(packed(V2)).character, 2))
    assert (found["spec"], found["first_mes"]) == ("chara_card_v2", "The lamp is lit.")


def test_card_json_names_no_files_of_the_old_container() -> None:
    assets = [
        {"type": "icon", "uri": "embeded://a.png", "name": "main", "ext": "png"},
        {"type": "emotion", "uri": "https://example.test/b.png", "name": "b", "ext": "png"},
    ]
    character = read_card(charx({**V3, "data": {**V3["data"], "assets": assets}})).character
    assert data_of(card_json(character))["assets"] == assets[1:]


@given(cards, st.sampled_from([2, 3]))
def test_card_json_any_card_keeps_all_fields(card: dict[str, Any], version: int) -> None:
    character = read_card(packed(card)).character
    found, wanted = data_of(card_json(character, version)), card["data"]
    assert found.items() >= {n: v for n, v in wanted.items() if n != "character_book"}.items()
    book = found.get("character_book", {"entries": []})["entries"]
    for entry, original in zip(book, wanted["character_book"]["entries"], strict=True):
        assert entry.items() >= original.items()
    again = read_card(card_png(character, image(), version)).character
    ignored = {"extra": ""}
    if again.lorebook and character.lorebook:
        ignored = {"extra": "", "lorebook": character.lorebook}
        assert len(again.lorebook.entries) == len(character.lorebook.entries)
    assert again.model_copy(update=ignored) == character.model_copy(update=ignored)


@given(values)
def test_read_card_any_json_is_read_or_gives_one_sentence(value: object) -> None:
    for form in (value, {"name": "x", "data": value}, {"name": "x", "extensions": value}):
        _is_read_or_refused(packed(form))


@given(st.dictionaries(st.sampled_from([*V3["data"], *ENTRY]), values | texts))
def test_read_card_any_values_of_its_fields_are_read_or_give_one_sentence(
    fields: dict[str, object],
) -> None:
    _is_read_or_refused(packed({"data": {"name": "x", **fields}}))
    _is_read_or_refused(packed({"name": "x", "character_book": {"entries": [fields]}}))


@given(st.binary(max_size=200), st.sampled_from(["", "chara", "ccv3"]), st.booleans())
def test_read_card_any_bytes_are_read_or_give_one_sentence(
    noise: bytes, keyword: str, zipped: bool
) -> None:
    _is_read_or_refused(noise)
    _is_read_or_refused(b"PK\x03\x04" + noise)
    kind = b"zTXt" if zipped else b"iTXt"
    _is_read_or_refused(png(chunk(kind, keyword.encode() + b"\0" + noise)))
    _is_read_or_refused(image()[:8] + noise)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_read_card_damaged_containers_are_read_or_give_one_sentence(at: int, noise: bytes) -> None:
    for data in (charx(V3, a=image()), png(text_chunk(packed(V2), kind="zTXt"))):
        start = at % len(data)
        _is_read_or_refused(data[:start] + noise + data[start + len(noise) :])
        _is_read_or_refused(data[:-start])


def _is_read_or_refused(data: bytes) -> None:
    with suppress(CardError):
        assert len(card_png(read_card(data).character, None)) < CARD_BYTES
