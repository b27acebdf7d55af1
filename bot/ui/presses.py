"""A button or menu whose custom_id says all, so that it outlives restarts; what all have in common.

Each kind says its `template` and what it does.
"""

import re
from abc import abstractmethod
from typing import Any, ClassVar, Self

import discord
from discord import ui

from bot.client import HordecordBot
from bot.ui.buttons import SAME_PRESS, Press
from bot.ui.verbs import values_of


class Pressed(ui.DynamicItem[ui.Item[Any]], template="hcx:never"):
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
            message = interaction.message.id if interaction.message else 0
            key = (interaction.user.id, message, self.custom_id, *values_of(interaction))
            if not self.repeatable and not bot.repeats.is_new(key, within=SAME_PRESS):
                await interaction.response.defer()
                return
            await self.act(interaction)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            await bot.report(interaction, error)

    def check(self, press: Press) -> None:
        """Raises UserError for who may not press it; a kind for everybody leaves it as it is."""

    @abstractmethod
    async def act(self, press: Press) -> None:
        """What it does."""
