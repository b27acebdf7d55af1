"""A small bot that is not ours, to see the page do everything that a bot can ask of it."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox import Urls
from tests.support.bots.page_bot_messages import SHOWCASE, DemoInteraction, Registered, picture_file

WORKING = 0.5  # seconds from the card to the picture
READY_IN = 90  # seconds, as the card's countdown says
FINDS = ["Amber", "Azure", "Basalt", "Cobalt", "Coral"]


class NameIt(ui.Modal, title="Name the picture"):
    """A text, a list and a file."""

    name = ui.Label(text="Name", component=ui.TextInput[Any](custom_id="name", min_length=3))
    mood = ui.Label(
        text="Mood",
        description="How it feels",
        component=ui.Select[Any](
            custom_id="mood",
            options=[discord.SelectOption(label="Calm"), discord.SelectOption(label="Wild")],
        ),
    )
    file = ui.Label(
        text="Sketch",
        component=ui.FileUpload[Any](custom_id="sketch", required=False),
    )

    async def on_submit(self, interaction: DemoInteraction) -> None:
        name, mood, sketch = self.name.component, self.mood.component, self.file.component
        assert isinstance(name, ui.TextInput)
        assert isinstance(mood, ui.Select)
        assert isinstance(sketch, ui.FileUpload)
        files = ", ".join(one.filename for one in sketch.values) or "nothing"
        text = f"{name.value} is {mood.values[0]} with {files}"
        await interaction.response.send_message(text, ephemeral=True)


class CardButtons(ui.ActionRow["Card"]):
    @ui.button(label="Again", style=discord.ButtonStyle.primary)
    async def again(self, interaction: DemoInteraction, _: ui.Button["Card"]) -> None:
        assert self.view is not None
        self.view.status.content = "Made **again**"
        await interaction.response.edit_message(view=self.view)

    @ui.button(label="Details")
    async def details(self, interaction: DemoInteraction, _: ui.Button["Card"]) -> None:
        await interaction.response.send_message("seed 42", ephemeral=True)

    @ui.button(label="Name it")
    async def name_it(self, interaction: DemoInteraction, _: ui.Button["Card"]) -> None:
        await interaction.response.send_modal(NameIt())

    @ui.button(label="Broken", style=discord.ButtonStyle.danger)
    async def broken(self, interaction: DemoInteraction, _: ui.Button["Card"]) -> None:
        """Never answers."""


class CardMenu(ui.ActionRow["Card"]):
    @ui.select(
        placeholder="Pick a size",
        custom_id="size",
        options=[discord.SelectOption(label="Small"), discord.SelectOption(label="Large")],
    )
    async def size(self, interaction: DemoInteraction, select: ui.Select["Card"]) -> None:
        await interaction.response.send_message(f"size {select.values[0]}", ephemeral=True)


class Card(ui.LayoutView):
    """A card as an image bot shows it: at first a progress, then a gallery."""

    def __init__(self, prompt: str, pictures: list[discord.File]) -> None:
        super().__init__(timeout=None)
        self.status = ui.TextDisplay["Card"](f"Working, ready <t:{int(time.time()) + READY_IN}:R>")
        body = ui.Container["Card"](ui.TextDisplay(prompt), self.status, accent_colour=0x2FA36B)
        if pictures:
            self.status.content = f"Done, {len(pictures)} of {len(pictures)}"
            items = [discord.MediaGalleryItem(one, description=prompt) for one in pictures]
            body.add_item(ui.MediaGallery(*items))
            body.add_item(ui.Separator())
            body.add_item(CardButtons())
            body.add_item(CardMenu())
        self.add_item(body)


class PageBot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        commands: list[Registered] = [imagine, secret, later, mute, repeat, wave]
        commands += SHOWCASE
        for command in commands:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()


@app_commands.command()
@app_commands.describe(prompt="What to draw", tint="A colour", count="How many", image="A start")
@app_commands.choices(shape=[app_commands.Choice(name="Tall", value="9:16")])
async def imagine(
    interaction: DemoInteraction,
    prompt: app_commands.Range[str, 3, 200],
    tint: str = "",
    shape: str = "1:1",
    count: app_commands.Range[int, 1, 4] = 1,
    image: discord.Attachment | None = None,
) -> None:
    """Make a picture."""
    facts = [prompt, tint, shape, image.filename if image else ""]
    said = " / ".join(fact for fact in facts if fact)
    await interaction.response.send_message(view=Card(said, []))
    await asyncio.sleep(WORKING)
    pictures = [picture_file(colour) for colour in ("teal", "plum", "tan", "navy")[:count]]
    await interaction.edit_original_response(view=Card(said, pictures), attachments=pictures)


@imagine.autocomplete("tint")
async def tints(_: DemoInteraction, typed: str) -> list[app_commands.Choice[str]]:
    found = [name for name in FINDS if typed.lower() in name.lower()]
    return [app_commands.Choice(name=name, value=name.lower()) for name in found]


@app_commands.command()
async def secret(interaction: DemoInteraction) -> None:
    """Only for you."""
    await interaction.response.send_message("a private word", ephemeral=True)


@app_commands.command()
async def later(interaction: DemoInteraction) -> None:
    """Think first."""
    await interaction.response.defer(thinking=True)
    await asyncio.sleep(WORKING)
    await interaction.edit_original_response(content="thought about it")


@app_commands.command()
async def mute(interaction: DemoInteraction) -> None:
    """Never answers."""


@app_commands.context_menu(name="Repeat")
async def repeat(interaction: DemoInteraction, message: discord.Message) -> None:
    await interaction.response.send_message(f"again: {message.id}", ephemeral=True)


@app_commands.context_menu(name="Wave")
async def wave(interaction: DemoInteraction, user: discord.User) -> None:
    await interaction.response.send_message(f"waves at {user.name}")


@asynccontextmanager
async def running_page_bot(urls: Urls) -> AsyncGenerator[PageBot]:
    """The bot, logged in to the sandbox and with its commands registered."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = urls.discord, yarl.URL(urls.gateway)
    bot = PageBot()
    task = asyncio.create_task(bot.start("demo-token-for-the-sandbox"))
    try:
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield bot
    finally:
        await bot.close()
        await task
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
