"""Rules of buttons, emoji and selects."""

from typing import Any

import pytest

from tests.support.discord.components import Component, button, options, row, select
from tests.support.discord.refusals import of_rows


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"custom_id": None}, "custom_id"),
        ({"custom_id": None, "url": "https://example.com"}, "custom_id"),
        ({"url": "https://example.com"}, "url"),
        ({"style": 5, "url": None, "custom_id": None}, "url"),
        ({"style": 5, "url": "https://example.com"}, "custom_id"),
        ({"style": 5, "url": "javascript:alert(1)", "custom_id": None}, "url"),
        ({"style": 6, "custom_id": None, "label": None}, "sku_id"),
        ({"style": 6, "custom_id": None, "sku_id": "1"}, "label"),
        ({"style": 7}, "style"),
        ({"style": None}, "style"),
        ({"label": None}, "label"),
        ({"label": ""}, "label"),
        ({"disabled": "no"}, "disabled"),
        ({"emoji": {"name": "↻"}}, "emoji.name"),
        ({"emoji": {"name": ":fox:"}}, "emoji.name"),
        ({"emoji": {"name": "🦊🦊"}}, "emoji.name"),
        ({"emoji": {}}, "emoji.name"),
        ({"emoji": {"id": "fox", "name": "fox"}}, "emoji.id"),
        ({"emoji": "🦊"}, "emoji"),
    ],
)
def test_a_button_that_discord_refuses(fields: dict[str, Any], place: str):
    assert f"0.components.0.{place}" in of_rows(row(button(**fields)))


EMOJI_CASES = {
    "fox": "\U0001f98a",
    "play, with the sign for colour": "\u25b6\ufe0f",
    "tick": "\u2714",
    "plus": "\u2795",
    "keycap": "1\ufe0f\u20e3",
    "flag": "\U0001f1f3\U0001f1f1",
    "skin": "\U0001f44d\U0001f3fd",
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "heart on fire": "\u2764\ufe0f\u200d\U0001f525",
    "Scotland": "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
}


@pytest.mark.parametrize("name", EMOJI_CASES.values(), ids=EMOJI_CASES)
def test_an_emoji_on_a_button(name: str):
    assert of_rows(row(button(emoji={"name": name}))) == {}
    assert of_rows(row(button(emoji={"id": None, "name": name, "animated": False}))) == {}


def test_premium_and_custom_emoji():
    assert of_rows(row({"type": 2, "style": 6, "sku_id": "123"})) == {}
    assert of_rows(row(button(label=None, emoji={"id": "123", "name": "fox"}))) == {}


def test_a_select_stands_alone_in_its_row():
    wide = {"0.components.1": ["COMPONENT_LAYOUT_WIDTH_EXCEEDED"]}
    assert of_rows(row(select(), button())) == wide
    assert of_rows(row(button(), select())) == wide


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"max_values": 2}, "options"),
        ({"min_values": 2}, "min_values"),
        ({"options": options(1) * 2}, "options.1.value"),
        ({"options": [{**one, "default": True} for one in options(2)]}, ""),
        ({"options": None}, "options"),
        ({"custom_id": None}, "custom_id"),
    ],
)
def test_a_select_that_discord_refuses(fields: dict[str, Any], place: str):
    refused = of_rows(row(select(**fields)))
    assert list(refused) == [f"0.components.0.{place}".rstrip(".")]


def test_default_values_are_of_the_selects_kind_and_not_too_many():
    def users(*values: dict[str, str], **fields: Any) -> Component:
        return row({"type": 5, "custom_id": "u", "default_values": list(values), **fields})

    user, role = {"id": "1", "type": "user"}, {"id": "2", "type": "role"}
    assert of_rows(users(user, user, max_values=2)) == {}
    assert of_rows(users(user, user)) == {
        "0.components.0": ["SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES"]
    }
    assert list(of_rows(users(role))) == ["0.components.0.default_values.0.type"]
