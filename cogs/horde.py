"""/horde: the state of the Horde."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.custom_ids import ListName
from bot.client.bot import HordecordBot
from bot.domain.requests import Kind
from bot.errors import UserError
from bot.horde.client import HordeClient
from bot.horde.server_info import Heartbeat, Modes, Newspiece, Performance
from bot.i18n import _
from bot.ui.browse import buttons
from bot.ui.browse.buttons import browse_card
from bot.ui.browse.horde_status import news_card, status_card
from bot.ui.browse.view import SEARCH_MAX, list_page_of
from bot.ui.components.answers import answer_with_card

KEPT_FOR = 30.0  # seconds; the Horde itself counts each minute

T = TypeVar("T")
Load = tuple[Performance, Modes, Heartbeat]
Search = app_commands.Range[str, 1, SEARCH_MAX]
MODEL_KINDS = [
    app_commands.Choice(name="pictures", value="image"),
    app_commands.Choice(name="texts", value="text"),
]


class Kept(Generic[T]):
    """An answer that is requested at most every 30 seconds, for all users."""

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._lock = asyncio.Lock()
        self._value: tuple[T, float] | None = None

    async def get(self) -> tuple[T, float]:
        """The answer and its time, in UTC seconds. A failure is not kept."""
        async with self._lock:
            if self._value is None or time.time() - self._value[1] > KEPT_FOR:
                self._value = (await self._ask(), time.time())
            return self._value


class Horde(
    commands.GroupCog, group_name="horde", group_description="The AI Horde: models, styles, state"
):
    """Live information. Private, since it must ask the network before it can answer."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot
        self._loads: dict[str, Kept[Load]] = {}  # by the backend's name
        self._news: dict[str, Kept[tuple[Newspiece, ...]]] = {}

    @app_commands.command()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the state of the AI Horde: queue, workers, maintenance."""
        await interaction.response.defer(ephemeral=True)
        name, client = await self._horde(interaction)
        load = self._loads.setdefault(name, Kept(lambda: _ask_load(client)))
        (performance, modes, heartbeat), asked_at = await load.get()
        refusal = self._bot.services.outage_monitors[name].reason_of(Kind.IMAGE)
        card = status_card(performance, modes, heartbeat, asked_at=asked_at, refusal=refusal)
        await answer_with_card(interaction, card)

    @app_commands.command()
    @app_commands.describe(kind="What the models create", search="Part of the name")
    @app_commands.choices(kind=MODEL_KINDS)
    async def models(
        self,
        interaction: discord.Interaction[Any],
        kind: str = "image",
        search: Search = "",
    ) -> None:
        """Browse models with sample images, number of workers and waiting time."""
        await self._browse(interaction, cast("ListName", kind), search)

    @app_commands.command()
    @app_commands.describe(search="Part of the name, of a tag or of the group")
    async def styles(self, interaction: discord.Interaction[Any], search: Search = "") -> None:
        """Browse styles with sample images."""
        await self._browse(interaction, "style", search)

    @app_commands.command()
    @app_commands.describe(search="Part of the name")
    async def loras(self, interaction: discord.Interaction[Any], search: Search = "") -> None:
        """Browse LoRAs, small additions to a model, with their trigger words."""
        await self._browse(interaction, "lora", search)

    @app_commands.command()
    async def news(self, interaction: discord.Interaction[Any]) -> None:
        """Show the latest news of the AI Horde."""
        await interaction.response.defer(ephemeral=True)
        name, client = await self._horde(interaction)
        news = self._news.setdefault(name, Kept(client.list_news))
        pieces, _ = await news.get()
        await answer_with_card(interaction, news_card(pieces))

    async def _browse(
        self, interaction: discord.Interaction[Any], which: ListName, search: str
    ) -> None:
        place, where = list_page_of(which, search), await self._bot.context(interaction)
        if which == "lora":  # CivitAI may be searched; the others are in memory
            await interaction.response.defer(ephemeral=True)
        await answer_with_card(interaction, await browse_card(self._bot, place, where))

    async def _horde(self, interaction: discord.Interaction[Any]) -> tuple[str, HordeClient]:
        """The name and the client of the backend of that place. Raises UserError for no Horde."""
        name = (await self._bot.context(interaction)).backend
        client = self._bot.services.hordes.get(name)
        if client is None:
            raise UserError(_("The backend that this bot uses here does not report its state."))
        return name, client


async def _ask_load(client: HordeClient) -> Load:
    return await asyncio.gather(
        client.get_performance(), client.get_modes(), client.get_heartbeat()
    )


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    buttons.register(bot)
    await bot.add_cog(Horde(bot))
