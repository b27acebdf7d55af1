"""What all buttons and menus have in common."""

from types import SimpleNamespace
from typing import Any

import pytest
from discord import ui

from bot.ui.actions.context_menus import TrayItem
from bot.ui.actions.result_buttons import CardButton
from bot.ui.browse.buttons import Default, ShowEntry
from bot.ui.components.persistent_item import PersistentItem, number_of
from bot.ui.history.history_buttons import HistoryItem
from bot.ui.server.buttons import Flip, Key


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


@pytest.mark.parametrize(
    ("kind", "custom_id", "each_counts"),
    [
        (CardButton, "hc:edit:7", True),
        (CardButton, "hc:again:7", False),
        (TrayItem, "hct:remix:0:7", True),
        (TrayItem, "hct:again:12345", True),
        (TrayItem, "hct:upscale:0", False),
        (TrayItem, "hct:remove:7:8", False),
        (HistoryItem, "hch:page:0:0:--:", True),
        (HistoryItem, "hch:delete:7:0:--:", False),
        (ShowEntry, "hcb:look:image:0:", True),
        (Default, "hcb:default:image:0123456789ab", False),
        (Key, "hcs:key", True),
        (Flip, "hcs:flip:spoiler:3", False),
    ],
)
async def test_what_opens_or_shows_something_does_so_each_time(
    kind: type[PersistentItem], custom_id: str, each_counts: bool
) -> None:
    """What asks for something, or takes it away, does it once for a double click."""
    found = kind.__discord_ui_compiled_template__.fullmatch(custom_id)
    assert found is not None
    press: Any = SimpleNamespace(message=SimpleNamespace(id=1), data={})
    item = await kind.from_custom_id(press, ui.Button[Any](custom_id=custom_id), found)
    assert (item.same(press) is None) is each_counts
