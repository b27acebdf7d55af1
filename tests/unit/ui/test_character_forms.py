"""Forms change what the member typed, and nothing that they do not show in full."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chat.characters import GREETINGS_MAX, TAGS_MAX, Character, CharacterNote
from bot.errors import BadOption
from bot.ui.characters import character_forms
from bot.ui.characters.character_forms import changed_character, edit_form

MIRA = Character(
    name="Mira Vance",
    description="d" * 9_000,
    greetings=("The lamp is lit.", "g" * 5_000, "Come in."),
    group_greetings=("All of you.",),
    system_prompt="s" * 5_000,
    note=CharacterNote(text="A storm.", depth=900),
    tags=tuple(f"tag {number} {'x' * 90}" for number in range(50)),
    creator_notes="A sample.",
    extra='{"data":{"source":["x"]}}',
)
texts = st.text(max_size=60)


def shown(which: str, character: Character) -> dict[str, str]:
    """What a form shows, as Discord submits it when nothing is changed."""
    modal = edit_form(which, 1, character).to_dict()
    parts: list[dict[str, Any]] = [row["component"] for row in modal["components"]]
    return {part["custom_id"]: part.get("value", "") for part in parts}


@pytest.mark.parametrize("which", ["edit", "instructions", "more"])
def test_changed_unchanged_form_keeps_the_whole_character(which: str) -> None:
    assert changed_character(which, MIRA, shown(which, MIRA)) == MIRA


def test_changed_text_of_a_field_alone_is_replaced() -> None:
    fields = shown("edit", MIRA) | {"scenario": " A calm sea. ", "greeting": "Hello."}
    new = changed_character("edit", MIRA, fields)
    assert (new.scenario, new.greetings[0]) == ("A calm sea.", "Hello.")
    assert (new.description, new.greetings[1:]) == (MIRA.description, MIRA.greetings[1:])


def test_changed_empty_first_message_makes_the_next_one_the_first() -> None:
    new = changed_character("edit", MIRA, shown("edit", MIRA) | {"greeting": " "})
    assert new.greetings == MIRA.greetings[1:]


@pytest.mark.parametrize("name", ["", "  ", "\0"])
def test_changed_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(BadOption, match="needs a name"):
        changed_character("edit", MIRA, shown("edit", MIRA) | {"name": name})


@pytest.mark.parametrize(
    ("depth", "found"), [("7", 7), ("0", 0), ("99999", 1_000), ("x", 900), ("", 900), ("-1", 900)]
)
def test_changed_depth_of_the_note_is_a_number_within_limits(depth: str, found: int) -> None:
    new = changed_character("instructions", MIRA, shown("instructions", MIRA) | {"depth": depth})
    assert new.note == CharacterNote(text="A storm.", depth=found)


def test_changed_empty_note_is_removed() -> None:
    assert (
        changed_character("instructions", MIRA, shown("instructions", MIRA) | {"note": ""}).note
        is None
    )


def test_changed_lists_are_divided_and_limited() -> None:
    typed = {"others": "One.\n---\n\n---\nTwo.", "tags": "a,, b ,c", "group": "x\n---\n" * 900}
    new = changed_character("more", MIRA, shown("more", MIRA) | typed)
    assert new.greetings == ("The lamp is lit.", "One.", "Two.")
    assert new.tags == ("a", "b", "c")
    assert len(new.group_greetings) == GREETINGS_MAX
    many = changed_character("more", MIRA, {"tags": "a," * 500})
    assert len(many.tags) == TAGS_MAX


@given(
    st.dictionaries(st.sampled_from([*shown("instructions", MIRA), *shown("more", MIRA)]), texts)
)
def test_changed_any_texts_give_a_character_that_can_be_stored(fields: dict[str, str]) -> None:
    for which in (character_forms.INSTRUCTIONS, character_forms.MORE):
        new = changed_character(which, MIRA, fields)
        assert Character.model_validate_json(new.model_dump_json()) == new
