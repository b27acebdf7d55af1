"""Presets as people see them."""

import pytest

from bot.memory import NAME_MAX
from bot.records import Preset, Scope
from bot.ui.presets import preset_card, preset_label, preset_name, presets_card
from tests.ui.card_kit import text_of

MINE = Preset(Scope.USER, 7, 'q`uo"te *x*', '{"steps": 3}', 7, 0.0, 0.0)


@pytest.mark.parametrize("letter", ["a", "\N{FOX FACE}", "\N{LATIN SMALL LETTER O WITH DIAERESIS}"])
def test_the_longest_name_is_shown_whole(letter: str) -> None:
    name = letter * NAME_MAX
    assert preset_name(name) == f"`{name}`"


def test_an_odd_name_breaks_nothing() -> None:
    assert "**`q'uo\"te *x*`**: `--steps 3`" in text_of(presets_card([MINE]))
    assert '### Preset q\\`uo"te \\*x\\*' in text_of(preset_card(MINE))
    theirs = Preset(Scope.GUILD, 5, "dusk", '{"steps": 3}', 7, 0.0, 0.0)
    assert preset_label(theirs) == "dusk · this server's"
    assert "`dusk`** (this server's)" in text_of(presets_card([MINE, theirs]))
