"""Buttons and menus that work after a restart: a press is routed by its custom_id to a handler."""

import re
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVarTuple, cast

import discord
from discord import ui

from bot.cards.custom_ids import INTEGER_MAX, IdFormat
from bot.client.bot import HordecordBot
from bot.errors import NotAllowed
from bot.i18n import N_, _

OTHER_VERSION = N_("This button is from another version of the bot. Use the command again.")

Press = discord.Interaction[HordecordBot]
Ts = TypeVarTuple("Ts")
DOUBLE_CLICK = 1.5  # seconds in which presses with the same key count as one
_NUMBER = re.compile("[0-9]{1,19}", re.ASCII)


def chosen_values(press: Press) -> list[str]:
    """The values chosen in a menu of any kind; empty for a button."""
    data = cast("Mapping[str, Any]", press.data or {})
    return [str(value) for value in cast("list[object]", data.get("values") or [])]


def chosen(press: Press) -> str:
    """The first value chosen in a menu; "" for a button."""
    return next(iter(chosen_values(press)), "")


def number_of(text: str) -> int:
    """The number in `text`; 0, which is no id, for other text and for numbers out of bounds."""
    found = int(text) if _NUMBER.fullmatch(text) else 0
    return found if found <= INTEGER_MAX else 0


def once(press: Press, *_: object) -> Hashable:
    """The key of a press that counts once: the message and the chosen values."""
    return (press.message.id if press.message else 0, *chosen_values(press))


def each_time(_press: Press, *_: object) -> Hashable:
    """No key: every press counts, as for pages, modals and values."""
    return None


@dataclass(frozen=True)
class Route(Generic[*Ts]):
    """Action of presses of these ids; `handler` gets the values of the id.

    Presses of a user with the same id and `key` within DOUBLE_CLICK run once. `check` raises
    UserError. `for_blocked`: blocked users may press, too.
    """

    id: IdFormat[*Ts]
    handler: Callable[[Press, *Ts], Awaitable[None]]
    key: Callable[[Press, *Ts], Hashable] = once
    check: Callable[[Press], object] = bool
    for_blocked: bool = False


AnyRoute = Route[*tuple[Any, ...]]


class PersistentItem(ui.DynamicItem[ui.Item[Any]], template="hcx:never"):
    """A pressed button or menu, made from its custom_id."""

    route: ClassVar[AnyRoute]

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Called by discord.py for an item whose custom_id matches."""
        del interaction, match
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Run the handler once per press. Errors are reported; discord.py would only log them."""
        bot: HordecordBot = interaction.client
        try:
            if await bot.admits(interaction, always=self.route.for_blocked):
                await self._run(interaction)
        except Exception as error:  # noqa: BLE001 - every error is reported to the presser
            await bot.report(interaction, error)

    async def _run(self, press: Press) -> None:
        values = self.route.id.parse(self.custom_id)
        if values is None:
            raise NotAllowed(_(OTHER_VERSION))
        self.route.check(press)
        key = self.route.key(press, *values)
        same_press = (press.user.id, self.route.id.head, *values, key)
        if key is None or press.client.repeats.is_new(same_press, within=DOUBLE_CLICK):
            await self.route.handler(press, *values)
        else:
            await press.response.defer()


def add_routes(bot: HordecordBot, *routes: AnyRoute) -> None:
    """Send presses of these ids to their handlers."""
    bot.add_dynamic_items(*map(_item_class, routes))


def _item_class(to: AnyRoute) -> type[PersistentItem]:
    class Item(PersistentItem, template=to.id.pattern):
        route = to

    return Item
