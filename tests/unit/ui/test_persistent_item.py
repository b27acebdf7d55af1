"""What all buttons and menus have in common."""

from types import SimpleNamespace
from typing import Any

import pytest
from discord import ui
from pydantic import SecretStr

import cogs
from bot.client.bot import HordecordBot
from bot.settings import DiscordSettings, Settings
from bot.ui.components.persistent_item import OTHER_VERSION, PersistentItem, number_of


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


async def loaded_bot() -> HordecordBot:
    bot = HordecordBot(Settings(discord=DiscordSettings(token=SecretStr("not-needed-here"))))
    for name in cogs.names():
        await bot.load_extension(name)
    return bot


async def item_of(bot: HordecordBot, custom_id: str) -> PersistentItem:
    items: Any = bot._connection._view_store._dynamic_items
    (found,) = ((kind, match) for p, kind in items.items() if (match := p.fullmatch(custom_id)))
    press: Any = SimpleNamespace()
    return await found[0].from_custom_id(press, ui.Button[Any](custom_id=custom_id), found[1])


@pytest.mark.parametrize(
    ("custom_id", "each_counts"),
    [
        ("hc:edit:7", True),
        ("hc:again:7", False),
        ("hct:remix:0:7", True),
        ("hct:again:12345", True),
        ("hct:upscale:0", False),
        ("hct:remove:7:8", False),
        ("hch:page:0:0:--:", True),
        ("hch:erase:7:0:--:", False),
        ("hcb:look:image:0:", True),
        ("hcb:default:image:0123456789ab", False),
        ("hcs:key", True),
        ("hcs:flip:spoiler:3", False),
    ],
)
async def test_what_opens_or_shows_something_does_so_each_time(
    custom_id: str, each_counts: bool
) -> None:
    """What asks for something, or takes it away, does it once for a double click."""
    item = await item_of(await loaded_bot(), custom_id)
    press: Any = SimpleNamespace(message=SimpleNamespace(id=1), data={})
    values = item.route.id.parse(custom_id)
    assert values is not None
    assert (item.route.key(press, *values) is None) is each_counts


async def test_an_id_out_of_bounds_is_answered_and_does_nothing() -> None:
    item = await item_of(await loaded_bot(), f"hct:report:1:{2**63}")
    reported: list[str] = []

    async def report(_press: object, error: Exception) -> None:
        reported.append(str(error))

    async def admits(_press: object, **_: bool) -> bool:
        return True

    press: Any = SimpleNamespace(client=SimpleNamespace(admits=admits, report=report))
    await item.callback(press)
    assert reported == [OTHER_VERSION]
