"""Lorebooks are read from world info and from cards, and written as both."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.files import LOREBOOK_BYTES, lorebook_json, read_lorebook, world_info_json
from bot.domain.chat.lorebooks import Lorebook, LoreEntry, LorePosition, SecondaryKeys
from bot.errors import CardError
from tests.support.character_cards import BOOK, V2, WORLD, image, packed

entries = st.builds(
    LoreEntry,
    id=st.integers(0, 3_000),
    name=st.sampled_from(["", "Harbour"]),
    keys=st.lists(st.sampled_from(["a", "b", "/c+/i"]), max_size=3).map(tuple),
    secondary_keys=st.lists(st.sampled_from(["d", "e"]), max_size=2).map(tuple),
    selective=st.booleans(),
    logic=st.sampled_from(SecondaryKeys),
    content=st.sampled_from(["", "text", "@@depth 2\nline"]),
    enabled=st.booleans(),
    constant=st.booleans(),
    order=st.integers(-100, 1_000),
    priority=st.integers(-9, 9),
    position=st.sampled_from(LorePosition),
    depth=st.integers(0, 1_000),
    scan_depth=st.none() | st.integers(0, 1_000),
    case_sensitive=st.none() | st.booleans(),
    whole_words=st.none() | st.booleans(),
    recursive=st.booleans(),
    found_by_text=st.booleans(),
)
lorebooks = st.builds(
    Lorebook,
    name=st.just("Ommer"),
    description=st.sampled_from(["", "An island."]),
    scan_depth=st.none() | st.integers(0, 100),
    budget=st.none() | st.integers(0, 4_000),
    recursive=st.booleans(),
    entries=st.lists(entries, min_size=1, max_size=4).map(tuple),
)


def alike(one: Lorebook) -> list[dict[str, Any]]:
    return [entry.model_dump(exclude={"extra", "priority"}) for entry in one.entries]


def test_read_lorebook_world_info_reads_each_field() -> None:
    read = read_lorebook(packed(WORLD), "Ommer.json")
    harbour, storm = read.lorebook.entries
    assert read.lorebook.name == "Ommer"
    assert (harbour.keys, harbour.secondary_keys) == (("harbour",), ("ship",))
    assert (harbour.logic, harbour.selective) == (SecondaryKeys.NOT_ANY, True)
    assert (harbour.position, harbour.depth, harbour.scan_depth) == (LorePosition.AT_DEPTH, 6, 9)
    assert (harbour.case_sensitive, harbour.whole_words) == (True, False)
    assert (harbour.recursive, harbour.found_by_text) == (False, False)
    assert (harbour.name, harbour.order, harbour.regex) == ("Harbour", 50, False)
    assert (storm.enabled, storm.regex, storm.id) == (False, True, 7)


def test_read_lorebook_world_info_names_what_is_not_used() -> None:
    assert read_lorebook(packed(WORLD)).unused == (
        "lorebook.entries.group",
        "lorebook.entries.probability",
    )


def test_world_info_json_of_an_imported_file_has_all_its_fields() -> None:
    found = json.loads(world_info_json(read_lorebook(packed(WORLD)).lorebook))
    first, second = found["entries"].values()
    assert first.items() >= WORLD["entries"]["0"].items()
    assert second.items() >= WORLD["entries"]["7"].items()
    assert second["displayIndex"] == 1


@pytest.mark.parametrize(
    ("number", "position"),
    [(0, "before_char"), (1, "after_char"), (2, "at_depth"), ("4", "at_depth"), (6, "after_char")],
)
def test_read_lorebook_position_numbers_are_kept_in_the_file(number: object, position: str) -> None:
    entry = {**WORLD["entries"]["0"], "position": number}
    lorebook = read_lorebook(packed({"entries": {"0": entry}})).lorebook
    assert lorebook.entries[0].position == position
    assert json.loads(world_info_json(lorebook))["entries"]["0"]["position"] == number


@pytest.mark.parametrize(
    "form",
    [BOOK, {"spec": "lorebook_v3", "data": BOOK}, V2, {"character_book": BOOK}],
)
def test_read_lorebook_finds_it_wherever_it_is(form: dict[str, Any]) -> None:
    lorebook = read_lorebook(packed(form)).lorebook
    assert (lorebook.name, lorebook.scan_depth, lorebook.budget) == ("Ommer", 6, 300)
    assert lorebook.recursive
    assert (
        json.loads(lorebook_json(lorebook))["data"].items()
        >= {"extensions": BOOK["extensions"]}.items()
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (image(), "Import a character card"),
        (packed({"entries": {}}), "no entries"),
        (packed({"name": "x"}), "is no lorebook"),
        (packed([]), "is not an object"),
        (
            packed({"entries": {"0": {"key": ["x"], "content": "y" * 20_001}}}),
            "has 20,001 characters",
        ),
        (packed({"entries": {"0": {"key": ["x"] * 101}}}), "has 101 entries"),
        (bytes(LOREBOOK_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_read_lorebook_wrong_file_gives_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(CardError, match=words):
        read_lorebook(data)


@given(lorebooks)
def test_lorebook_files_any_lorebook_keeps_all_fields(lorebook: Lorebook) -> None:
    assert alike(read_lorebook(lorebook_json(lorebook)).lorebook) == alike(lorebook)
    world = read_lorebook(world_info_json(lorebook), "Ommer.json").lorebook
    for entry, original in zip(alike(world), alike(lorebook), strict=True):
        is_pattern = bool(original["keys"]) and all(key[0] == "/" for key in original["keys"])
        assert entry == {**original, "regex": is_pattern}
