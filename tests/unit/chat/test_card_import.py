"""Character cards are read from every container and every version that programs write."""

import base64
import codecs
import json

import pytest

from bot.chat.files import CARD_BYTES, read_card
from bot.domain.chat.characters import CharacterNote
from bot.domain.chat.lorebooks import LorePosition, SecondaryKeys
from bot.errors import CardError
from tests.support.character_cards import (
    DATA,
    ENTRY,
    V1,
    V2,
    V3,
    charx,
    chunk,
    image,
    packed,
    png,
    text_chunk,
)


def fault(data: bytes, filename: str = "") -> str:
    with pytest.raises(CardError) as found:
        read_card(data, filename)
    return str(found.value)


def test_read_card_version_2_reads_each_field() -> None:
    card = read_card(packed(V2))
    character = card.character
    assert (card.format, character.name, character.personality) == ("V2", "Mira Vance", "patient")
    assert character.greetings == ("The lamp is lit.", "Come in.", "Who is there?")
    assert character.closing == "Stay calm."
    assert character.note == CharacterNote(text="The storm grows.", depth=3)
    assert character.tags == ("sea", "calm")
    assert (character.creator, character.version) == ("the tests", "1.2")
    assert character.lorebook is not None
    entry = character.lorebook.entries[0]
    assert (entry.position, entry.depth) == (LorePosition.AT_DEPTH, 2)
    assert entry.logic is SecondaryKeys.ALL
    assert (entry.case_sensitive, entry.order, entry.priority) == (True, 7, 3)


def test_read_card_version_2_names_what_is_not_used() -> None:
    assert read_card(packed(V2)).unused == (
        "extensions.talkativeness",
        "extensions.author/tool",
        "character_book.extensions",
        "character_book.entries.mood",
        "character_book.entries.probability",
    )


def test_read_card_version_3_reads_its_new_fields() -> None:
    card = read_card(packed(V3))
    assert card.format == "V3"
    assert card.character.called == "Mira"
    assert card.character.group_greetings == ("All of you, in.",)
    assert {"source", "creator_notes_multilingual"} <= set(card.unused)
    assert "assets" not in card.unused


def test_read_card_version_1_reads_its_six_fields() -> None:
    card = read_card(packed(V1))
    assert (card.format, card.unused) == ("V1", ())
    assert card.character.greetings == ("The lamp is lit.",)


def test_read_card_old_names_of_version_1_are_known() -> None:
    old = {"char_name": "Mira", "char_persona": "keeper", "world_scenario": "storm"}
    old |= {"char_greeting": "Hello", "example_dialogue": "x"}
    character = read_card(packed(old)).character
    assert (character.name, character.description, character.scenario) == (
        "Mira",
        "keeper",
        "storm",
    )
    assert (character.greetings, character.examples) == (("Hello",), "x")


def test_read_card_version_2_in_a_shell_of_version_1_reads_version_2() -> None:
    shell = {**V1, "description": "Update your program.", "create_date": "2024", "fav": False}
    card = read_card(packed({**shell, **V2}))
    assert card.character.description == DATA["description"]
    assert "create_date" in card.unused
    assert "description" not in card.unused


def test_read_card_nulls_and_numbers_become_texts() -> None:
    data = {**DATA, "character_version": 2.5, "personality": None, "tags": None}
    data |= {"alternate_greetings": None, "character_book": None, "extensions": None, "creator": 7}
    character = read_card(packed({**V2, "data": data})).character
    assert (character.version, character.creator) == ("2.5", "7")
    assert (character.personality, character.tags, character.lorebook) == ("", (), None)
    assert character.greetings == ("The lamp is lit.",)


def test_read_card_entries_as_an_object_are_read_in_their_order() -> None:
    entries = {"0": {"keys": ["a"], "content": "A"}, "1": None, "2": {"keys": "b, c", "content": 5}}
    card = {**V2, "data": {**DATA, "character_book": {"entries": entries}}}
    lorebook = read_card(packed(card)).character.lorebook
    assert lorebook is not None
    assert [entry.keys for entry in lorebook.entries] == [("a",), ("b", "c")]
    assert lorebook.entries[1].content == "5"


@pytest.mark.parametrize("kind", ["tEXt", "zTXt", "iTXt", "iTXt compressed"])
@pytest.mark.parametrize("after_pixels", [False, True])
def test_read_card_png_chunk_of_any_kind_is_read(kind: str, *, after_pixels: bool) -> None:
    data = png(text_chunk(packed(V2), kind=kind), after_pixels=after_pixels)
    card = read_card(data, "mira.png")
    assert (card.character.name, card.avatar) == ("Mira Vance", data)


def test_read_card_png_of_both_versions_reads_version_3() -> None:
    data = png(text_chunk(packed(V3), "ccv3"), text_chunk(packed(V2)))
    assert read_card(data).format == "V3"


def test_read_card_png_with_two_chunks_reads_the_last_one() -> None:
    edited = {**V2, "data": {**DATA, "name": "Edited"}}
    data = png(text_chunk(packed(V2)), text_chunk(packed(edited), "Chara"))
    assert read_card(data).character.name == "Edited"


