"""Names of workers that have nothing visible: no empty bold, and no "by" without a name."""

import pytest

from bot.cards.card_lines import worker_names
from bot.cards.details import _line
from bot.domain.generations import ImageGeneration

INVISIBLE = ("", " ", "\u200b", "\u2800\u200d", "\u202e\u2066")


@pytest.mark.parametrize("name", INVISIBLE)
def test_invisible_worker_name_is_left_out_of_the_list(name: str) -> None:
    assert worker_names([name, "Attic GPU", name]) == "**Attic GPU**"
    assert worker_names([name]) == ""


@pytest.mark.parametrize("name", INVISIBLE)
def test_invisible_worker_name_leaves_no_by_in_the_details(name: str) -> None:
    generation = ImageGeneration(id="a", seed="7", worker=name, model="Deliberate")
    line = _line("1", generation)
    assert "by" not in line.split()
    assert "Deliberate" in line
    assert "by\N{NO-BREAK SPACE}Attic GPU" in _line(
        "1", ImageGeneration(id="a", worker="Attic GPU")
    )
