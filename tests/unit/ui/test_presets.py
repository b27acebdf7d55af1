"""Presets as people see them."""

import json
from dataclasses import replace

import pytest

from bot.cards.card import TEXT_MAX
from bot.cards.markdown import units
from bot.domain.people import Preset, Scope
from bot.services.presets import NAME_MAX
from bot.ui.account.presets import preset_card, preset_label, preset_name, presets_card
from tests.support.cards import text_of

OWN_PRESET = Preset(Scope.USER, 7, 'q`uo"te *x*', '{"steps": 3}', 7, 0.0, 0.0)


@pytest.mark.parametrize("letter", ["a", "\N{FOX FACE}", "\N{LATIN SMALL LETTER O WITH DIAERESIS}"])
def test_the_longest_name_is_shown_whole(letter: str) -> None:
    name = letter * NAME_MAX
    assert preset_name(name) == f"`{name}`"


def test_an_odd_name_breaks_nothing() -> None:
    assert "**`q'uo\"te *x*`**: `--steps 3`" in text_of(presets_card([OWN_PRESET]))
    assert '### Preset q\\`uo"te \\*x\\*' in text_of(preset_card(OWN_PRESET))
    theirs = Preset(Scope.GUILD, 5, "dusk", '{"steps": 3}', 7, 0.0, 0.0)
    assert preset_label(theirs) == "dusk · server preset"
    assert "`dusk`** (server preset)" in text_of(presets_card([OWN_PRESET, theirs]))


def test_server_preset_with_a_name_of_mine_says_that_mine_is_used() -> None:
    theirs = replace(OWN_PRESET, owner=Scope.GUILD, owner_id=5, choices='{"steps": 9}')
    text = text_of(presets_card([OWN_PRESET, theirs]))
    assert "--steps 9" in text
    assert text.count("Your preset of the same name is used instead") == 1
    assert "is used instead" not in text_of(presets_card([OWN_PRESET]))


@pytest.mark.parametrize("letter", ["a", "\N{FOX FACE}"])
def test_fifty_presets_with_long_names_keep_within_a_message(letter: str) -> None:
    choices = json.dumps({"negative": letter * 400})
    many = [
        Preset(Scope.GUILD, 5, f"{n:02}{letter * (NAME_MAX - 2)}", choices, 7, 0.0, 0.0)
        for n in range(50)
    ]
    text = text_of(presets_card(many))
    assert units(text) < TEXT_MAX
    assert "more presets are not listed" in text
