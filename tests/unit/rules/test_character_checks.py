"""Characters for adults are found by their tags and texts; shared ones obey the word rules."""

import pytest

from bot.domain.chat.characters import Character, CharacterNote
from bot.domain.chat.lorebooks import Lorebook, LoreEntry
from bot.errors import NotAllowed
from bot.rules.character_checks import check_shared, is_adult
from bot.rules.guild_settings import WordRule

MIRA = Character(name="Mira", description="A keeper of a lighthouse.", tags=("sea",))


@pytest.mark.parametrize("tag", ["NSFW", "nsfw", "18+", "Adult Only", "R-18", "smut"])
def test_is_adult_tag_for_adults_is_found(tag: str) -> None:
    assert is_adult(MIRA.model_copy(update={"tags": ("sea", tag)}))


def test_is_adult_tame_character_is_not() -> None:
    assert not is_adult(MIRA)


def test_is_adult_openly_sexual_text_in_any_field_is_found() -> None:
    assert is_adult(MIRA.model_copy(update={"greetings": ("Hello", "some porn")}))
    lorebook = Lorebook(entries=(LoreEntry(content="an orgy"),))
    assert is_adult(MIRA.model_copy(update={"lorebook": lorebook}))


@pytest.mark.parametrize(
    "update",
    [
        {"name": "a wolf"},
        {"note": CharacterNote(text="The w\u200bolf comes.")},
        {"greetings": ("x", "WOLF")},
        {"lorebook": Lorebook(entries=(LoreEntry(content="wolf"),))},
    ],
    ids=["name", "note", "greeting", "lorebook"],
)
def test_check_shared_forbidden_word_in_any_field_is_refused(update: dict[str, object]) -> None:
    rules = (WordRule(text="wolf"),)
    check_shared(MIRA, rules)
    with pytest.raises(NotAllowed, match="in shared characters"):
        check_shared(MIRA.model_copy(update=update), rules)
