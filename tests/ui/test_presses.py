"""What all buttons and menus have in common."""

import pytest

from bot.ui.presses import number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("1573653940162002944", 1573653940162002944),  # an id of Discord
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), 0),  # SQLite would stumble over it
        ("9" * 5_000, 0),
        ("-7", 0),
        ("\u0667", 0),  # an Arabic seven
        ("", 0),
    ],
)
def test_a_number_that_a_menu_gave(text: str, number: int) -> None:
    assert number_of(text) == number
