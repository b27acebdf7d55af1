"""Cards in each language: every button fits, numbers follow the language, nothing is missing."""

import pytest

from bot.cards import formatting
from bot.cards.buttons import verb_button
from bot.cards.card import LABEL_MAX, TEXT_MAX, Card, Verb
from bot.cards.markdown import units
from bot.cards.request_card import card_for
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.i18n import ENGLISH, LANGUAGES, Language, in_language, language_of, translated
from tests.support.builders import record
from tests.support.cards import text_of

MENUS = {Verb.UPSCALER, Verb.PICK}
LABELLED = {Verb.MOVE}  # by the backend and its price
TRANSLATED = [language for language in LANGUAGES if language is not ENGLISH]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_buttons_fit_and_differ(language: Language) -> None:
    with in_language(language):
        labels = [verb_button(verb, 1).label for verb in Verb if verb not in MENUS | LABELLED]
    assert len(set(labels)) == len(labels)
    assert all(0 < len(label) <= LABEL_MAX for label in labels)


def test_russian_has_three_forms_of_a_count() -> None:
    with in_language(language_of("ru")):
        found = {formatting.count(number, Kind.IMAGE).split()[-1] for number in (1, 2, 5, 21, 22)}
    assert len(found) == 3


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
def test_card_of_every_phase_is_in_the_language(language: Language, phase: Phase) -> None:
    row = record(phase=phase)
    english = card_for(row, Status(phase=phase), now=row.created_at + 5)
    with in_language(language):
        card: Card = card_for(row, Status(phase=phase), now=row.created_at + 5)
    assert units(text_of(card)) <= TEXT_MAX
    assert text_of(card) != text_of(english)
    shown = [button.label for buttons in card.rows for button in buttons]
    assert shown == [
        translated(button.label, language) for buttons in english.rows for button in buttons
    ]
