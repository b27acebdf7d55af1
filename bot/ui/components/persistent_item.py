"""A button or menu whose custom_id says all, so that it outlives restarts; what all have in common.

Each kind says its `template` and what it does.
"""

import re
from abc import abstractmethod
from collections.abc import Hashable, Mapping
from typing import Any, ClassVar, Self, cast

import discord
from discord import ui

from bot.client.bot import HordecordBot

OTHER_VERSION = "This button is from another version of the bot."

Press = discord.Interaction[HordecordBot]
SAME_PRESS = 1.5  # s in which the same press is one request (PRODUCT)
# Discord's ids have nineteen digits; SQLite takes no number of more bits than these.
_NUMBER, _MOST = re.compile("[0-9]{1,19}", re.ASCII), 2**63 - 1


def values_of(press: Press) -> list[str]:
    """What was chosen in a menu of any kind, as it came; empty for a button."""
    data = cast("Mapping[str, Any]", press.data or {})
    return [str(value) for value in cast("list[object]", data.get("values") or [])]


def chosen(press: Press) -> str:
    """What was chosen in a menu; "" for a button."""
    return next(iter(values_of(press)), "")


def number_of(text: str) -> int:
    """The number that a menu gave; 0, which nothing has, for what no menu of ours gives."""
    found = int(text) if _NUMBER.fullmatch(text) else 0
    return found if found <= _MOST else 0


class PersistentItem(ui.DynamicItem[ui.Item[Any]], template="hcx:never"):
    """Reports what goes wrong: discord.py would only log an error from a callback."""

    for_all: ClassVar[bool] = False  # blocked people may press it too
    repeatable: ClassVar[bool] = False  # a page, a form, a value: again is meant

    def __init__(self, item: ui.Item[Any], said: dict[str, str]) -> None:
        super().__init__(item)
        self.said = said

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The item that was used, rebuilt from what its id says."""
        del interaction
        return cls(item, match.groupdict())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Once for each press, whatever is delivered twice or pressed twice."""
        bot: HordecordBot = interaction.client
        try:
            if not bot.admits(interaction, always=self.for_all):
                return
            self.check(interaction)
            if self._is_new(interaction):
                await self.act(interaction)
            else:
                await interaction.response.defer()
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            await bot.report(interaction, error)

    def _is_new(self, press: Press) -> bool:
        same = self.same(press)
        key = (press.user.id, same)
        return same is None or press.client.repeats.is_new(key, within=SAME_PRESS)

    def check(self, press: Press) -> None:
        """Raises UserError for who may not press it; a kind for everybody leaves it as it is."""

    def same(self, press: Press) -> Hashable:
        """What a person's presses have in common that are one; None where each is meant."""
        message = press.message.id if press.message else 0
        return None if self.repeatable else (message, self.custom_id, *values_of(press))

    @abstractmethod
    async def act(self, press: Press) -> None:
        """What it does."""