def test_read_card_png_with_a_damaged_version_3_reads_version_2() -> None:
    data = png(text_chunk(packed(V2)), chunk(b"tEXt", b"ccv3\0!!!"))
    assert read_card(data).format == "V2"


def test_read_card_base64_with_line_breaks_and_a_wrong_checksum_is_read() -> None:
    text = base64.encodebytes(packed(V2)).rstrip(b"=\n")
    assert read_card(png(chunk(b"tEXt", b"chara\0" + text, check=1))).format == "V2"


def test_read_card_json_in_a_chunk_without_base64_is_read() -> None:
    assert read_card(png(chunk(b"tEXt", b"chara\0" + packed(V2)))).format == "V2"


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, b"\n  "])
def test_read_card_byte_order_mark_is_ignored(mark: bytes) -> None:
    assert read_card(mark + packed(V2)).format == "V2"
    assert read_card(png(text_chunk(mark + packed(V2)))).format == "V2"


def test_read_card_utf_16_is_read() -> None:
    assert read_card(json.dumps(V2).encode("utf-16")).character.name == "Mira Vance"


def test_read_card_charx_has_its_icon_as_avatar() -> None:
    uri = "embeded://assets/icon/image/main.png"
    assets = [{"type": "icon", "uri": uri, "name": "main", "ext": "png"}]
    card = {**V3, "data": {**V3["data"], "assets": assets}}
    files = {"assets__icon__image__main.png": image(), "assets__other__a.bin": b"x"}
    found = read_card(charx(card, **files))
    assert found.avatar == image()
    assert "1 other file" in found.unused


def test_read_card_charx_appended_to_a_jpeg_is_read() -> None:
    assert read_card(image("JPEG") + charx(V3), "mira.jpeg").format == "V3"


def test_read_card_image_in_the_text_is_the_avatar() -> None:
    uri = "data:image/png;base64," + base64.b64encode(image()).decode()
    card = {**V3, "data": {**V3["data"], "assets": [{"type": "icon", "uri": uri}]}}
    assert read_card(packed(card)).avatar == image()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF"])
def test_read_card_renamed_image_says_that_the_card_is_lost(kind: str) -> None:
    assert "renamed to PNG, and its card is lost" in fault(image(kind), "mira.png")
    assert "contains no character card" in fault(image(kind), "mira.jpg")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (image(), "This image contains no character card"),
        (png(chunk(b"tEXt", b"chara\0not base64!")), "is damaged"),
        (png(text_chunk(b'{"name": ')), "no valid JSON"),
        (b'{"name": ', "no valid JSON"),
        (b"[" * 1_000_000, "no character card"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"name":"x","a":' + b"[" * 100 + b"]" * 100 + b"}", "nested too deeply"),
        (b'{"name":"x","a":[' + b"{}," * 250_000 + b"0]}", "nested too deeply"),
        (b"{}", "it names no character"),
        (packed({"name": "\0 \n"}), "it names no character"),
        (packed({"name": "x" * 81}), "`name` of the file has 81 characters"),
        (packed({**V1, "description": "x" * 40_001}), "`description` of the file has 40,001"),
        (packed({**V1, "description": {"a": 1}}), "`description` of the file is not a text"),
        (packed({**V1, "alternate_greetings": ["x"] * 100}), "The limit is 99."),
        (packed({**V1, "character_book": {"entries": 5}}), "`character_book.entries` of the file"),
        (packed({**V1, "character_book": {"entries": [5]}}), "is not an object"),
        (packed({**V1, "character_book": {"entries": [ENTRY] * 2_001}}), "has 2,001 entries"),
        (b"name: Mira", "Use a PNG, JSON or CHARX file"),
        (b"", "Use a PNG, JSON or CHARX file"),
        (bytes(CARD_BYTES + 1), "larger than 10 MB"),
        (b"{" + b" " * (6 * 1024 * 1024), "larger than 5 MB"),
        (png(text_chunk(b" " * (9 * 1024 * 1024), kind="zTXt")), "larger than 5 MB"),
        (charx(V3)[:-40], "CHARX file is damaged"),
        (charx({"name": ""}), "it names no character"),
    ],
)
def test_read_card_hostile_file_gives_one_sentence(data: bytes, words: str) -> None:
    assert words in fault(data)


def test_read_card_zip_without_a_card_is_refused() -> None:
    assert "no file `card.json`" in fault(charx(V3).replace(b"card.json", b"nard.json"))


def test_read_card_zip_bomb_is_refused_without_being_unpacked() -> None:
    bomb = charx({**V1, "x": " " * (60 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert "too large when it is unpacked" in fault(bomb)


def test_read_card_numbers_that_json_lacks_are_read_as_null() -> None:
    text = b'{"name":"x","extensions":{"a":NaN,"b":1e999,"c":"\\ud800"},"scenario":"\\udfff"}'
    character = read_card(text).character
    assert json.loads(character.extra)["data"]["extensions"] == {"a": None, "b": None, "c": "?"}
    assert character.scenario == "?"
