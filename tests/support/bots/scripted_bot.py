"""A bot on unmodified discord.py with one command of every kind."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Literal

import aiohttp
import discord
from discord import app_commands

Do = Callable[[discord.Interaction], Awaitable[object]]


class ScriptedBot(discord.Client):
    """Runs `do` for /do, a press, a choice or a modal; the rest are commands of their own."""

    def __init__(self, *, do: Do | None = None, intents: discord.Intents | None = None) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.02,  # discord.py waits so long for further guilds
        )
        self.tree = app_commands.CommandTree(self)
        self.do = do
        self.failed: list[BaseException] = []
        self.busy = 0
        self.ready = asyncio.Event()
        self.resumed = asyncio.Event()
        self.heard: list[discord.Message] = []
        _add_commands(self)
        _add_menus(self.tree)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """discord.py would wait five seconds here."""

    async def on_ready(self) -> None:
        self.ready.set()

    async def on_resumed(self) -> None:
        self.resumed.set()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type in (
            discord.InteractionType.component,
            discord.InteractionType.modal_submit,
        ):
            await self.run_do(interaction)

    async def run_do(self, interaction: discord.Interaction) -> None:
        assert self.do is not None
        self.busy += 1
        try:
            await self.do(interaction)
        except (discord.DiscordException, aiohttp.ClientError) as error:
            self.failed.append(error)
        finally:
            self.busy -= 1


def _add_commands(bot: ScriptedBot) -> None:
    tree = bot.tree

    @tree.command(name="do", description="Whatever the test says")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def do(interaction: discord.Interaction) -> None:
        await bot.run_do(interaction)

    @tree.command(description="Every kind of option")
    async def paint(
        interaction: discord.Interaction,
        prompt: app_commands.Range[str, 2, 20],
        count: app_commands.Range[int, 1, 4] = 1,
        strength: app_commands.Range[float, 0.0, 1.0] = 0.5,
        shape: Literal["square", "tall"] = "square",
        private: bool = False,
        person: discord.Member | None = None,
        place: discord.TextChannel | None = None,
        image: discord.Attachment | None = None,
        model: str = "",
    ) -> None:
        size = len(await image.read()) if image else 0
        said = [prompt, count, strength, shape, person and person.name, place and place.name]
        text = json.dumps([*said, image and [image.filename, image.width, size], model])
        await interaction.response.send_message(text, ephemeral=private)

    @paint.autocomplete("model")
    async def models(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        typed = interaction.namespace.prompt
        return [app_commands.Choice(name=f"{current}-{typed}", value=current.upper())]


def _add_menus(tree: app_commands.CommandTree[ScriptedBot]) -> None:
    account = app_commands.Group(name="account", description="Accounts")

    @account.command(description="Log in")
    async def login(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(f"logged in {name}", ephemeral=True)

    tree.add_command(account)

    @tree.context_menu(name="Gift kudos")
    async def gift(interaction: discord.Interaction, user: discord.Member) -> None:
        await interaction.response.send_message(f"for {user.name}")

    @tree.context_menu(name="Describe")
    async def describe(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"of {message.content}")
