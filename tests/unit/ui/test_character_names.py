"""Names that Discord accepts for messages of webhooks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.delivery.character_names import NAME_MAX, webhook_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Discord Guide", "Dis·cord Guide"),
        ("Bonnie & CLYDE", "Bonnie & CLY·DE"),
        ("everyone", "every·one"),
        ("Here", "He·re"),
        ("Everyone's friend", "Everyone's friend"),
        ("@Ada#1: `x`", "Ada 1 x"),
        ("dis\u200bcord", "dis·cord"),
        ("\u200b \n", "?"),
        ("雪" * 90, "雪" * 80),
    ],
)
def test_webhook_name(name: str, shown: str) -> None:
    assert webhook_name(name) == shown


@given(st.text(max_size=120) | st.text("disclyedor@#:` ", max_size=30))
def test_any_name_becomes_one_that_discord_accepts(name: str) -> None:
    shown = webhook_name(name)
    assert 1 <= len(shown) <= NAME_MAX
    assert shown == shown.strip()
    for refused in ("discord", "clyde", "@", "#", ":", "`"):
        assert refused not in shown.casefold()
